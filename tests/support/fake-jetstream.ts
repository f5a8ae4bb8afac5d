import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../server/clock.ts';

export interface FakeJetstream {
  url: string;
  httpUrl: string;
  /** Every attempt to subscribe: when by the test's clock, and with which cursor. */
  attempts: { at: number; query: URLSearchParams; plain: boolean }[];
  /** DIDs of every request for profiles. */
  profileRequests: string[][];
  profiles: Map<string, Record<string, unknown>>;
  /** Answers the next subscriptions so, before any WebSocket. */
  refuse(status: number, headers?: Record<string, string>, times?: number): void;
  refuseProfiles(status: number, headers?: Record<string, string>): void;
  /** Keeps the event and sends it to whoever is subscribed; with `quietly` it is only kept. */
  emit(event: Record<string, unknown>, quietly?: 'quietly'): void;
  /** Many at once, in as few writes as they fit into. */
  emitAll(events: readonly Record<string, unknown>[]): void;
  /** A text frame with this in it. */
  say(text: string): void;
  /** A frame written byte by byte. */
  sayInPieces(text: string): Promise<void>;
  /** What lies before what it keeps is gone, as after 36 hours. */
  forget(): void;
  /** Breaks the connections without a word. */
  cut(): void;
  /** Closes as the protocol says. */
  closeWith(code: number, reason: string): void;
  links(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A Jetstream (github.com/bluesky-social/jetstream, /subscribe) and, on the same port, an AppView's getProfiles. */
export async function openFakeJetstream({ clock }: { clock: Clock }): Promise<FakeJetstream> {
  const kept: Record<string, unknown>[] = [];
  const links = new Set<Duplex>();
  const waiters = new Set<() => void>();
  const attempts: FakeJetstream['attempts'] = [];
  const profileRequests: string[][] = [];
  const profiles = new Map<string, Record<string, unknown>>();
  let refusal: { status: number; headers: Record<string, string>; left: number } | null = null;
  let profileRefusal: { status: number; headers: Record<string, string> } | null = null;
  const changed = (): void => {
    for (const look of waiters) look();
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://jetstream.test');
    if (url.pathname.endsWith('getProfiles')) {
      const actors = url.searchParams.getAll('actors');
      profileRequests.push(actors);
      const refused = profileRefusal;
      profileRefusal = null;
      response.writeHead(refused?.status ?? 200, { 'content-type': 'application/json', ...refused?.headers });
      response.end(JSON.stringify({ profiles: actors.flatMap((did) => profiles.get(did) ?? []) }));
      return;
    }
    attempts.push({ at: clock.now(), query: url.searchParams, plain: true });
    response.writeHead(refusal?.status ?? 400, refusal?.headers ?? {});
    response.end('Bad Request');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const url = new URL(request.url ?? '/', 'http://jetstream.test');
    attempts.push({ at: clock.now(), query: url.searchParams, plain: false });
    socket.on('error', () => undefined);
    if (refusal !== null && refusal.left > 0) {
      refusal.left -= 1;
      const lines = Object.entries(refusal.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`,
      );
      return;
    }
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const cursor = url.searchParams.get('cursor');
    if (cursor !== null)
      for (const event of kept)
        if (Number(event.time_us) >= Number(cursor)) socket.write(frameOf(JSON.stringify(event)));
    links.add(socket);
    socket.on('data', (data: Buffer) => {
      if (((data[0] ?? 0) & 0x0f) === 8) socket.end(closeFrame(1000, ''));
    });
    socket.on('close', () => {
      links.delete(socket);
      changed();
    });
    changed();
  });

  const sendAll = (bytes: Buffer): void => {
    for (const socket of links) socket.write(bytes);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    httpUrl: `http://127.0.0.1:${port}`,
    attempts,
    profileRequests,
    profiles,
    refuse(status, headers = {}, times = 1) {
      refusal = { status, headers, left: times };
    },
    refuseProfiles(status, headers = {}) {
      profileRefusal = { status, headers };
    },
    emit(event, quietly) {
      kept.push(event);
      if (quietly === undefined) sendAll(frameOf(JSON.stringify(event)));
    },
    emitAll(events) {
      kept.push(...events);
      sendAll(Buffer.concat(events.map((event) => frameOf(JSON.stringify(event)))));
    },
    say: (text) => sendAll(frameOf(text)),
    async sayInPieces(text) {
      for (const byte of frameOf(text)) {
        sendAll(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    forget: () => void kept.splice(0),
    cut() {
      for (const socket of links) socket.destroy();
    },
    closeWith(code, reason) {
      for (const socket of links) socket.end(closeFrame(code, reason));
    },
    links(count) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (links.size !== count) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      });
    },
    close() {
      for (const socket of links) socket.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A post as Jetstream tells of it. */
export function aSkyPost(
  at: number,
  over: { did?: string; rkey?: string; record?: Record<string, unknown> } = {},
) {
  const { did = 'did:plc:ada', rkey = `k${at}`, record = {} } = over;
  return {
    did,
    time_us: at * 1_000,
    kind: 'commit',
    commit: {
      rev: '3l3qo2vutsw2b',
      operation: 'create',
      collection: 'app.bsky.feed.post',
      rkey,
      cid: 'bafyrei',
      record: {
        $type: 'app.bsky.feed.post',
        text: 'Kind people at Harbor Health',
        createdAt: new Date(at).toISOString(),
        langs: ['en'],
        ...record,
      },
    },
  };
}

export function aSkyDeletion(at: number, { did = 'did:plc:ada', rkey }: { did?: string; rkey: string }) {
  const commit = { rev: '3l', operation: 'delete', collection: 'app.bsky.feed.post', rkey };
  return { did, time_us: at * 1_000, kind: 'commit', commit };
}

/** `status`: takendown, suspended, deleted or deactivated. */
export function aSkyAccount(at: number, did: string, active: boolean, status?: string) {
  const account = {
    active,
    did,
    seq: 1,
    time: new Date(at).toISOString(),
    ...(status === undefined ? {} : { status }),
  };
  return { did, time_us: at * 1_000, kind: 'account', account };
}

function frameOf(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126) return Buffer.concat([Buffer.from([0x81, payload.length]), payload]);
  const head = Buffer.alloc(payload.length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  if (payload.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}

function closeFrame(code: number, reason: string): Buffer {
  const words = Buffer.from(reason);
  const payload = Buffer.alloc(2 + words.length);
  payload.writeUInt16BE(code, 0);
  words.copy(payload, 2);
  return Buffer.concat([Buffer.from([0x88, payload.length]), payload]);
}
