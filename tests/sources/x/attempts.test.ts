import { afterEach, describe, expect, it } from 'vitest';
import { type Supervised, supervise } from '../../../server/intake/supervise.ts';
import { createLog } from '../../../server/log.ts';
import { type Asked, type Failure, type FakeX, paths, said } from '../../support/fake-x.ts';
import type { TestClock } from '../../support/test-clock.ts';
import { fakeX, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

const running: Supervised[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

/** The source under the supervisor of the product, whose own waits are at their shortest. */
function superviseX(fake: FakeX, clock: TestClock) {
  let cursor: string | null = null;
  const supervised = supervise({
    source: xAt(fake, {}, clock),
    save: async (_, __, next) => {
      cursor = next ?? cursor;
    },
    refused: () => undefined,
    cursor: async () => cursor,
    heardBefore: null,
    keepHeard: async () => undefined,
    changed: () => undefined,
    clock,
    log: createLog('silent'),
    random: () => 0,
  });
  running.push(supervised);
  return supervised;
}

/** Lets the test's time go by in steps, for at most `forMs`. */
async function goOn(clock: TestClock, forMs: number, stepMs: number, isDone: () => boolean): Promise<void> {
  const end = clock.now() + forMs;
  while (clock.now() < end && !isDone()) await clock.advance(stepMs);
}

const gaps = (asked: readonly Asked[]): number[] =>
  asked.slice(1).map(({ at }, i) => at - (asked[i]?.at ?? 0));

describe('the log of attempts, against X’s table', () => {
  it.each<[string, string, Failure, number[]]>([
    ['503: 5 s, doubled, up to 320 s', paths.stream, { status: 503 }, [5, 10, 20, 40, 80, 160, 320, 320]],
    [
      '429: a minute, doubled',
      paths.stream,
      { status: 429, body: { title: 'Too Many Requests' } },
      [60, 120, 240, 480, 960],
    ],
    [
      'too many connections: as 429',
      paths.stream,
      {
        status: 429,
        body: said.tooManyConnections,
        headers: { 'x-rate-limit-limit': '50', 'x-rate-limit-remaining': '48', 'x-rate-limit-reset': '1' },
      },
      [60, 120, 240],
    ],
    [
      'a reset of the network: 250 ms more each time',
      paths.stream,
      { status: 0, reset: true },
      [0.25, 0.5, 0.75, 1, 1.25],
    ],
    ['503 of the search that fills the gap', paths.search, { status: 503 }, [5, 10, 20, 40]],
  ])('%s', async (_, path, failure, seconds) => {
    const clock = createXClock(Date.now());
    const fake = await fakeX(() => clock.now());
    fake.failNext(path, failure, seconds.length);
    superviseX(fake, clock);
    const attempts = (): Asked[] => fake.requests(path);
    await goOn(clock, 4 * 3_600_000, 10_000, () => attempts().length > seconds.length);
    const waited = gaps(attempts()).slice(0, seconds.length);
    expect(waited).toHaveLength(seconds.length);
    for (const [i, ms] of waited.entries()) {
      expect(ms, `attempt ${i + 1} of ${JSON.stringify(waited)}`).toBeGreaterThanOrEqual(
        (seconds[i] ?? 0) * 1_000,
      );
    }
    expect(fake.streamsMax()).toBeLessThanOrEqual(1);
  });

  it('waits until the instant that X names, when that is later', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX(() => clock.now());
    const reset = Math.ceil(clock.now() / 1_000) + 900;
    const headers = {
      'x-rate-limit-limit': '50',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(reset),
    };
    fake.failNext(paths.stream, { status: 429, body: { title: 'Too Many Requests' }, headers });
    const supervised = superviseX(fake, clock);
    await goOn(clock, 10_000, 500, () => supervised.health(clock.now()).trouble !== null);
    expect(supervised.health(clock.now()).trouble).toContain('wants us to wait until');
    await goOn(clock, 3_600_000, 10_000, () => fake.requests(paths.stream).length > 1);
    expect(fake.requests(paths.stream)[1]?.at).toBeGreaterThanOrEqual(reset * 1_000);
  });

  it('comes back at once after one break, is late in between, and then live', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX(() => clock.now());
    const supervised = superviseX(fake, clock);
    const state = (): string => supervised.health(clock.now()).state;
    await goOn(clock, 5_000, 50, () => state() === 'live');
    const cutAt = clock.now();
    fake.cut();
    await goOn(clock, 5_000, 50, () => state() === 'late');
    await goOn(clock, 5_000, 50, () => state() === 'live');
    expect([state(), supervised.health(clock.now()).trouble]).toEqual(['live', null]);
    const again = fake.requests(paths.stream)[1]?.at ?? 0;
    expect(again - cutAt).toBeGreaterThanOrEqual(250);
    expect(again - cutAt).toBeLessThan(2_000);
    expect(fake.streamsMax()).toBe(1);
  });

  it('waits as long as the table says for a wrong token, and a minute at least', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX(() => clock.now());
    fake.failNext(paths.rules, { status: 401, body: { title: 'Unauthorized' } }, 4);
    superviseX(fake, clock);
    await goOn(clock, 3_600_000, 1_000, () => fake.requests(paths.rules).length > 3);
    for (const ms of gaps(fake.requests(paths.rules)).slice(0, 3)) expect(ms).toBeGreaterThanOrEqual(30_000);
  });
});
