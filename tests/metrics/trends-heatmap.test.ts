import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../server/judge/verdict.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { type HeatmapAnswer, heatFigures } from '../../shared/wire-trends.ts';
import { changes, dateIn, movedTo, openTrendsSite } from '../support/a-trends-site.ts';
import { deliveriesOf, histories, type Told } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const runs = Number(process.env.PROPERTY_RUNS ?? 10);

/** All facts are saved so many hours after the history began. */
const SAVED_AFTER_H = 9;

interface Play {
  zone: string;
  begin: Instant;
  told: Told[];
  lookAt: number;
}

const plays: fc.Arbitrary<Play> = fc
  .record({ history: histories, change: fc.constantFrom(...changes) })
  .chain(({ history, change: [zone, at] }) =>
    fc.record({
      zone: fc.constant(zone),
      begin: fc.constant(Date.parse(at) - 5 * HOUR),
      told: deliveriesOf(movedTo(history, Date.parse(at))),
      lookAt: fc.integer({ min: SAVED_AFTER_H, max: 60 }),
    }),
  );

describe('a heatmap', () => {
  it(
    'is a plain count by local weekday and hour, with emails whose hours are over in the hour they came',
    async () => {
      await fc.assert(fc.asyncProperty(plays, isPlain), { numRuns: runs });
    },
    60_000 + runs * 5_000,
  );
});

async function isPlain({ zone, begin, told, lookAt }: Play): Promise<void> {
  using folder = temporaryFolder();
  await using a = await openTrendsSite(folder.path, zone, begin);
  await a.deliver(told, [{ size: told.length + 1, hours: SAVED_AFTER_H, packs: true }]);
  const now = begin + lookAt * HOUR;
  a.site.clock.set(now);
  const judged = a.plainly(told);
  const period = { from: dateIn(zone, begin, -3), to: dateIn(zone, begin, 8) };
  for (const { scope } of a.config.trendScopes) {
    for (const figure of heatFigures) {
      const heat = await a.trends.heatmap({ ...period, figure, scope });
      const counted = figure === 'emailsWithinHour' ? 'emailsByArrival' : figure;
      const until = heat.leftOutFrom ?? Number.POSITIVE_INFINITY;
      expect({ scope, figure, cells: inCells(heat) }).toEqual({
        scope,
        figure,
        cells: plainCells(judged, { scope, figure: counted, until, now }, zone),
      });
      if (figure === 'emailsWithinHour') expectAllDue(judged, scope, until, now);
    }
  }
}

function inCells({ cells }: HeatmapAnswer): Record<string, string> {
  return Object.fromEntries(cells.map(({ weekday, hour, n, d }) => [`${weekday} ${hour}`, `${n}/${d}`]));
}

function plainCells(
  judged: readonly Judged[],
  asked: { scope: Scope; figure: FigureId; until: Instant; now: Instant },
  zone: string,
): Record<string, string> {
  const cells = new Map<string, [number, number]>();
  const add = (one: { scope: Scope; figure: FigureId; at: Instant }, n: number, d: number): void => {
    if (one.scope !== asked.scope || one.figure !== asked.figure || one.at >= asked.until) return;
    const local = Temporal.Instant.fromEpochMilliseconds(one.at).toZonedDateTimeISO(zone);
    const key = `${local.dayOfWeek - 1} ${local.hour}`;
    const [oldN, oldD] = cells.get(key) ?? [0, 0];
    cells.set(key, [oldN + n, oldD + d]);
  };
  for (const { settled, pending } of judged) {
    for (const one of settled) add(one, one.n, one.d);
    for (const one of pending) if (one.lostAt <= asked.now) add(one, 0, 1);
  }
  const kept = [...cells].filter(([, [n, d]]) => n !== 0 || d !== 0);
  return Object.fromEntries(kept.map(([key, [n, d]]) => [key, `${n}/${d}`]));
}

/** No email in an hour that is shown may still be answered in time. */
function expectAllDue(judged: readonly Judged[], scope: Scope, until: Instant, now: Instant): void {
  const shown = judged.flatMap((one) =>
    one.replies.filter(({ inAt, scopes }) => inAt < until && scopes.includes(scope)),
  );
  expect(shown.filter(({ dueAt }) => dueAt > now)).toEqual([]);
}
