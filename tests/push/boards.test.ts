import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, type Socket as NetSocket } from 'node:net';
import { Server } from 'socket.io';
import { io as connectClient, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { Log } from '../../server/log.ts';
import { type Boards, createBoards } from '../../server/push/boards.ts';
import { WAITING_MAX_BYTES } from '../../server/push/slow-reader.ts';
import { BOARD_FRAME_MAX_BYTES, boardServerOptions } from '../../server/push/socket-options.ts';
import type { Snapshot } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { aSnapshot } from './a-snapshot.ts';

const START = Date.parse('2026-11-17T10:00:00.000Z');

interface Running {
  boards: Boards;
  clock: TestClock;
  io: Server;
  http: HttpServer;
  logged: { level: string; said: unknown[] }[];
  made: string[];
  port: number;
  client: (query: Record<string, string>) => Client;
}
interface Client {
  socket: Socket;
  got: Snapshot[];
  /** Resolves when `count` snapshots have come in all. */
  until(count: number): Promise<void>;
}

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  refresh: (board: string, now: Instant) => Snapshot | Promise<Snapshot> = aSnapshot,
  nextChangeAt: (now: Instant) => Instant = () => Number.POSITIVE_INFINITY,
  clock = createTestClock(START),
): Promise<Running> {
  const http = createServer();
  const io = new Server(http, boardServerOptions);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const logged: Running['logged'] = [];
  const made: string[] = [];
  const boards = createBoards({
    io,
    clock,
    boards: ['support', 'sales'],
    refresh(board, now) {
      made.push(`${board} ${now - START}`);
      return refresh(board, now);
    },
    nextChangeAt,
    log: aLog(logged),
  });
  const stopping = new AbortController();
  const running = boards.run(stopping.signal);
  closing.push(async () => {
    stopping.abort();
    await running;
    await io.close();
  });
  const client = (query: Record<string, string>): Client => {
    const socket = connectClient(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      query,
      forceNew: true,
      reconnection: false,
    });
    closing.push(async () => socket.close());
    return listen(socket);
  };
  return { boards, clock, io, http, logged, made, port, client };
}

function listen(socket: Socket): Client {
  const got: Snapshot[] = [];
  socket.on('snapshot', (snapshot: Snapshot) => got.push(snapshot));
  return {
    socket,
    got,
    async until(count) {
      while (got.length < count) await once(socket as unknown as NodeJS.EventEmitter, 'snapshot');
    },
  };
}

function aLog(logged: Running['logged']): Log {
  const at =
    (level: string) =>
    (...said: unknown[]) => {
      logged.push({ level, said });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), fatal: at('fatal') };
}

