import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Batch, createBatch, type Taking } from './batch.ts';
import { chunksOf, type Held, readBody } from './body.ts';
import { bearerOf, createIngestTokens, type SourceOf } from './ingest-tokens.ts';
import { readJson } from './json.ts';
import { ITEMS_MAX, JSON_BODY_MAX_BYTES, OPEN_REQUESTS_MAX, SAVE_MAX } from './limits.ts';
import { createLines, type Line } from './lines.ts';
import { sendFailure, sendJson } from './send.ts';
import { isBug, Refused } from './status.ts';
import type { Tries } from './tries.ts';

export interface FactsNeeds extends Taking {
  /** Sources that may post facts, each with its token. */
  senders: readonly { id: string; token: string }[];
  /** Demo data is never mixed with real: nothing is taken. */
  demo: boolean;
  tries: Tries;
}

/**
 * POST /api/facts, without Express, which would cost more than all of the rest. The answer comes after the last
 * commit; good facts of a bad batch are kept.
 */
export function createFacts(needs: FactsNeeds): (request: IncomingMessage, response: ServerResponse) => void {
  const sourceOf = createIngestTokens(needs.senders);
  const held: Held = { bytes: 0 };
  let open = 0;
  return (request, response) => {
    open += 1;
    if (open > OPEN_REQUESTS_MAX) {
      open -= 1;
      const message = `More than ${OPEN_REQUESTS_MAX} requests at a time. Try again in a second, or send several facts in one request.`;
      return sendFailure(request, response, new Refused('too_many', message, { retryAfterS: 1 }));
    }
    takeRequest(needs, sourceOf, held, request)
      .then((batch) => sendJson(response, 200, batch.answer()))
      .catch((error: unknown) => {
        if (isBug(error)) needs.log.error({ err: error }, 'facts not taken');
        sendFailure(request, response, error);
      })
      .finally(() => {
        open -= 1;
      });
  };
}

async function takeRequest(
  needs: FactsNeeds,
  sourceOf: SourceOf,
  held: Held,
  request: IncomingMessage,
): Promise<Batch> {
  if (request.method !== 'POST')
    throw new Refused('not_allowed', 'Facts are sent with POST.', { allow: 'POST' });
  if (needs.demo) {
    throw new Refused(
      'forbidden',
      'This is the demo; it takes no real facts. Write a first-ring.yaml with your queues and an http source, and start again.',
    );
  }
  const source = senderOf(needs, sourceOf, request);
  const form = formOf(request);
  const lines = form === 'lines';
  const batch = createBatch(needs, source, lines ? 1 : 0);
  if (lines) await takeLines(batch, request);
  else await takeJson(batch, await readBody(request, JSON_BODY_MAX_BYTES, held, needs.clock));
  return batch;
}

function senderOf(needs: FactsNeeds, sourceOf: SourceOf, request: IncomingMessage): string {
  const token = bearerOf(request.headers.authorization);
  if (token === null) {
    throw new Refused(
      'unauthenticated',
      "Send the source's token: Authorization: Bearer <token>. Tokens are set with the http sources in first-ring.yaml.",
    );
  }
  const source = sourceOf(token);
  if (source !== null) return source;
  needs.tries.check(request.socket.remoteAddress);
  needs.tries.wrong(request.socket.remoteAddress);
  throw new Refused(
    'unauthenticated',
    'No source has this token. Tokens are set with the http sources in first-ring.yaml.',
  );
}

function formOf(request: IncomingMessage): 'json' | 'lines' {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refused(
      'unsupported',
      `Content-Encoding ${encoding} is not read here. Send the body as it is, uncompressed.`,
    );
  }
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw new Refused('unsupported', `The body must be UTF-8, not ${charset.slice('charset='.length)}.`);
  }
  if (type.trim() === 'application/json') return 'json';
  if (type.trim() === 'application/x-ndjson') return 'lines';
  const given =
    type.trim() === '' ? 'No Content-Type was given' : `Content-Type ${type.trim()} is not read here`;
  throw new Refused(
    'unsupported',
    `${given}. Send application/json (one fact or an array) or application/x-ndjson (one fact a line).`,
  );
}

async function takeJson(batch: Batch, body: Buffer): Promise<void> {
  if (body.length === 0) throw empty();
  if (!isUtf8(body)) throw new Refused('invalid', 'The body is not valid UTF-8.');
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  const read = readJson(text);
  if (!read.ok) throw new Refused('invalid', `The body ${read.reason}.`);
  const items: unknown[] = Array.isArray(read.value) ? read.value : [read.value];
  if (items.length > ITEMS_MAX) {
    throw new Refused(
      'too_large',
      `The array has ${items.length} facts; at most ${ITEMS_MAX} may come at once. NDJSON (application/x-ndjson) may be of any length.`,
    );
  }
  for (const [index, item] of items.entries()) {
    const flaw = read.flaws.get(index);
    if (flaw !== undefined) batch.refuse(flaw.field, flaw.reason);
    else batch.take(item);
    if ((index + 1) % SAVE_MAX === 0) await saveAndYield(batch);
  }
  await batch.save();
}

async function takeLines(batch: Batch, request: IncomingMessage): Promise<void> {
  const lines = createLines();
  let received = 0;
  const takeAll = async (some: readonly Line[]): Promise<void> => {
    for (const [index, line] of some.entries()) {
      takeLine(batch, line);
      if ((index + 1) % SAVE_MAX === 0) await saveAndYield(batch);
    }
    await batch.save();
  };
  for await (const chunk of chunksOf(request)) {
    received += chunk.length;
    await takeAll(lines.push(chunk));
  }
  await takeAll(lines.end());
  if (received === 0) throw empty();
}

function takeLine(batch: Batch, line: Line): void {
  if ('flaw' in line) batch.refuse(null, line.flaw);
  else if (line.text.trim() === '') batch.skip();
  else {
    const read = readJson(line.text);
    const flaw = read.ok ? read.flaws.get(0) : { field: null, reason: read.reason };
    if (flaw !== undefined) batch.refuse(flaw.field, flaw.reason);
    else if (read.ok) batch.take(read.value);
  }
}

/** Saving gives others a turn by itself; a long run of refused facts has to do it on purpose. */
async function saveAndYield(batch: Batch): Promise<void> {
  if (batch.waiting() === 0) await nextTurn();
  await batch.save();
}

function empty(): Refused {
  return new Refused('invalid', 'The body is empty. Send one fact, an array of facts, or one fact a line.');
}
