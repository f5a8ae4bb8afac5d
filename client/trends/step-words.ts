import { percentText, wilson95 } from '../../shared/percent.ts';
import type { Instant } from '../../shared/time.ts';
import type { Zone } from './dates.ts';
import { countText, FIGURES, numberText, pairText } from './figure-words.ts';
import type { Drawn, DrawnStep } from './steps.ts';

const HOUR_MS = 3_600_000;

/** "Wed 4 Nov", "Wed 4 Nov 10:00 to 11:00", "Mon 2 Nov to Sun 8 Nov", "Nov 2026". */
export function stepName({ from, to }: { from: Instant; to: Instant }, zone: Zone): string {
  const first = zone.day(from);
  if (to - from < 23 * HOUR_MS) return `${first} ${zone.minute(from)} to ${zone.minute(to)}`;
  const last = zone.day(to - 1);
  if (first === last) return first;
  const isMonth = zone.date(from).endsWith('-01') && zone.date(to).endsWith('-01');
  return isMonth && to - from < 32 * 24 * HOUR_MS ? zone.month(from) : `${first} to ${last}`;
}

/** What a step says in a few lines, the most important first. */
export function stepLines(drawn: Drawn, step: DrawnStep, zone: Zone): string[] {
  const { figure, unit } = drawn;
  const name = stepName(step, zone);
  const { n, d } = step;
  switch (FIGURES[figure].shown) {
    case 'count':
      return [
        name,
        countText(n, figure),
        ...(step.before === null ? [] : [`${numberText(step.before.n)} before`]),
      ];
    case 'wait':
      return [`${name} ${waitText(d === 0 ? null : n / d)}`, `mean of ${countText(d, figure)}`];
    case 'ranks':
      if (d === 0) return [`${name} –`, countText(0, figure)];
      return [
        `${name} median ${unitText(step.n, unit)}`,
        ...(step.high === null ? [] : [`9 in 10 within ${unitText(step.high, unit)}`]),
        `of ${countText(d, figure)}`,
      ];
    case 'ratio':
      return [
        d < drawn.minSample ? name : `${name} ${stepPercent(drawn, step)}`,
        d === 0 ? `no ${FIGURES[figure].of}` : pairText(n, d, figure),
        ...(d === 0 ? [] : [`95% interval ${intervalText(step)}`]),
      ];
  }
}

/** The same as one sentence, for those who hear it. */
export function stepSentence(drawn: Drawn, step: DrawnStep, zone: Zone): string {
  const unknown = drawn.unknownFrom !== null && step.to > drawn.unknownFrom ? ['not all of it is known'] : [];
  return [...stepLines(drawn, step, zone), ...unknown].join(', ');
}

/** The percent of a step in words. */
export function stepPercent(
  { figure, target }: Pick<Drawn, 'figure' | 'target'>,
  step: { n: number; d: number },
): string {
  return percentText(step, ruleOf(figure, target));
}

/** How a percent of this figure is worded. */
export function ruleOf(
  figure: Drawn['figure'],
  target: number | null,
): { kind: 'min' | 'max'; target?: number } {
  const { kind } = FIGURES[figure];
  return target === null ? { kind } : { kind, target };
}

/** "59 to 69%": Wilson's 95 % interval in whole percents. */
export function intervalText(step: { n: number; d: number }): string {
  const interval = wilson95(step);
  if (interval === null) return '–';
  return `${Math.round(interval.low * 100)} to ${Math.round(interval.high * 100)}%`;
}

/** "1:33" of milliseconds, half up; "–" of null. */
export function waitText(ms: number | null): string {
  if (ms === null) return '–';
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** "48 min", "2 h 05 min", "12 s", "3:24". */
export function unitText(value: number | null, unit: Drawn['unit']): string {
  if (value === null) return '–';
  if (unit === 'seconds') return value < 60 ? `${value} s` : waitText(value * 1_000);
  if (value < 60) return `${value} min`;
  return `${Math.floor(value / 60)} h ${String(value % 60).padStart(2, '0')} min`;
}
