import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { TallyDelta } from '../../server/store/store.ts';
import type { SpreadDelta } from '../../server/store/trends.ts';
import type { Scope } from '../../shared/figure.ts';
import { QUARTER_HOUR } from '../../shared/time.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A few days before a month ends. */
const START = Date.parse('2026-01-29T00:00:00Z');
const FIRST_DAY = START / 86_400_000;
const DAYS = 6;
const scopes: readonly Scope[] = ['site', 'team:help', 'queue:support'];
const figures = ['firstRing', 'callsOffered', 'speedOfAnswer'] as const;
const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };

const aScope = fc.constantFrom(...scopes);
const aTally: fc.Arbitrary<TallyDelta> = fc.record({
  scope: aScope,
  figure: fc.constantFrom(...figures),
  quarter: fc.integer({ min: 0, max: DAYS * 96 - 1 }).map((i) => START + i * QUARTER_HOUR),
  n: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3_000_000_000 })),
  d: fc.integer({ min: 0, max: 40_000 }),
});
const aLength: fc.Arbitrary<SpreadDelta> = fc.record({
  scope: aScope,
  measure: fc.constantFrom('ring', 'wait', 'arrival'),
  day: fc.integer({ min: FIRST_DAY, max: FIRST_DAY + DAYS - 1 }),
  key: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 70_000, max: 9e13 })),
  count: fc.integer({ min: 1, max: 300 }),
});
const aStep = fc.oneof(
  fc.record({ tallies: fc.array(aTally, { maxLength: 30 }), spreads: fc.array(aLength, { maxLength: 30 }) }),
  fc.constant('take back' as const),
  fc.integer({ min: 0, max: DAYS }),
);

function ranksOf(lengths: readonly SpreadDelta[]): number[] {
  const pool = lengths.flatMap(({ key, count }) => Array<number>(count).fill(key)).sort((a, b) => a - b);
  const rank = (percent: number): number => pool[Math.ceil((percent * pool.length) / 100) - 1] ?? Number.NaN;
  return [pool.length, rank(50), rank(90)];
}

