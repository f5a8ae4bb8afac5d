import { describe, expect, it } from 'vitest';
import { backOffMs, REFUSED_MAX_MS, RETRY_MAX_MS } from '../../server/intake/back-off.ts';
import { supervise } from '../../server/intake/supervise.ts';
import { createLog, type Log } from '../../server/log.ts';
import { createBluesky } from '../../server/sources/bluesky/source.ts';
import { createMastodon } from '../../server/sources/mastodon/source.ts';
import type { Source } from '../../server/sources/source.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { openFakeJetstream } from '../support/fake-jetstream.ts';
import { aStatus, MASTODON_TOKEN, type Misbehaviour, openFakeMastodon } from '../support/fake-mastodon.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const TEN = Date.parse('2026-11-22T10:00:00Z');

/** The waits that the table gives, with the jitter in the middle. */
const table = (count: number, refused: boolean): number[] =>
  Array.from({ length: count }, (_, n) => backOffMs(n + 1, refused, 0.5));

/** Runs a source as the server does, and moves the clock to each next attempt. */
function kept(source: Source, clock: TestClock) {
  let lost = 0;
  const silent = createLog('silent');
  const log: Log = {
    debug: silent.debug.bind(silent),
    info: silent.info.bind(silent),
    warn() {
      lost += 1;
    },
    error: silent.error.bind(silent),
    fatal: silent.fatal.bind(silent),
  };
  let cursor: string | null = null;
  const facts: unknown[] = [];
  const supervised = supervise({
    source,
    async save(_, more, next) {
      facts.push(...more);
      cursor = next ?? cursor;
    },
    refused: () => undefined,
    cursor: async () => cursor,
    heardBefore: null,
    keepHeard: async () => undefined,
    changed: () => undefined,
    clock,
    log,
    random: () => 0.5,
  });
  return {
    supervised,
    facts,
    /** Resolves when the link has been lost so often. */
    async untilLost(times: number): Promise<void> {
      while (lost < times) await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
}

async function mastodon(how: Misbehaviour) {
  const clock = createTestClock(TEN);
  const fake = await openFakeMastodon({ clock });
  fake.misbehave('/api/v2/instance', how, 1_000);
  const config = {
    id: 'fedi',
    server: fake.url,
    streaming: fake.url,
    token: MASTODON_TOKEN,
    hashtags: ['harbor'],
    keywords: [],
    keywordsIn: 'federated' as const,
    mentions: false,
  };
  return { clock, fake, source: createMastodon({ config, clock, log: createLog('silent') }) };
}

describe('attempts to reach a Mastodon server', () => {
  it.each<[string, Misbehaviour, boolean]>([
    ['that drops connections', 'drop', false],
    ['that has an error', { status: 500 }, false],
    ['that refuses the token', { status: 401 }, true],
  ])('%s are as far apart as the table says', async (_, how, refused) => {
    const { clock, fake, source } = await mastodon(how);
    const run = kept(source, clock);
    const waits = table(9, refused);
    for (const [n, wait] of waits.entries()) {
      await run.untilLost(n + 1);
      await clock.advance(wait - 1);
      expect(fake.attempts).toHaveLength(n + 1);
      await clock.advance(1);
    }
    await run.untilLost(waits.length + 1);
    await run.supervised.stop();
    await fake.close();
    const gaps = fake.attempts.slice(1).map(({ at }, n) => at - (fake.attempts[n]?.at ?? 0));
    expect(gaps).toEqual(waits);
    expect(gaps.at(-1)).toBe(0.75 * (refused ? REFUSED_MAX_MS : RETRY_MAX_MS));
  });

  it('that asks for an hour of peace are an hour apart, and then the post of the gap is told once', async () => {
    const { clock, fake, source } = await mastodon({ status: 503, headers: { 'retry-after': '3600' } });
    const run = kept(source, clock);
    while (fake.attempts.length < 1) await new Promise((resolve) => setTimeout(resolve, 2));
    while (run.supervised.health(clock.now()).trouble === null)
      await new Promise((resolve) => setTimeout(resolve, 2));
    fake.behave();
    fake.publish(aStatus(TEN + MINUTE), 'quietly');
    await clock.advance(HOUR - 1);
    expect(fake.attempts).toHaveLength(1);
    await clock.advance(1);
    while (run.facts.length < 1) await new Promise((resolve) => setTimeout(resolve, 2));
    await fake.streams(1);
    await run.supervised.stop();
    await fake.close();
    expect(fake.attempts.slice(0, 2).map(({ at }) => at - TEN)).toEqual([0, HOUR]);
    expect(run.facts).toHaveLength(1);
  });
});

describe('attempts to reach a Jetstream', () => {
  it.each([
    [500, {}, table(8, false)],
    [503, { 'retry-after': '120' }, table(8, false).map((wait) => wait + 120 * SECOND)],
  ])('that answers %i are as far apart as the table, and the server, say', async (status, headers, waits) => {
    const clock = createTestClock(TEN);
    const fake = await openFakeJetstream({ clock });
    fake.refuse(status, headers as Record<string, string>, 1_000);
    const config = {
      id: 'sky',
      jetstream: fake.url,
      profiles: null,
      keywords: ['harbor'],
      hashtags: [],
      accounts: [],
      reposts: false,
    };
    const run = kept(createBluesky({ config, clock, log: createLog('silent') }), clock);
    const tries = () => fake.attempts.filter(({ plain }) => !plain);
    const asked = 'retry-after' in headers ? 120 * SECOND : 0;
    // A link that was waited with for more than a minute was steady: its table begins again.
    const expected = asked > MINUTE ? waits.map(() => asked + backOffMs(1, false, 0.5)) : waits;
    for (const [n, wait] of expected.entries()) {
      if (asked > 0) {
        while (fake.attempts.length < 2 * (n + 1) || clock.sleepers === 0)
          await new Promise((resolve) => setTimeout(resolve, 2));
        await new Promise((resolve) => setTimeout(resolve, 20));
        await clock.advance(asked);
      }
      await run.untilLost(n + 1);
      await clock.advance(wait - asked - 1);
      expect(tries()).toHaveLength(n + 1);
      await clock.advance(1);
    }
    while (tries().length <= expected.length) await new Promise((resolve) => setTimeout(resolve, 2));
    await run.supervised.stop();
    await fake.close();
    expect(
      tries()
        .slice(1)
        .map(({ at }, n) => at - (tries()[n]?.at ?? 0)),
    ).toEqual(expected);
  });
});
