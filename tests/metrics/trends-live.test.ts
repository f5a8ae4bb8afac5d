import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFigures } from '../../server/metrics/figures.ts';
import type { Change, Snapshot, Tally } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { PairFigure, PairSeries } from '../../shared/wire-trends.ts';
import { changes, dateIn, movedTo, openTrendsSite } from '../support/a-trends-site.ts';
import { deliveriesOf, histories, type Told } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { aBoard, healthOf } from './a-site.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const runs = Number(process.env.PROPERTY_RUNS ?? 12);

/** Facts are saved up to so many hours after the history began. */
const LATEST_SAVE_H = 9;

interface Play {
  zone: string;
  begin: Instant;
  told: Told[];
  portions: { size: number; hours: number; packs: boolean }[];
  lookAt: number;
  /** Sources of which nothing is known since so many hours after the history began. */
  lost: string[];
  lostAt: number;
}

const plays: fc.Arbitrary<Play> = fc
  .record({ history: histories, lastWeek: histories, change: fc.constantFrom(...changes) })
  .chain(({ history, lastWeek, change: [zone, at] }) =>
    fc.record({
      zone: fc.constant(zone),
      begin: fc.constant(Date.parse(at) - 5 * HOUR),
      told: deliveriesOf([
        ...movedTo(history, Date.parse(at)),
        ...weekBefore(movedTo(lastWeek, Date.parse(at))),
      ]),
      portions: fc.array(
        fc.record({
          size: fc.integer({ min: 1, max: 25 }),
          hours: fc.integer({ min: 0, max: LATEST_SAVE_H }),
          packs: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      lookAt: fc.integer({ min: LATEST_SAVE_H * 60, max: 40 * 60 }),
      lost: fc.subarray(['pbx', 'mail', 'texts']),
      lostAt: fc.integer({ min: 1, max: 30 }),
    }),
  );

describe('a trend of today', () => {
  it(
    'is what the wall shows, in every zone, across a change of the clocks, with sources lost or not',
    async () => {
      await fc.assert(fc.asyncProperty(plays, isSame), { numRuns: runs });
    },
    60_000 + runs * 5_000,
  );

  it('takes no miss for certain that was, until the clock was set back', async () => {
    using folder = temporaryFolder();
    const at = Date.parse('2026-11-17T10:00:00Z');
    const missesAt = async (seconds: number): Promise<number | undefined> => {
      a.site.clock.set(at + seconds * SECOND);
      const today = { from: '2026-11-17', to: '2026-11-17', by: 'day', against: 'none' } as const;
      const { series } = await a.trends.series({ ...today, figures: ['firstRing'], scopes: ['site'] });
      return series[0]?.total.d;
    };
    let a = await openTrendsSite(folder.path, 'Europe/London', at);
    try {
      expect(await missesAt(0)).toBe(0);
      await a.site.intake.save('all', [
        { kind: 'offered', call: 'one', queue: 'support', at },
        { kind: 'alert', call: 'one', agent: 'ann', at },
      ]);
      a.site.clock.set(at + 10 * SECOND);
      await a.site.intake.fold(a.site.clock.now());
      expect([await missesAt(10), await missesAt(3)]).toEqual([1, 0]);
      await a[Symbol.asyncDispose]();
      a = await openTrendsSite(folder.path, 'Europe/London', at);
      expect([await missesAt(3), await missesAt(10)]).toEqual([0, 1]);
    } finally {
      await a[Symbol.asyncDispose]();
    }
  });
});

/** Other calls and mails, seven times 24 hours earlier. */
function weekBefore(told: readonly Told[]): Told[] {
  return told
    .filter(({ fact }) => fact.kind !== 'post' && fact.kind !== 'post_delete')
    .map(({ source, fact }) => {
      const text = JSON.stringify({ ...fact, at: fact.at - 7 * 24 * HOUR })
        .replaceAll('"call":"', '"call":"w')
        .replaceAll('<m', '<wm')
        .replaceAll('"id":"t', '"id":"wt');
      return { source, fact: JSON.parse(text) as Told['fact'] };
    });
}

async function isSame({ zone, begin, told, portions, lookAt, lost, lostAt }: Play): Promise<void> {
  using folder = temporaryFolder();
  await using a = await openTrendsSite(folder.path, zone, begin);
  await a.deliver(told, portions);
  const now = begin + lookAt * MINUTE;
  a.site.clock.set(now);
  for (const id of lost) {
    const heardAt = Math.min(now, begin + lostAt * HOUR);
    a.health.push(
      healthOf(id, { feeds: [id === 'mail' ? 'emails' : 'phones'], state: 'lost', heardAt, since: heardAt }),
    );
  }
  const { rules } = a.site;
  const boards = a.config.trendScopes.map(({ scope, minSample }) =>
    aBoard(scope, { scope, calendar: rules.site.calendar, minSample }),
  );
  const figures = createFigures({ store: a.site.store, boards, rules, zone, build: 'b1', demo: false });
  await figures.prepare(now);
  const today = dateIn(zone, now);
  for (const { scope } of a.config.trendScopes) {
    const wall = figures.snapshot(scope, now, a.health);
    for (const by of ['quarter', 'hour', 'day'] as const) {
      const { series } = await a.trends.series({
        from: today,
        to: today,
        by,
        figures: Object.keys(shown(wall)) as PairFigure[],
        scopes: [scope],
        against: 'weekday',
      });
      expect({ scope, by, ...totals(series) }).toEqual({ scope, by, ...shown(wall) });
      if (scope !== 'site') continue;
      expectSameWords(series, 'firstRing', wall.calls?.firstRing.baseline ?? null);
      expectSameWords(series, 'emailsWithinHour', wall.emails?.withinHour.baseline ?? null);
    }
  }
}

/** Every ratio and count of today that both show. */
function shown({ calls, callbacks, emails }: Snapshot): Partial<Record<PairFigure, Tally>> {
  if (calls === null || callbacks === null || emails === null) throw new Error('A board without a region.');
  return {
    firstRing: calls.firstRing.tally,
    serviceLevel: calls.serviceLevel.tally,
    speedOfAnswer: calls.speedOfAnswer,
    abandonment: calls.abandonment,
    leftInMenu: calls.leftInMenu,
    calledBack: callbacks.tally,
    emailsWithinHour: emails.withinHour.tally,
    emailsReceived: { n: emails.received, d: 0 },
  };
}

function totals(series: readonly PairSeries[]): Partial<Record<PairFigure, Tally>> {
  return Object.fromEntries(series.map(({ figure, total }) => [figure, total]));
}

/** The wall says nothing of a day on which nothing at all was counted. */
function expectSameWords(
  series: readonly PairSeries[],
  figure: PairFigure,
  baseline: { tally: Tally; change: Change | null } | null,
): void {
  const own = series.find((one) => one.figure === figure);
  if (baseline === null) {
    expect(own?.before?.total.d).toBe(0);
    return;
  }
  expect(own?.before?.total).toEqual(baseline.tally);
  expect(own?.change).toEqual(baseline.change);
}
