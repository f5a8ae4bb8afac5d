import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { ask } from '../outgoing/ask.ts';
import { addressesOf, type Reach } from '../outgoing/reach.ts';
import type { Picture } from '../store/voice.ts';
import { readPicture } from './picture.ts';

export const PICTURE_BYTES_MAX = 256 * 1_024;
/** For one picture with all its redirects. */
export const PICTURE_WITHIN_MS = 8 * SECOND;
export const REDIRECTS_MAX = 3;

/**
 * Fetches a picture that a stranger named, or says in words why there is none. Only https, only by name, and every
 * address that the name or a redirect leads to must be one that may be asked: it is looked up once, and the connection
 * goes to just the address that was looked at.
 */
export async function fetchPicture(
  url: string,
  { clock, reach, stop }: { clock: Clock; reach: Reach; stop: AbortSignal },
): Promise<Picture | { trouble: string }> {
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  const late = clock.sleep(PICTURE_WITHIN_MS, until).then(() => {
    over.abort();
    return { trouble: 'It took too long.' };
  });
  try {
    return await Promise.race([follow(url, reach, until), late]);
  } catch (error) {
    if (error instanceof NoPicture) return { trouble: error.message };
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
    return { trouble: `It could not be fetched (${code}).` };
  } finally {
    over.abort();
    await late;
  }
}

const asked = { accept: 'image/webp,image/png,image/jpeg,image/gif', 'user-agent': 'First-Ring' };

/** There is no picture, and the message says why. */
class NoPicture extends Error {}

async function follow(from: string, reach: Reach, stop: AbortSignal): Promise<Picture> {
  let url = from;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const target = URL.parse(url);
    if (target === null || target.protocol !== 'https:') throw new NoPicture('Its address is not https.');
    const response = await ask(target, await addressesIn(target, reach), { headers: asked, stop });
    const { statusCode = 0, headers } = response;
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined)
      return pictureIn(response, statusCode);
    response.destroy();
    url = URL.parse(headers.location, target.href)?.href ?? '';
  }
  throw new NoPicture('It is redirected again and again.');
}

async function addressesIn(target: URL, reach: Reach): Promise<string[]> {
  const host = target.hostname;
  if (target.username !== '' || host === '' || host.startsWith('[') || isIP(host) !== 0)
    throw new NoPicture('Its address names no host.');
  const addresses = await addressesOf(host, target.port === '' ? 443 : Number(target.port), reach);
  if (addresses === null) throw new NoPicture('Its address is not on the public internet.');
  return addresses;
}

async function pictureIn(response: IncomingMessage, status: number): Promise<Picture> {
  try {
    const { 'content-type': type = '', 'content-length': length = '0' } = response.headers;
    if (status !== 200) throw new NoPicture(`It was answered ${status}.`);
    if (!/^image\/(png|jpe?g|gif|webp)\b/i.test(type)) throw new NoPicture('It is called no picture.');
    const tooLarge = `It is larger than ${PICTURE_BYTES_MAX / 1_024} KB.`;
    if (Number(length) > PICTURE_BYTES_MAX) throw new NoPicture(tooLarge);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > PICTURE_BYTES_MAX) throw new NoPicture(tooLarge);
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const read = readPicture(bytes);
    if ('trouble' in read) throw new NoPicture(read.trouble);
    return { type: read.type, bytes };
  } finally {
    response.destroy();
  }
}
