import type { Tally } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { HeatmapAnswer } from '../../shared/wire-trends.ts';
import type { HeatmapQuery, Look } from './trends.ts';
import { dueAt, type MailClock } from './trends-scope.ts';
import { DAY_MINUTES, type Days, type Steps, weekdayOf } from './trends-steps.ts';

type HeatmapPart = Omit<HeatmapAnswer, 'now' | 'zone' | 'from' | 'to'>;

/** Days of hours worked out at a time: others get their turn between. */
const DAYS_AT_ONCE = 366;

/** A figure by local weekday and hour: what its days have in common. Emails by the hour in which they arrived. */
export async function heatmapOf(look: Look, query: HeatmapQuery, days: Days): Promise<HeatmapPart> {
  const { figure } = query;
  const { scope, targets, mail } = look.scopeOf(query.scope);
  const byArrival = figure === 'emailsWithinHour';
  const clocks = byArrival ? mail.map(({ due }) => due) : [];
  const cells = new Map<number, Tally>();
  let leftOutFrom: Instant | null = null;
  for (let from = days.from; from <= days.to && leftOutFrom === null; from += DAYS_AT_ONCE) {
    const part = { from, to: Math.min(days.to, from + DAYS_AT_ONCE - 1) };
    const steps = look.stepsOf({ ...part, by: 'hour', most: Number.POSITIVE_INFINITY });
    const sums = await look.store.sums({
      scopes: [scope],
      figures: [byArrival ? 'emailsByArrival' : figure],
      edges: steps.edges,
      ...look.read.known,
    });
    const settled = settledSteps(look, steps.edges, clocks);
    addTo(cells, steps, sums, settled);
    if (settled < steps.starts.length) leftOutFrom = steps.edges[settled] ?? null;
  }
  return {
    scope,
    figure,
    attributed: byArrival || figure === 'emailsReceived' ? 'arrival' : 'counted',
    target: targets[figure] ?? null,
    cells: [...cells]
      .sort(([a], [b]) => a - b)
      .map(([index, tally]) => ({ weekday: Math.floor(index / 24), hour: index % 24, ...tally })),
    // What has not come yet is not left out.
    leftOutFrom: leftOutFrom !== null && leftOutFrom <= look.now ? leftOutFrom : null,
  };
}

/** The first steps by weekday and hour, so many of them. */
function addTo(
  cells: Map<number, Tally>,
  { starts }: Steps,
  { n, d }: { n: Float64Array; d: Float64Array },
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    if (n[i] === 0 && d[i] === 0) continue;
    const start = starts[i] ?? 0;
    const day = Math.floor(start / DAY_MINUTES);
    const index = weekdayOf(day) * 24 + Math.floor((start - day * DAY_MINUTES) / 60);
    const cell = cells.get(index) ?? { n: 0, d: 0 };
    cells.set(index, { n: cell.n + (n[i] ?? 0), d: cell.d + (d[i] ?? 0) });
  }
}

/** How many steps, from the first, hold no mail whose answer is due after now, whichever mailbox it came to. */
function settledSteps({ read }: Look, edges: readonly Instant[], clocks: readonly MailClock[]): number {
  const knownTo = read.trueTo('emailsWithinHour');
  const isSettled = (step: number): boolean => {
    const last = (edges[step + 1] ?? Number.POSITIVE_INFINITY) - 1;
    return clocks.every((clock) => dueAt(clock, last) <= knownTo);
  };
  let from = 0;
  let to = edges.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isSettled(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
