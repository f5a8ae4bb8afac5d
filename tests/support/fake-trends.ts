import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { TrendScopesAnswer, TrendsAnswer } from '../../shared/wire-trends.ts';
import {
  causesOf,
  heatmapOf,
  NO_ITEMS,
  NO_SUBSCRIBERS,
  SCOPES,
  trendsOf,
  whatIfOf,
} from './made-up-trends.ts';

const POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The history page's server in the states that a real one is in seldom: slow, failing, empty, huge, lost. */
export interface FakeTrends {
  url: string;
  /** What was asked, in order, without the scopes. */
  asked: string[];
  /** Answers of a path, of /api/trends unless another is named, are held back until `flow`. */
  hold(path?: string): void;
  flow(): void;
  /** Every answer is this refusal, until null. */
  refuse(message: string | null): void;
  /** Other places than the usual ones. */
  offer(scopes: TrendScopesAnswer['scopes']): void;
  /** Changes what is answered of series. */
  bend(how: ((answer: TrendsAnswer) => TrendsAnswer) | null): void;
  close(): Promise<void>;
}

/** Opens it on a port of the system's choice; the caller closes it. */
export async function openFakeTrends(client: string): Promise<FakeTrends> {
  const asked: string[] = [];
  let held: (() => void)[] | null = null;
  let heldPath = '/api/trends';
  let offered: TrendScopesAnswer = SCOPES;
  let refusal: string | null = null;
  let bent: ((answer: TrendsAnswer) => TrendsAnswer) | null = null;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (!url.pathname.startsWith('/api/')) return serve(client, url.pathname, response);
    if (!OTHERS.includes(url.pathname)) asked.push(url.pathname + url.search);
    if (held !== null && url.pathname === heldPath) {
      const waiting = held;
      await new Promise<void>((flow) => waiting.push(flow));
    }
    const say = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (refusal !== null) return say(503, { error: { code: 'unavailable', message: refusal } });
    if (url.pathname === '/api/trends/scopes') return say(200, offered);
    const words = Object.fromEntries(url.searchParams);
    const made = MADE[url.pathname];
    if (made === undefined)
      return say(404, { error: { code: 'unknown', message: 'There is no such thing.' } });
    const whole = made(words);
    say(200, bent === null || url.pathname !== '/api/trends' ? whole : bent(trendsOf(words)));
  };
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => {
    http.listen(0, '127.0.0.1', listening);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    hold(path = '/api/trends') {
      heldPath = path;
      held = [];
    },
    flow() {
      for (const flow of held ?? []) flow();
      held = null;
    },
    refuse(message) {
      refusal = message;
    },
    offer(scopes) {
      offered = { ...SCOPES, scopes };
    },
    bend(how) {
      bent = how;
    },
    close: () =>
      new Promise((closed) => {
        http.close(() => closed());
        http.closeAllConnections();
      }),
  };
}

type Words = Record<string, string>;

/** Asked whatever is chosen. */
const OTHERS = ['/api/trends/scopes', '/api/reports/subscribers'];

const MADE: Readonly<Record<string, (words: Words) => object>> = {
  '/api/trends': trendsOf,
  '/api/trends/heatmap': heatmapOf,
  '/api/trends/what-if': whatIfOf,
  '/api/trends/causes': causesOf,
  '/api/items': () => NO_ITEMS,
  '/api/reports/subscribers': () => NO_SUBSCRIBERS,
};

async function serve(client: string, path: string, response: ServerResponse): Promise<void> {
  const file = join(client, path === '/trends' ? 'index.html' : normalize(path));
  try {
    const body = await readFile(file);
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
