import { type AlertMetric, type AlertRule, metricShape } from '../../shared/alert.ts';
import type { Instant, Span } from '../../shared/time.ts';
import { SECOND } from '../../shared/time.ts';
import type { Ready } from './use-preview.ts';

/** Where a day stands in the drawing. */
export interface DayBox {
  from: Instant;
  to: Instant;
  x: number;
  width: number;
}

/** Units between two days of the drawing. */
const GAP = 3;
const DAY_MS = 24 * 3_600_000;

/**
 * The days side by side in `width` units, each as wide as it is long; what lies between them takes no room. Where the
 * rule watches opening hours a day is from its first opening to its last closing.
 */
export function daysOf(
  ready: Ready,
  hours: AlertRule['hours'],
  from: Instant,
  left: number,
  width: number,
): DayBox[] {
  const spans = (hours === 'open' ? joined(ready.open) : wholeDays(from, ready.to))
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, ready.to) }))
    .filter((span) => span.to > span.from);
  const total = spans.reduce((sum, span) => sum + span.to - span.from, 0);
  const unit = (width - GAP * Math.max(0, spans.length - 1)) / Math.max(1, total);
  let x = left;
  return spans.map((span) => {
    const box = { ...span, x, width: (span.to - span.from) * unit };
    x += box.width + GAP;
    return box;
  });
}

/** Where an instant lies; what lies between two days lies at the edge of the nearer one before. */
export function xOf(days: readonly DayBox[], at: Instant): number {
  const day = days.findLast((box) => box.from <= at) ?? days[0];
  if (day === undefined) return 0;
  const part = Math.min(1, Math.max(0, (at - day.from) / (day.to - day.from)));
  return day.x + part * day.width;
}

/** A value as the number that it is drawn as, in the unit of its levels; null without items. */
export function heightOf(metric: AlertMetric, target: number | null, n: number, d: number): number | null {
  switch (metricShape(metric).kind) {
    case 'percent':
    case 'rate':
      return d === 0 ? null : (100 * n) / d;
    case 'mean':
      return d === 0 ? null : n / d / SECOND;
    case 'length':
      return d === 0 ? null : n / SECOND;
    case 'count':
    case 'gauge':
      return d === 0 && n === 0 ? null : n;
    case 'burn':
      return d === 0 || target === null ? null : (100 * (d - n)) / (d * (100 - target));
  }
}

/** The lowest and the highest that is drawn; it does not move while a level is dragged. */
export function rangeOf(
  rule: AlertRule,
  ready: Ready,
  levels: readonly number[],
): { low: number; high: number } {
  const values = ready.line.at.flatMap(
    (_at, i) => heightOf(rule.metric, rule.target, ready.line.n[i] ?? 0, ready.line.d[i] ?? 0) ?? [],
  );
  if (metricShape(rule.metric).kind === 'percent' && rule.direction === 'below') {
    const sorted = [...values].sort((a, b) => a - b);
    const usual = sorted[Math.floor(sorted.length * 0.02)] ?? 50;
    return { low: Math.max(0, Math.floor(Math.min(usual, ...levels) / 10) * 10 - 10), high: 100 };
  }
  const most = values.reduce((max, value) => Math.max(max, value), 0);
  const high = Math.max(most, ...levels.map((level) => level * 1.5), 1);
  const unit = 10 ** Math.floor(Math.log10(high));
  return { low: 0, high: Math.ceil(high / (unit / 2)) * (unit / 2) };
}

/** Openings that belong to one working day as one: a pause at noon is no new day. */
function joined(open: readonly Span[]): Span[] {
  const days: Span[] = [];
  for (const span of open) {
    const last = days.at(-1);
    if (last !== undefined && span.from - last.to < DAY_MS / 6 && span.to - last.from <= DAY_MS)
      last.to = span.to;
    else if (span.to - span.from > DAY_MS) days.push(...wholeDays(span.from, span.to));
    else days.push({ ...span });
  }
  return days;
}

function wholeDays(from: Instant, to: Instant): Span[] {
  const days: Span[] = [];
  for (let at = from; at < to; at += DAY_MS) days.push({ from: at, to: Math.min(to, at + DAY_MS) });
  return days;
}
