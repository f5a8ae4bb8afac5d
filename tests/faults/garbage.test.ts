import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../shared/figure.ts';
import { type Probed, startProbed } from '../support/probe.ts';
import { openRawBoard } from '../support/raw-board.ts';
import { openRudeServer } from '../support/rude-server.ts';

/** How often each fuzzer throws something; FUZZ_RUNS=2000 for a long evening. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 40);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122);
const WITHIN_MS = 30_000 + RUNS * 600;
/** What is held after the garbage may be this much of what was held before it. */
const GROWTH_MAX = 1.1;

const SENDER = 'a-token-for-the-shop-that-is-long';
const TV = 'a-token-for-the-television';
const env = {
  SHOP_TOKEN: SENDER,
  AMI_SECRET: 'not-a-real-secret',
  FIRST_RING_TV_TOKEN: TV,
  LOG_LEVEL: 'fatal',
};
const NOBODY_LISTENS = 9;
const configuration = (port: number): string => `
site: { name: Garbage, zone: UTC, country: us, hours: always }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }] }]
boards: [{ id: all, name: Support, show: site }]
sources:
  - { id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones] }
  - { id: pbx, kind: asterisk, host: 127.0.0.1, port: ${port}, user: firstring, secret: "\${AMI_SECRET}" }
`;

/** Bytes as vandals make them: noise, and what is meant with bytes changed, cut out, doubled. */
function garbled(meant: readonly string[]): fc.Arbitrary<Buffer> {
  const noise = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
  const spoilt = fc
    .tuple(
      fc.constantFrom(...meant),
      fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('set', 'cut', 'double')), { maxLength: 8 }),
    )
    .map(([text, changes]) => changes.reduce(spoil, Buffer.from(text)));
  return fc.oneof({ arbitrary: noise, weight: 1 }, { arbitrary: spoilt, weight: 3 });
}

function spoil(bytes: Buffer, [place, value, how]: [number, number, string]): Buffer {
  if (bytes.length === 0) return bytes;
  const at = place % bytes.length;
  if (how === 'cut') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + (value % 16))]);
  if (how === 'double')
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - value))]);
  const changed = Buffer.from(bytes);
  changed[at] = value;
  return changed;
}

let firstRing: Probed;

beforeAll(async () => {
  firstRing = await startProbed(configuration(NOBODY_LISTENS), env);
});

afterAll(() => firstRing[Symbol.asyncDispose]());

/** Throws garbage, first to warm up, then to see what stays; and that the wall is still there afterwards. */
async function throwAll<T>(
  garbage: fc.Arbitrary<T>,
  one: (piece: T) => Promise<void>,
  at = firstRing,
): Promise<void> {
  const all = (numRuns: number, seed: number) =>
    fc.assert(fc.asyncProperty(garbage, one), { numRuns, seed, endOnFailure: true });
  await all(Math.ceil(RUNS / 2), SEED + 1);
  const before = await at.health();
  await all(RUNS, SEED);
  // What lingers by a limit of time (an idle connection) is let go.
  await expect
    .poll(async () => (await at.health()).heldBytes / before.heldBytes, { timeout: 10_000 })
    .toBeLessThan(GROWTH_MAX);
  expect((await at.health()).uncaught).toEqual([]);
  expect(at.exitCode()).toBeNull();
  const response = await fetch(`${at.url}/api/snapshot/all`, {
    headers: { authorization: `Bearer ${TV}` },
  });
  expect(((await response.json()) as Snapshot).board.id).toBe('all');
}

/** Sends the bytes on a connection of their own and resolves with what came back until it was over or idle. */
async function exchange(bytes: Buffer): Promise<string> {
  const socket = connect(firstRing.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => socket.destroy());
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.end(bytes);
  const timer = setTimeout(() => socket.destroy(), 2_000);
  if (!socket.closed) await once(socket, 'close');
  clearTimeout(timer);
  return answer;
}

const facts = [
  { kind: 'offered', call: 'c1', at: 1_795_326_057_058, queue: 'support' },
  { kind: 'alert', call: 'c1', at: 1_795_326_058_058, agent: '101' },
  { kind: 'end', call: 'c1', at: 1_795_326_059_058, why: 'hangup' },
];