describe('packing', () => {
  it('changes no figure, whatever is packed when, and whatever comes or is taken back after', async () => {
    using folder = temporaryFolder();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 2, maxLength: 12 }), async (steps) => {
        runs += 1;
        const store = await openSqliteStore({ file: `${folder.path}/pack-${runs}.sqlite` });
        const tallies = new Map<string, TallyDelta>();
        const lengths = new Map<string, SpreadDelta>();
        let last: { tallies: TallyDelta[]; spreads: SpreadDelta[] } = { tallies: [], spreads: [] };
        const add = async (some: typeof last): Promise<void> => {
          await store.write(async (tx) => {
            await tx.addTallies(some.tallies);
            await tx.addSpreads(some.spreads);
          });
          for (const one of some.tallies) {
            const key = `${one.scope} ${one.quarter} ${one.figure}`;
            const sum = tallies.get(key) ?? { ...one, n: 0, d: 0 };
            tallies.set(key, { ...sum, n: sum.n + one.n, d: sum.d + one.d });
          }
          for (const one of some.spreads) {
            const key = `${one.scope} ${one.measure} ${one.day} ${one.key}`;
            const sum = lengths.get(key) ?? { ...one, count: 0 };
            lengths.set(key, { ...sum, count: sum.count + one.count });
          }
        };
        try {
          for (const step of steps) {
            if (typeof step === 'number') {
              while (await store.pack({ quarter: START + step * 96 * QUARTER_HOUR, day: FIRST_DAY + step }));
            } else if (step === 'take back') {
              await add({
                tallies: last.tallies.map((one) => ({ ...one, n: -one.n, d: -one.d })),
                spreads: last.spreads.map((one) => ({ ...one, count: -one.count })),
              });
              last = { tallies: [], spreads: [] };
            } else {
              last = step;
              await add(step);
            }
          }
          const kept = [...tallies.values()].filter(({ n, d }) => n !== 0 || d !== 0);
          const byKey = (a: TallyDelta, b: TallyDelta): number =>
            JSON.stringify([a.scope, a.quarter, a.figure]) < JSON.stringify([b.scope, b.quarter, b.figure])
              ? -1
              : 1;
          expect((await store.tallies(everything)).sort(byKey)).toEqual(kept.sort(byKey));
          const all: TallyDelta[] = [];
          for await (const row of store.allTallies()) all.push(row);
          expect(all.sort(byKey)).toEqual(kept);

          // A step of a day, one that begins inside a day, and one over the end of the month.
          const edges = [0, 96, 130, 300, DAYS * 96].map((i) => START + i * QUARTER_HOUR);
          const sums = await store.sums({ scopes, figures, edges, now: START, knownUntil: {} });
          let place = 0;
          for (const scope of scopes) {
            for (const figure of figures) {
              for (const [i, from] of edges.slice(0, -1).entries()) {
                const own = kept.filter(
                  (one) =>
                    one.scope === scope &&
                    one.figure === figure &&
                    one.quarter >= from &&
                    one.quarter < (edges[i + 1] ?? 0),
                );
                expect([sums.n[place], sums.d[place]]).toEqual([
                  own.reduce((sum, { n }) => sum + n, 0),
                  own.reduce((sum, { d }) => sum + d, 0),
                ]);
                place += 1;
              }
            }
          }

          // Day by day over whole months, whose ranks are kept, and over parts of them.
          for (const measure of ['ring', 'wait'] as const) {
            for (const [from, to] of [
              [FIRST_DAY - 28, FIRST_DAY + 31],
              [FIRST_DAY + 1, FIRST_DAY + 5],
            ] as const) {
              const each = Array.from({ length: to - from + 1 }, (_, i) => from + i);
              const { totals, ...ranks } = await store.spreadRanks({ scopes, measure, edges: each });
              for (const [s, scope] of scopes.entries()) {
                const own = [...lengths.values()].filter(
                  (one) => one.scope === scope && one.measure === measure && one.day >= from && one.day < to,
                );
                expect([totals.count[s], totals.p50[s], totals.p90[s]]).toEqual(ranksOf(own));
                for (let day = from; day < to; day += 1) {
                  const at = s * (to - from) + day - from;
                  expect([ranks.count[at], ranks.p50[at], ranks.p90[at]]).toEqual(
                    ranksOf(own.filter((one) => one.day === day)),
                  );
                }
              }
            }
          }

          const days = [FIRST_DAY, FIRST_DAY + 1, FIRST_DAY + 4, FIRST_DAY + DAYS];
          for (const measure of ['ring', 'wait', 'arrival'] as const) {
            const ranks = await store.spreadRanks({ scopes, measure, edges: days });
            const upTo = await store.countedUpTo({ scopes, measure, edges: days, most: 20 });
            let at = 0;
            for (const scope of scopes) {
              for (const [i, from] of days.slice(0, -1).entries()) {
                const pool = [...lengths.values()]
                  .filter(
                    (one) =>
                      one.scope === scope &&
                      one.measure === measure &&
                      one.day >= from &&
                      one.day < (days[i + 1] ?? 0),
                  )
                  .flatMap(({ key, count }) => Array<number>(count).fill(key))
                  .sort((a, b) => a - b);
                expect(ranks.count[at]).toBe(pool.length);
                expect(ranks.p50[at]).toBe(pool[Math.ceil(0.5 * pool.length) - 1] ?? Number.NaN);
                expect(ranks.p90[at]).toBe(pool[Math.ceil((90 * pool.length) / 100) - 1] ?? Number.NaN);
                expect(upTo[at]).toBe(pool.filter((key) => key <= 20).length);
                at += 1;
              }
            }
          }
        } finally {
          await store.close();
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 25) },
    );
  });

  it('takes a part of many scopes at a time, and all of them in the end', async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/many.sqlite`;
    const store = await openSqliteStore({ file });
    const all = Array.from({ length: 400 }, (_, i): Scope => `queue:q${i}`);
    await store.write(async (tx) => {
      await tx.addTallies(
        all.map((scope) => ({ scope, figure: 'callsOffered', quarter: START, n: 1, d: 0 })),
      );
      await tx.addSpreads(all.map((scope) => ({ scope, measure: 'wait', day: FIRST_DAY, key: 7, count: 2 })));
    });
    const before = { quarter: START + QUARTER_HOUR, day: FIRST_DAY + 1 };
    expect(await store.pack(before)).toBe(true);
    while (await store.pack(before));
    const db = new Database(file, { readonly: true });
    expect(
      db.prepare('SELECT (SELECT count(*) FROM tallies) + (SELECT count(*) FROM spreads)').pluck().get(),
    ).toBe(0);
    db.close();
    const days = [FIRST_DAY, FIRST_DAY + 1];
    const ranks = await store.spreadRanks({ scopes: all, measure: 'wait', edges: days });
    expect(new Set(ranks.count)).toEqual(new Set([2]));
    expect(await store.tallies(everything)).toHaveLength(all.length);
    await store.close();
  });
});
