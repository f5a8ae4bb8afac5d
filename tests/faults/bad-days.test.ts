import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { REFUSED_MIN_MS, RETRY_MAX_MS } from '../../server/intake/back-off.ts';
import { LINE_MAX_BYTES } from '../../server/sources/asterisk/ami-wire.ts';
import { ANSWER_WITHIN_MS } from '../../server/sources/asterisk/conversation.ts';
import { LATE_AFTER_MS, LOST_AFTER_MS, PING_EVERY_MS } from '../../server/sources/asterisk/source.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import {
  type FakeAsterisk,
  type FakeAsteriskOptions,
  listingOf,
  openFakeAsterisk,
} from '../support/fake-asterisk.ts';
import { recording, type TrueCall } from '../support/recording.ts';
import { openRudeServer } from '../support/rude-server.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const START = Date.parse('2026-11-22T09:00:00Z');
const STEP_MS = 1_000;
const opened: FakeAsterisk[] = [];

afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

async function fakeAsterisk(options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
  const fake = await openFakeAsterisk(options);
  opened.push(fake);
  return fake;
}

/** Lets time pass in steps, so that real sockets keep up with it; at most until something is so. */
async function pass(
  clock: TestClock,
  ms: number,
  isSo: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<void> {
  for (let left = ms; left > 0 && !(await isSo()); left -= STEP_MS) {
    await clock.advance(Math.min(STEP_MS, left));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Under five seconds: a caller who thought better of it. */
function gaveUpSoon({ outcome, caller_events: events }: TrueCall): boolean {
  const leftAt = events.cancel_sent ?? events.bye_sent;
  return outcome === 'abandoned' && leftAt !== undefined && leftAt - (events.invite_sent ?? 0) < 5;
}

const sourceOf = async (app: AnApp) => (await app.snapshot()).sources[0];

describe('a wall whose PBX link breaks', () => {
  const { connections, truth } = recording('o-reconnect');
  const [first = [], second = []] = connections;
  const downAt = Math.ceil((truth.notes.ami_down_at ?? 0) * 1_000);
  const upAt = Math.ceil((truth.notes.ami_up_at ?? 0) * 1_000);
  const overAt = Math.ceil(truth.t1 * 1_000) + 1_000;

  it.each([
    ['with the right to list', true],
    ['without it', false],
  ])('says late, and is live again with the calls of the gap told, %s', async (_, permitted) => {
    const clock = createTestClock(downAt);
    let listing: ReturnType<typeof listingOf> = { channels: [], entries: [] };
    const fake = await fakeAsterisk({ permitted, listing: () => listing });
    await using app = await anApp({ clock, port: fake.port });
    await fake.ready();
    await fake.play(first);
    await app.until(({ calls }) => calls?.live?.talking === 1 && calls.live.ringing === 1);
    listing = listingOf(second);
    fake.cut();
    const late = await app.until(({ sources }) => sources[0]?.state === 'late');
    expect(late.calls).toMatchObject({ live: null, firstRing: { feed: 'late', tally: { n: 1, d: 1 } } });
    expect(late.sources[0]?.trouble).toContain('closed the connection');

    clock.set(upAt);
    await clock.advance(1_000);
    await fake.ready();
    clock.set(overAt);
    await fake.play(second);
    const live = await app.until(
      ({ sources, calls }) => sources[0]?.state === 'live' && calls?.live?.talking === 0,
    );
    expect(live.calls?.firstRing).toMatchObject({ tally: { n: 1, d: 1 }, feed: 'live', asOf: null });
    expect(app.stored('callsUnknown').n).toBe(permitted ? 2 : 1);
    if (permitted) expect(live.sources[0]?.trouble).toBeNull();
    else expect(live.sources[0]?.trouble).toContain('write = reporting');
  });

  it('says lost after a minute with the time its figures are true of, and comes back by itself', async () => {
    const clock = createTestClock(downAt);
    const fake = await openFakeAsterisk();
    await using app = await anApp({ clock, port: fake.port });
    await fake.ready();
    await fake.play(first);
    await app.until(({ calls }) => calls?.live?.talking === 1);
    await fake.close();
    const { sources } = await app.until((seen) => seen.sources[0]?.state === 'late');
    const heardAt = sources[0]?.heardAt ?? Number.NaN;
    await pass(clock, LOST_AFTER_MS);
    const lost = await app.snapshot();
    expect(lost.sources[0]).toMatchObject({
      state: 'lost',
      heardAt,
      trouble: expect.stringContaining('ECONNREFUSED'),
    });
    expect(lost.calls).toMatchObject({ live: null, firstRing: { feed: 'lost', asOf: heardAt } });

    const again = await fakeAsterisk({ port: fake.port, uptimeSeconds: () => 10 });
    await pass(clock, RETRY_MAX_MS, async () => (await sourceOf(app))?.state === 'live');
    await again.ready();
    const live = await app.until((seen) => seen.sources[0]?.state === 'live');
    expect(live.calls?.live).toMatchObject({ ringing: 0, talking: 0 });
    // The one that rang when Asterisk crashed; the answered one stays answered.
    expect(app.stored('callsUnknown').n).toBe(1);
    expect(live.calls?.firstRing.tally).toEqual({ n: 1, d: 1 });
  });

  it('counts a call that an orderly restart of Asterisk took as unknown, and the next one as it was', async () => {
    const restart = recording('z-restart');
    const [before = [], after = []] = restart.connections;
    const clock = createTestClock(Math.ceil((restart.truth.notes.ami_closed_at ?? 0) * 1_000));
    let uptime = 86_400;
    const fake = await fakeAsterisk({ uptimeSeconds: () => uptime });
    await using app = await anApp({ clock, port: fake.port });
    await fake.ready();
    await fake.play(before);
    fake.cut();
    await app.until(({ sources }) => sources[0]?.state === 'late');
    uptime = 0;
    await clock.advance(1_000);
    await fake.ready();
    clock.set(Math.ceil(restart.truth.t1 * 1_000) + 1_000);
    await fake.play(after);
    const seen = await app.until(({ calls }) => calls?.firstRing.tally.d === 1);
    expect(seen.calls?.firstRing.tally).toEqual({ n: 1, d: 1 });
    expect(seen.calls?.live).toMatchObject({ ringing: 0, waiting: 0, talking: 0 });
    expect(app.stored('callsUnknown').n).toBe(1);
  });
});

describe('a PBX ten times faster than life', () => {
  it('is followed to the last call: the same figures as at its own pace', async () => {
    const { connections, truth } = recording('n-overlap10');
    const clock = createTestClock(Math.ceil(truth.t1 * 1_000) + 60_000);
    const fake = await fakeAsterisk();
    await using app = await anApp({ clock, port: fake.port });
    await fake.ready();
    await fake.play(connections[0] ?? [], 10);
    const counted = truth.calls.filter((call) => call.should_count && !gaveUpSoon(call));
    const met = counted.filter(
      (call) => call.outcome === 'answered' && (call.first_ring_to_answer_s ?? 6) < 6,
    );
    const exact = { n: met.length, d: counted.length };
    expect(exact.d).toBeGreaterThan(5);
    const seen = await app.until(({ calls }) => {
      const { n, d } = calls?.firstRing.tally ?? { n: 0, d: 0 };
      return calls?.live?.talking === 0 && calls.live.ringing === 0 && n === exact.n && d === exact.d;
    });
    expect(seen.sources[0]?.state).toBe('live');
  });
});

describe('where Asterisk should be', () => {
  it('says that the PBX accepts the connection and then nothing, and goes on trying', async () => {
    const clock = createTestClock(START);
    await using mute = await openRudeServer(() => undefined);
    await using app = await anApp({ clock, port: mute.port });
    await expect.poll(() => mute.calls()).toBe(1);
    await pass(clock, PING_EVERY_MS + ANSWER_WITHIN_MS);
    const seen = await app.until(({ sources }) => sources[0]?.trouble !== null);
    expect(seen.sources[0]).toMatchObject({ state: 'late', trouble: expect.stringContaining('answer') });
    expect(seen.calls?.live).toBeNull();
    await pass(clock, LOST_AFTER_MS - LATE_AFTER_MS);
    expect(mute.calls()).toBeGreaterThan(1);
    expect((await sourceOf(app))?.state).toBe('lost');
  });

  it('says that the login is refused, shows the phones as lost, and does not hammer', async () => {
    const clock = createTestClock(START);
    const fake = await fakeAsterisk({ secret: 'another one' });
    await using app = await anApp({ clock, port: fake.port });
    const seen = await app.until(({ sources }) => sources[0]?.trouble !== null);
    expect(seen.sources[0]?.trouble).toMatch(/refused the login.*manager\.conf/);
    await pass(clock, REFUSED_MIN_MS / 2 - 1_000);
    expect(fake.logins()).toBe(1);
    await pass(clock, LOST_AFTER_MS);
    const lost = await app.snapshot();
    expect(lost.sources[0]).toMatchObject({ state: 'lost', trouble: expect.stringContaining('refused') });
    expect(lost.calls).toMatchObject({ live: null, firstRing: { feed: 'lost' } });
    await pass(clock, 2 * REFUSED_MIN_MS);
    expect(fake.logins()).toBeGreaterThan(1);
    expect(fake.logins()).toBeLessThanOrEqual(4);
    expect(JSON.stringify([app.logged, lost])).not.toContain('not-a-real-secret');
  });

  const greeting = 'Asterisk Call Manager/11.0.0\r\n';
  it.each<[string, (socket: Socket) => void]>([
    ['random bytes', (socket) => void socket.write(randomBytes(1 << 18))],
    ['a line without an end', (socket) => void socket.write(Buffer.alloc(40 * LINE_MAX_BYTES, 0x41))],
    ['zeros', (socket) => void socket.write(Buffer.alloc(1 << 18))],
    ['half a character for ever', (socket) => void socket.write(Buffer.alloc(1 << 18, 0xc3))],
    ['a web server', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
    ['a greeting and then random bytes', (socket) => void socket.write(greeting + randomBytes(1 << 18))],
    [
      'a greeting and an event without an end',
      (socket) => void socket.write(`${greeting}${'Event: Newchannel\r\nUniqueid: 1\r\n'.repeat(40_000)}`),
    ],
  ])('%s: is told in words, tried again, and counts nothing', async (_, meet) => {
    const clock = createTestClock(START);
    await using rude = await openRudeServer(meet);
    await using app = await anApp({ clock, port: rude.port });
    await expect.poll(() => rude.calls()).toBe(1);
    await pass(clock, LOST_AFTER_MS);
    const seen = await app.snapshot();
    expect(seen.sources[0]).toMatchObject({
      state: 'lost',
      trouble: expect.stringMatching(/Asterisk|answer/),
    });
    expect(seen.calls).toMatchObject({ live: null, firstRing: { tally: { n: 0, d: 0 } } });
    expect(rude.calls()).toBeGreaterThan(1);
  });
});

/** The same bytes at every run. */
function randomBytes(length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let size = 0; size < length; size += 64)
    blocks.push(createHash('sha512').update(`garbage ${size}`).digest());
  return Buffer.concat(blocks);
}
