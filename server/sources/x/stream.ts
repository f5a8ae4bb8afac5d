import type { Readable } from 'node:stream';
import type { TweetStream } from 'twitter-api-v2';
import { troubleOf, XTrouble } from './trouble.ts';

/** Who listens to the stream. */
export interface StreamNeeds {
  /** One whole message. What it throws breaks the stream. */
  hear(payload: unknown): void;
  /** Something came: a message, a part of one, or the keep-alive that X sends every 20 s. */
  sign(): void;
  /** A line that is no JSON. */
  refuse(reason: string): void;
}

/** The one connection to the filtered stream. */
export interface XStream {
  pause(): void;
  resume(): void;
  close(): void;
  /** Rejects when the connection breaks; never resolves. */
  broken: Promise<never>;
}

/** Connects; resolves when X has taken the connection. Reconnecting is not its business. */
export async function connectStream(stream: TweetStream, needs: StreamNeeds): Promise<XStream> {
  const { ETwitterStreamEvent: names } = await import('twitter-api-v2');
  const { promise: broken, reject } = Promise.withResolvers<never>();
  // It may break before anybody listens, and is told to whoever does.
  broken.catch(() => undefined);
  const body = (): Readable | undefined => (stream as unknown as { res?: Readable }).res;
  const hear = (payload: unknown): void => {
    // The library's parser takes whatever is thrown here for a line that it could not read.
    try {
      needs.hear(payload);
    } catch (error) {
      reject(error);
    }
  };
  stream.on(names.Connected, () => {
    // Without this a character that two chunks share is lost: the library decodes each chunk on its own.
    body()?.setEncoding('utf8');
    // Any byte counts: the library names no event for half a message, nor for two keep-alives in one chunk.
    body()?.on('data', () => needs.sign());
  });
  stream.on(names.Data, hear);
  stream.on(names.DataError, hear);
  stream.on(names.TweetParseError, () => needs.refuse('a line that is no JSON'));
  stream.on(names.ConnectionError, (error: unknown) => reject(troubleOf({ requestError: error }, 'stream')));
  stream.on(names.ConnectionClosed, () =>
    reject(new XTrouble('The stream of X was closed.', { kind: 'network' })),
  );
  await stream.connect({ autoReconnect: false, keepAliveTimeout: 'disable' });
  return {
    pause: () => void body()?.pause(),
    resume: () => void body()?.resume(),
    close: () => stream.close(),
    broken,
  };
}
