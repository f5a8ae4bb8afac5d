import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../server/clock.ts';

export interface FeedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** The socket is closed after so many bytes of the body. */
  cutAfter?: number;
  /** Never answers. */
  hang?: boolean;
}

export interface FakeFeed {
  url: string;
  attempts: { at: number; path: string; headers: IncomingHttpHeaders }[];
  /** What is answered from now on. */
  answer(how: FeedAnswer | ((path: string, headers: IncomingHttpHeaders) => FeedAnswer)): void;
  /** A feed as RFC 9110 has it: with an ETag of its content, answering 304 to who has it. */
  serve(body: string): void;
  /** Resolves after so many attempts. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openFakeFeed({ clock }: { clock: Clock }): Promise<FakeFeed> {
  const attempts: FakeFeed['attempts'] = [];
  const waiters = new Set<() => void>();
  let how: FeedAnswer | ((path: string, headers: IncomingHttpHeaders) => FeedAnswer) = { status: 404 };
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    attempts.push({ at: clock.now(), path, headers: request.headers });
    const {
      status = 200,
      headers = {},
      body = '',
      cutAfter,
      hang,
    } = typeof how === 'function' ? how(path, request.headers) : how;
    response.on('close', () => {
      for (const look of waiters) look();
    });
    if (hang === true) return;
    const bytes = Buffer.from(body);
    response.writeHead(status, { 'content-type': 'application/rss+xml; charset=utf-8', ...headers });
    if (cutAfter === undefined) {
      response.end(bytes);
      return;
    }
    response.write(bytes.subarray(0, cutAfter), () => setImmediate(() => response.socket?.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.xml`,
    attempts,
    answer(next) {
      how = next;
    },
    serve(body) {
      const etag = `"${body.length}-${body.split('').reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)}"`;
      how = (_, headers) =>
        headers['if-none-match'] === etag ? { status: 304, headers: { etag } } : { headers: { etag }, body };
    },
    asked(count) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (attempts.length < count) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An RSS 2.0 feed of these items. */
export function rss(
  items: readonly string[],
  channel = '<title>Reviews</title><language>en</language>',
): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>${channel}${items.join('\n')}</channel></rss>`;
}

export function rssItem(
  at: number | null,
  { id = `r${at}`, title = 'Kind people', text = `Seen at ${at}` } = {},
): string {
  const date = at === null ? '' : `<pubDate>${new Date(at).toUTCString()}</pubDate>`;
  return `<item><guid isPermaLink="false">${id}</guid><title>${title}</title><description>${text}</description>${date}</item>`;
}
