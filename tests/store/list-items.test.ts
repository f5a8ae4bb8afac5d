import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListAsked, ListedItem } from '../../server/store/lists.ts';
import type { Store } from '../../server/store/store.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import {
  callFigures,
  type ItemFigure,
  type ItemOrder,
  itemSorts,
  mailFigures,
  type VerdictFilter,
} from '../../shared/wire-items.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { deliveriesOf, histories, historyFrom, historyTo } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const scopes: readonly Scope[] = [
  'site',
  'team:help',
  'team:money',
  'queue:support',
  'queue:billing',
  'queue:inbox',
  'queue:elsewhere',
];
const counting = [...callFigures, ...mailFigures].filter(
  (figure): figure is ItemFigure & FigureId => figure !== 'waitTime' && figure !== 'replyTime',
);

const asked = (over: Partial<ListAsked>): ListAsked => ({
  figure: 'firstRing',
  scope: 'site',
  verdict: 'all',
  spans: [{ from: historyFrom, to: historyTo }],
  sort: 'at',
  order: 'desc',
  after: null,
  limit: 50,
  now: historyTo,
  knownUntil: {},
  ...over,
});

/** Every page, one after the other. */
async function all(store: Store, over: Partial<ListAsked>): Promise<ListedItem[]> {
  const items: ListedItem[] = [];
  let after: ListAsked['after'] = null;
  do {
    const page = await store.listItems(asked({ ...over, after }));
    expect(page.items.length).toBeLessThanOrEqual(over.limit ?? 50);
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}

const nameOf = ({ key, nth }: ListedItem): string => `${key} ${nth}`;
const counted = (items: readonly ListedItem[], verdict: string): number =>
  items.filter((item) => item.verdict === verdict).length;

async function aHistory(work: (site: AnIntake) => Promise<void>, runs: number): Promise<void> {
  const drawn = histories.chain((history) =>
    fc.record({ told: deliveriesOf(history), later: fc.integer({ min: 0, max: 40 }), folds: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ({ told, later, folds }) => {
      using folder = temporaryFolder();
      await using site = await openIntake(join(folder.path, 'data.sqlite'), {
        at: historyFrom + later * HOUR,
      });
      // In two parts: what is saved in the first is judged anew in the second.
      const half = Math.ceil(told.length / 2);
      for (const part of [told.slice(0, half), told.slice(half)])
        for (const [source, facts] of Map.groupBy(part, (one) => one.source))
          await site.intake.save(
            source,
            facts.map(({ fact }) => fact),
          );
      if (folds) await site.intake.fold(site.clock.now());
      await work(site);
    }),
    // A counterexample is small enough as it is found, and each smaller one takes its time.
    { numRuns: Number(process.env.PROPERTY_RUNS ?? runs), endOnFailure: true },
  );
}

describe('the list behind a step', () => {
  it('holds just the calls and emails that its figure counts, met and missed, for every figure, scope and hour', async () => {
    let listed = 0;
    await aHistory(async ({ store, clock }) => {
      const now = clock.now();
      const known = { now, knownUntil: { branch: now - 3 * HOUR } };
      const edges: Instant[] = [];
      for (let at = historyFrom - HOUR; at <= historyTo + 48 * HOUR; at += HOUR) edges.push(at);
      const sums = await store.sums({ scopes, figures: counting, edges, ...known });
      const steps = edges.length - 1;
      for (const [s, scope] of scopes.entries())
        for (const [f, figure] of counting.entries()) {
          const span = { from: edges[0]!, to: edges.at(-1)! };
          const rows = await all(store, { figure, scope, spans: [span], limit: 7, ...known });
          for (let step = 0; step < steps; step += 1) {
            const at = (s * counting.length + f) * steps + step;
            const inStep = rows.filter((row) => row.at >= edges[step]! && row.at < edges[step + 1]!);
            listed += inStep.length;
            expect(tallyOf(figure, inStep), `${figure} of ${scope}, step ${step}`).toEqual({
              n: sums.n[at],
              d: sums.d[at],
            });
          }
        }
    }, 12);
    expect(listed).toBeGreaterThan(300);
  }, 240_000);

  it('leaves out what was folded while a source was lost, for as long as it is open', async () => {
    using folder = temporaryFolder();
    const at = historyFrom;
    await using site = await openIntake(join(folder.path, 'data.sqlite'), { at });
    const { store, clock, intake } = site;
    await intake.save('pbx', [
      { kind: 'offered', call: 'one', queue: 'billing', at },
      { kind: 'alert', call: 'one', agent: 'ann', at },
    ]);
    clock.set(at + HOUR);
    await intake.fold(clock.now());
    const verdicts = async (heardAt: Instant) => {
      const known = { now: clock.now(), knownUntil: { pbx: heardAt } };
      const edges = [at - HOUR, at + HOUR];
      const { d } = await store.sums({ scopes: ['site'], figures: ['firstRing'], edges, ...known });
      return { counted: d[0], listed: (await all(store, known)).map(({ verdict }) => verdict) };
    };
    expect(await verdicts(at + HOUR)).toEqual({ counted: 1, listed: ['missed'] });
    expect(await verdicts(at + 1_000)).toEqual({ counted: 0, listed: ['pending'] });
  });

  it('holds just those whose lengths are in the median, day by day', async () => {
    await aHistory(async ({ store, clock }) => {
      const days = [historyFrom - 21 * HOUR - 24 * HOUR, historyTo + 96 * HOUR].map((at) =>
        Math.floor(at / (24 * HOUR)),
      );
      const span = { from: days[0]! * 24 * HOUR, to: days[1]! * 24 * HOUR };
      for (const [figure, measure] of [
        ['waitTime', 'wait'],
        ['replyTime', 'reply'],
      ] as const)
        for (const scope of scopes) {
          const { count } = await store.spreadRanks({ scopes: [scope], measure, edges: days });
          const rows = await all(store, {
            figure,
            scope,
            spans: [span],
            now: clock.now(),
            verdict: 'counted',
          });
          expect(rows.length, `${figure} of ${scope}`).toBe(count[0]);
        }
    }, 12);
  }, 120_000);

  it('is the same in pages of any length, upwards and downwards, filtered or not, whole or in cells', async () => {
    await aHistory(async ({ store, clock }) => {
      const known = { now: clock.now(), knownUntil: {} };
      const hours = Array.from({ length: 10 }, (_, i) => ({
        from: historyFrom + 3 * i * HOUR,
        to: historyFrom + (3 * i + 1) * HOUR,
      }));
      for (const figure of ['firstRing', 'leftInMenu', 'emailsWithinHour', 'emailsReceived'] as const)
        for (const scope of ['site', 'queue:support', 'queue:inbox'] as const) {
          const whole = await all(store, { figure, scope, limit: 200, ...known });
          expect(new Set(whole.map(nameOf)).size).toBe(whole.length);
          expect(whole.map(({ at }) => at)).toEqual(whole.map(({ at }) => at).sort((a, b) => b - a));
          const orders: [ItemOrder, ListedItem[]][] = [
            ['desc', whole],
            ['asc', whole.toReversed()],
          ];
          for (const [order, expected] of orders) {
            for (const limit of [1, 3])
              expect(await all(store, { figure, scope, order, limit, ...known })).toEqual(expected);
            const isInCell = ({ at }: ListedItem) => hours.some(({ from, to }) => at >= from && at < to);
            const cells = await all(store, { figure, scope, order, limit: 2, spans: hours, ...known });
            expect(cells).toEqual(expected.filter(isInCell));
          }
          for (const verdict of ['met', 'missed', 'counted'] as const)
            expect(await all(store, { figure, scope, verdict, limit: 2, ...known })).toEqual(
              whole.filter((row) => isWanted(verdict, row)),
            );
          for (const sort of itemSorts) {
            const sorted = await all(store, { figure, scope, sort, order: 'asc', limit: 3, ...known });
            expect(sorted.map(nameOf).sort()).toEqual(whole.map(nameOf).sort());
            const lengths = sorted.flatMap(({ view }) => view?.waitMs ?? []);
            if (sort === 'wait') expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
          }
        }
    }, 8);
  }, 240_000);
});

/** For abandonment and the menu what is missed is what the figure counts. */
function tallyOf(figure: FigureId, rows: readonly ListedItem[]): { n: number; d: number } {
  const met = counted(rows, 'met');
  const missed = counted(rows, 'missed');
  if (figure === 'abandonment' || figure === 'leftInMenu') return { n: missed, d: met + missed };
  if (figure === 'callsOffered' || figure === 'emailsReceived') return { n: counted(rows, 'counted'), d: 0 };
  if (figure !== 'speedOfAnswer') return { n: met, d: met + missed };
  const waits = rows.filter(({ verdict }) => verdict === 'counted').map(({ view }) => view?.waitMs ?? 0);
  return { n: waits.reduce((sum, ms) => sum + ms, 0), d: waits.length };
}

function isWanted(filter: VerdictFilter, { verdict }: ListedItem): boolean {
  return filter === 'counted' ? ['met', 'missed', 'counted'].includes(verdict) : verdict === filter;
}
