import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile } from '../../server/judge/percentile.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import type { Scope, Tally } from '../../shared/figure.ts';
import { HOUR, type Instant, SECOND } from '../../shared/time.ts';
import { intervals, type PairFigure, pairFigures } from '../../shared/wire-trends.ts';
import { type ATrendsSite, changes, dateIn, movedTo, openTrendsSite } from '../support/a-trends-site.ts';
import { deliveriesOf, histories, type Told } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const runs = Number(process.env.PROPERTY_RUNS ?? 12);

const scopes: Scope[] = ['site', 'team:help', 'team:money', 'queue:support', 'queue:billing', 'queue:inbox'];

/** Facts are saved up to so many hours after the history began. */
const LATEST_SAVE_H = 9;

interface Play {
  zone: string;
  begin: Instant;
  told: Told[];
  portions: { size: number; hours: number; packs: boolean }[];
  /** Hours after the beginning at which it is looked at. */
  lookAt: number;
}

const plays: fc.Arbitrary<Play> = fc
  .record({ history: histories, change: fc.constantFrom(...changes) })
  .chain(({ history, change: [zone, at] }) =>
    fc.record({
      zone: fc.constant(zone),
      begin: fc.constant(Date.parse(at) - 5 * HOUR),
      told: deliveriesOf(movedTo(history, Date.parse(at))),
      portions: fc.array(
        fc.record({
          size: fc.integer({ min: 1, max: 25 }),
          hours: fc.integer({ min: 0, max: LATEST_SAVE_H }),
          packs: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      lookAt: fc.constantFrom(7, 20, 31, 52).map((hours) => hours + LATEST_SAVE_H),
    }),
  );

describe('trends', () => {
  it(
    'add up to a plain count in every zone, by every step, across a change of the clocks',
    async () => {
      await fc.assert(fc.asyncProperty(plays, addsUp), { numRuns: runs });
    },
    60_000 + runs * 5_000,
  );
});

async function addsUp({ zone, begin, told, portions, lookAt }: Play): Promise<void> {
  using folder = temporaryFolder();
  await using a = await openTrendsSite(folder.path, zone, begin);
  await a.deliver(told, portions);
  a.site.clock.set(begin + lookAt * HOUR);
  const judged = a.plainly(told);
  const period = { from: dateIn(zone, begin, -1), to: dateIn(zone, begin, 4) };
  for (const by of intervals) await expectSums(a, judged, { ...period, by });
  await expectRanks(a, judged, period);
}

async function expectSums(
  { trends, site }: ATrendsSite,
  judged: readonly Judged[],
  asked: { from: string; to: string; by: (typeof intervals)[number] },
): Promise<void> {
  const now = site.clock.now();
  const answer = await trends.series({ ...asked, figures: pairFigures, scopes, against: 'none' });
  expect(answer.by).toBe(asked.by);
  for (const { scope, figure, n, d, total } of answer.series) {
    const steps = answer.edges.slice(0, -1).map((from, i) => ({ from, to: answer.edges[i + 1] ?? from }));
    const plain = steps.map((span) => counted(judged, scope as Scope, figure, span, now));
    expect({ scope, figure, n, d }).toEqual({
      scope,
      figure,
      n: plain.map((one) => one.n),
      d: plain.map((one) => one.d),
    });
    expect(total).toEqual({ n: sum(n), d: sum(d) });
  }
}

/** The median and the 90th percentile from the lengths themselves, rounded up. */
async function expectRanks(
  { trends }: ATrendsSite,
  judged: readonly Judged[],
  period: { from: string; to: string },
): Promise<void> {
  const asked = { ...period, by: 'day' as const, scopes, against: 'none' as const };
  const { ranks, rankEdges } = await trends.series({ ...asked, figures: ['replyTime', 'waitTime'] });
  for (const { scope, figure, count, p50, p90, total } of ranks) {
    const lengths = figure === 'replyTime' ? replies(judged, scope as Scope) : waits(judged, scope as Scope);
    const steps = rankEdges.slice(0, -1).map((from, i) => inside(lengths, from, rankEdges[i + 1] ?? from));
    expect(count).toEqual(steps.map((own) => own.length));
    expect(p50).toEqual(steps.map((own) => percentile(own, 50)));
    expect(p90).toEqual(steps.map((own) => percentile(own, 90)));
    const all = inside(lengths, rankEdges[0] ?? 0, rankEdges.at(-1) ?? 0);
    expect(total).toEqual({ count: all.length, p50: percentile(all, 50), p90: percentile(all, 90) });
  }
}

interface Length {
  at: Instant;
  length: number;
}

function replies(judged: readonly Judged[], scope: Scope): Length[] {
  return judged.flatMap((one) =>
    one.replies.flatMap((reply) =>
      reply.answeredAt !== null && reply.replyMinutes !== null && reply.scopes.includes(scope)
        ? [{ at: reply.answeredAt, length: reply.replyMinutes }]
        : [],
    ),
  );
}

function waits(judged: readonly Judged[], scope: Scope): Length[] {
  return judged.flatMap((one) =>
    one.views.flatMap(({ scope: own, outcome, offeredAt, waitMs }) =>
      own === scope && outcome === 'answered' && waitMs !== null
        ? [{ at: offeredAt, length: Math.ceil(waitMs / SECOND) }]
        : [],
    ),
  );
}

function inside(lengths: readonly Length[], from: Instant, to: Instant): number[] {
  return lengths.filter(({ at }) => at >= from && at < to).map(({ length }) => length);
}

function counted(
  judged: readonly Judged[],
  scope: Scope,
  figure: PairFigure,
  { from, to }: { from: Instant; to: Instant },
  now: Instant,
): Tally {
  const sums = { n: 0, d: 0 };
  for (const one of judged) {
    for (const verdict of one.settled) {
      if (verdict.scope !== scope || verdict.figure !== figure || verdict.at < from || verdict.at >= to)
        continue;
      sums.n += verdict.n;
      sums.d += verdict.d;
    }
    for (const { scope: own, figure: of, at, lostAt } of one.pending)
      if (own === scope && of === figure && at >= from && at < to && lostAt <= now) sums.d += 1;
  }
  return sums;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