describe('boards', () => {
  it('give a newcomer the whole snapshot at once, then each change', async () => {
    let ringing = 0;
    const { boards, clock, client } = await start((board, now) =>
      aSnapshot(board, now, { board: { id: board, name: `${ringing} ringing`, place: null } }),
    );
    const wall = client({ board: 'support' });
    await wall.until(1);
    expect(wall.got[0]?.board).toEqual({ id: 'support', name: '0 ringing', place: null });
    await clock.advance(2_000);
    ringing = 1;
    boards.changed();
    await wall.until(2);
    expect(wall.got[1]).toMatchObject({ at: START + 2_000, board: { name: '1 ringing' } });
  });

  it('send each client its own board only, and the first one to a client that names none', async () => {
    const { boards, clock, client } = await start();
    const [support, sales, unnamed] = [client({ board: 'support' }), client({ board: 'sales' }), client({})];
    await Promise.all([support, sales, unnamed].map((wall) => wall.until(1)));
    await clock.advance(1_000);
    boards.changed();
    await Promise.all([support, sales, unnamed].map((wall) => wall.until(2)));
    expect(support.got.map(({ board }) => board.id)).toEqual(['support', 'support']);
    expect(sales.got.map(({ board }) => board.id)).toEqual(['sales', 'sales']);
    expect(unnamed.got.map(({ board }) => board.id)).toEqual(['support', 'support']);
  });

  it('make one snapshot of each watched board, however many watch it', async () => {
    const { boards, clock, made, client } = await start();
    const walls = Array.from({ length: 5 }, () => client({ board: 'support' }));
    await Promise.all(walls.map((wall) => wall.until(1)));
    await clock.advance(1_000);
    made.length = 0;
    boards.changed();
    await Promise.all(walls.map((wall) => wall.until(2)));
    expect(made).toEqual(['support 1000']);
  });

  it('give a newcomer in a quiet time a snapshot of now, not the last one', async () => {
    const { clock, client } = await start();
    await clock.advance(4_000);
    const wall = client({ board: 'support' });
    await wall.until(1);
    expect(wall.got[0]?.at).toBe(START + 4_000);
  });

  it('move at the instant at which time alone changes a figure', async () => {
    const lostAt = START + 1_777;
    const { clock, client } = await start(aSnapshot, (now) =>
      now < lostAt ? lostAt : Number.POSITIVE_INFINITY,
    );
    const wall = client({ board: 'support' });
    await wall.until(1);
    await clock.moveTo(lostAt - 1);
    expect(wall.got).toHaveLength(1);
    await clock.moveTo(lostAt);
    await wall.until(2);
    expect(wall.got[1]?.at).toBe(lostAt);
  });

  it('are moved within milliseconds of that instant by the real clock', { retry: 3 }, async () => {
    const lostAt = Date.now() + 400;
    const { client } = await start(aSnapshot, (now) => (now < lostAt ? lostAt : Number.POSITIVE_INFINITY), {
      ...createTestClock(START),
      ...systemClock,
    });
    const wall = client({ board: 'support' });
    await wall.until(1);
    await wall.until(2);
    const arrivedAt = Date.now();
    expect(wall.got[1]?.at).toBeGreaterThanOrEqual(lostAt);
    expect(wall.got[1]?.at).toBeLessThan(lostAt + 20);
    expect(arrivedAt - lostAt).toBeLessThan(60);
  });

  it('refuse a board that does not exist, with the reason', async () => {
    const { boards, client } = await start();
    const { socket, got } = client({ board: 'kitchen' });
    const emitter = socket as unknown as NodeJS.EventEmitter;
    const [[refusal], [reason]] = await Promise.all([once(emitter, 'refused'), once(emitter, 'disconnect')]);
    expect(refusal).toMatchObject({ code: 'not_found', message: expect.stringContaining('no such board') });
    expect(reason).toBe('io server disconnect');
    expect(got).toEqual([]);
    expect(boards.counts()).toMatchObject({ refused: 1, watching: 0 });
  });

  it('ignore and count whatever a client sends', async () => {
    const { boards, clock, client } = await start();
    const wall = client({ board: 'support' });
    await wall.until(1);
    wall.socket.emit('snapshot', { at: 0 });
    wall.socket.emit('join', 'board:sales');
    await expect.poll(() => boards.counts().ignored).toBe(2);
    await clock.advance(1_000);
    boards.changed();
    await wall.until(2);
    expect(wall.got.map(({ board }) => board.id)).toEqual(['support', 'support']);
  });

  it('drop a client that sends an oversize frame, and nobody else', async () => {
    const { boards, clock, client } = await start();
    const [rude, wall] = [client({ board: 'support' }), client({ board: 'support' })];
    await Promise.all([rude.until(1), wall.until(1)]);
    const dropped = once(rude.socket as unknown as NodeJS.EventEmitter, 'disconnect');
    rude.socket.emit('essay', 'x'.repeat(BOARD_FRAME_MAX_BYTES + 1));
    await dropped;
    await clock.advance(1_000);
    boards.changed();
    await wall.until(2);
    expect(wall.socket.connected).toBe(true);
    expect(boards.counts()).toMatchObject({ watching: 1, ignored: 0 });
  });

  it('say when a refresh fails, send nothing old instead, and go on with the next', async () => {
    let broken = false;
    const { boards, clock, logged, client } = await start((board, now) => {
      if (broken && board === 'support') throw new Error('the store is gone');
      return aSnapshot(board, now);
    });
    const [support, sales] = [client({ board: 'support' }), client({ board: 'sales' })];
    await Promise.all([support.until(1), sales.until(1)]);
    broken = true;
    await clock.advance(1_000);
    boards.changed();
    await sales.until(2);
    const late = client({ board: 'support' });
    await expect.poll(() => boards.counts().watching).toBe(3);
    await clock.advance(10);
    expect(support.got).toHaveLength(1);
    expect(late.got).toEqual([]);
    expect(logged.filter(({ level }) => level === 'error')[0]?.said[0]).toMatchObject({
      board: 'support',
      err: expect.objectContaining({ message: 'the store is gone' }),
    });
    broken = false;
    await clock.advance(5_000);
    await Promise.all([support.until(2), late.until(1)]);
    expect(late.got[0]?.at).toBeGreaterThan(START + 5_000);
  });

  it('cut a reader that does not read, and keep on sending to the others', async () => {
    const filling = 'x'.repeat(WAITING_MAX_BYTES / 4);
    const { boards, clock, port, client } = await start((board, now) =>
      aSnapshot(board, now, { build: filling }),
    );
    const wall = client({ board: 'sales' });
    await wall.until(1);
    const stuck = await openStuckReader(port, 'support');
    await expect.poll(() => boards.counts().watching).toBe(2);
    for (let round = 0; round < 200 && boards.counts().slow === 0; round += 1) {
      await clock.advance(1_000);
      boards.changed();
      await wall.until(wall.got.length + 1);
    }
    expect(boards.counts()).toMatchObject({ slow: 1 });
    await expect.poll(() => boards.counts().watching).toBe(1);
    stuck.destroy();
  });
});

/** A client by hand that says who it is and never reads again. */
async function openStuckReader(port: number, board: string): Promise<NetSocket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const key = Buffer.from('sixteen bytes ok').toString('base64');
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket&board=${board} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await once(socket, 'data');
  // A masked text frame with a mask of zeros: Engine.IO message 4, Socket.IO connect 0.
  socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x34, 0x30]));
  socket.pause();
  return socket;
}
