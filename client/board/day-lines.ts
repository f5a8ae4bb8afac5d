import type { Promised, Step, Tally } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** One corner of the lines of a day; values are percents for drawing only. */
export interface Corner {
  at: Instant;
  today: number | null;
  last: number | null;
  /** From the value up to the target, where today fell short of it. */
  short: [number, number] | null;
}

export interface DayLines {
  corners: Corner[];
  /** Where today's line ends; null when it has none. */
  end: { at: Instant; value: number } | null;
}

/**
 * Corners of today's steps up to `until`, and of the comparison day's steps over the whole day. A step that is still
 * running is drawn once it holds the smallest sample, for its first call alone would throw the line to 0 or to 100.
 */
export function dayLines(promised: Promised, until: Instant): DayLines {
  const corners: Corner[] = [];
  let end: DayLines['end'] = null;
  const enough = isEnough(promised);
  for (const step of promised.steps) {
    const last = height(step.last);
    const begun = step.from < until;
    const today = enough && isDrawn(promised, step, until) ? height(step.today) : null;
    const short: Corner['short'] =
      today !== null && today < promised.target ? [today, promised.target] : null;
    const to = Math.min(step.to, until);
    corners.push({ at: step.from, today, last, short });
    if (begun && to < step.to) corners.push({ at: to, today, last, short });
    const whole = begun && to === step.to;
    corners.push({ at: step.to, today: whole ? today : null, last, short: whole ? short : null });
    if (today !== null) end = { at: to, value: today };
  }
  return { corners, end };
}

/** The bottom of the charts, one for all of a board: 70, or the ten below the lowest value shown. */
export function floorOf(promises: readonly Promised[], now: Instant): number {
  const shown = promises.flatMap((promised) => [
    promised.target,
    ...promised.steps.flatMap((step) => shownIn(promised, step, Math.min(now, promised.asOf ?? now))),
  ]);
  return Math.max(0, Math.floor(Math.min(70, ...shown) / 10) * 10);
}

function shownIn(promised: Promised, step: Step, until: Instant): number[] {
  const today = isEnough(promised) && isDrawn(promised, step, until) ? height(step.today) : null;
  return [today, height(step.last)].filter((value) => value !== null);
}

function isDrawn({ minSample }: Promised, step: Step, until: Instant): boolean {
  return step.from < until && (step.to <= until || step.today.d >= minSample);
}

/** Under the smallest sample that may be a percent, today has no line either. */
function isEnough(promised: Promised): boolean {
  return promised.tally.d >= promised.minSample;
}

function height({ n, d }: Tally): number | null {
  return d === 0 ? null : (100 * n) / d;
}