describe(`garbage, ${RUNS} pieces from seed ${SEED}`, () => {
  const head = (more: string) =>
    `POST /api/facts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${SENDER}\r\nConnection: close\r\n${more}\r\n`;
  const json = JSON.stringify(facts);
  const lines = facts.map((fact) => `${JSON.stringify(fact)}\n`).join('');

  it('as HTTP requests, headers and all, is answered with 4xx or taken, never with 5xx', {
    timeout: WITHIN_MS,
  }, async () => {
    const meant = [
      `${head(`Content-Type: application/json\r\nContent-Length: ${json.length}\r\n`)}${json}`,
      `${head('Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n')}${lines.length.toString(16)}\r\n${lines}\r\n0\r\n\r\n`,
      `GET /api/snapshot/all?x=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TV}\r\nConnection: close\r\n\r\n`,
      'GET /wall/%2e%2e/%zz HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; =; ;\r\nConnection: close\r\n\r\n',
      'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\nConnection: close\r\n\r\npassword=abc',
    ];
    await throwAll(garbled(meant), async (bytes) => {
      const status = /^HTTP\/1\.1 (\d)/.exec(await exchange(bytes))?.[1] ?? '4';
      expect('234').toContain(status);
    });
  });

  it('as bodies of JSON is refused item by item, in words', { timeout: WITHIN_MS }, async () => {
    const odd = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify([{ ...facts[0], call: value, at: value }]))),
      garbled([json]),
      fc.nat(5_000).map((depth) => Buffer.from('['.repeat(depth))),
    );
    await throwAll(odd, (body) => post('application/json', body));
  });

  it('as streams of NDJSON is refused line by line, in words', { timeout: WITHIN_MS }, async () => {
    const odd = fc.oneof(
      garbled([lines.repeat(5)]),
      fc.nat(200_000).map((length) => Buffer.alloc(length, 0x78)),
      fc.array(fc.json()).map((values) => Buffer.from(values.join('\n'))),
    );
    await throwAll(odd, (body) => post('application/x-ndjson', body));
  });

  it('as frames of a board ends that board at most', { timeout: WITHIN_MS }, async () => {
    const meant = [
      '0',
      '40',
      '41',
      '42["snapshot",{}]',
      '450-["x",{"_placeholder":true,"num":0}]',
      '3',
      '2',
      '6',
    ];
    const frames = fc.array(fc.tuple(garbled(meant), fc.constantFrom(1, 1, 1, 2, 8, 9, 10, 3)), {
      maxLength: 6,
    });
    const odd = fc.oneof(
      fc.record({ frames, raw: fc.constant(Buffer.alloc(0)) }),
      fc.record({ frames: fc.constant([]), raw: garbled(['\x81\x82\0\0\0\x0040']) }),
    );
    await throwAll(odd, async ({ frames: sent, raw }) => {
      const board = await openBoard();
      board.send('40');
      for (const [data, opcode] of sent) board.send(data, opcode);
      board.sendRaw(raw);
      await new Promise((resolve) => setTimeout(resolve, 5));
      board.socket.destroy();
    });
    const board = await openBoard();
    board.send('40');
    await expect.poll(() => board.heard()).toContain('42["snapshot",');
    board.socket.destroy();
  });

  it('from a PBX is skipped, and the PBX tried again', { timeout: WITHIN_MS }, async () => {
    const event =
      'Event: Newchannel\r\nPrivilege: call,all\r\nChannel: PJSIP/trunk-1\r\nChannelStateDesc: Ring\r\nContext: from-trunk\r\nExten: 5550101\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\n\r\n';
    const welcome = 'Response: Success\r\nActionID: first-ring-1\r\nMessage: Authentication accepted\r\n\r\n';
    const said = fc.array(garbled([event, event.repeat(3), welcome + event, 'Response: Follows\r\n']), {
      maxLength: 4,
    });
    let says: Buffer[] = [];
    await using pbx = await openRudeServer((socket) => {
      for (const bytes of says) socket.write(bytes);
      socket.end();
    });
    // Its clock runs fast, so that a lost PBX is tried again at once.
    await using follower = await startProbed(configuration(pbx.port), { ...env, SPEED: '1000' });
    const one = async (pieces: Buffer[]): Promise<void> => {
      says = [Buffer.from(`Asterisk Call Manager/11.0.0\r\n${welcome}`), ...pieces];
      const calls = pbx.calls();
      await expect.poll(() => pbx.calls(), { interval: 5, timeout: 5_000 }).toBeGreaterThan(calls);
    };
    await throwAll(said, one, follower);
  });

  const openBoard = () => openRawBoard(firstRing.port, 'board=all', `Authorization: Bearer ${TV}\r\n`);

  async function post(type: string, body: Buffer): Promise<void> {
    const response = await fetch(`${firstRing.url}/api/facts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SENDER}`, 'content-type': type },
      body: new Uint8Array(body),
    });
    const answer: unknown = await response.json();
    expect([200, 400, 413]).toContain(response.status);
    if (response.status === 200) expect(answer).toHaveProperty('refusedTotal');
    else expect(answer).toMatchObject({ error: { message: expect.stringMatching(/\w+/) } });
  }
});
