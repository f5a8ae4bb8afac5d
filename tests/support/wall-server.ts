import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import { chimeTone } from '../../server/http/chime-tone.ts';
import type { Snapshot } from '../../shared/figure.ts';

const POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const BEAT_MS = 1_000;

/** Serves the built client and pushes one snapshot, as the real server pushes: on joining, at a change, and all the time. */
export interface WallServer {
  url: string;
  /** What each board asked for when it connected. */
  boards: (string | null)[];
  show(snapshot: Snapshot): void;
  /** Stops pushing while the connection stands. */
  hush(): void;
  /** Breaks every connection and takes no new one until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens it on a port of the system's choice; the caller closes it. */
export async function openWallServer(client: string, first: Snapshot): Promise<WallServer> {
  let shown = first;
  let quiet = false;
  let broken = false;
  const boards: (string | null)[] = [];
  const http = createServer((request, response) => void serve(client, request.url ?? '/', response));
  const sockets = new Server(http, {
    serveClient: false,
    allowRequest: (_request, done) => done(null, !broken),
  });
  sockets.on('connection', (socket) => {
    const { board } = socket.handshake.query;
    boards.push(typeof board === 'string' ? board : null);
    if (!quiet) socket.emit('snapshot', shown);
  });
  const beat = setInterval(() => {
    if (!quiet) sockets.emit('snapshot', shown);
  }, BEAT_MS);
  await new Promise<void>((listening) => {
    http.listen(0, '127.0.0.1', listening);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    boards,
    show(snapshot) {
      shown = snapshot;
      quiet = false;
      sockets.emit('snapshot', shown);
    },
    hush() {
      quiet = true;
    },
    cut() {
      broken = true;
      sockets.disconnectSockets(true);
    },
    mend() {
      broken = false;
    },
    async close() {
      clearInterval(beat);
      await sockets.close();
    },
  };
}

async function serve(client: string, url: string, response: ServerResponse): Promise<void> {
  const path = normalize(new URL(url, 'http://wall').pathname);
  const file = join(client, /^\/wall(\/[^/]*)?$/.test(path) ? 'index.html' : path);
  if (path === '/api/who')
    return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"admin":false}');
  if (path.startsWith('/chimes/'))
    return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(chimeTone());
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
