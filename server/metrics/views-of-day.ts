import type { Ranks } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { CallView } from '../judge/verdict.ts';
import { createHistogram } from './histogram.ts';
import { createLargest } from './largest.ts';

/** A ring time under this is no person's: the device answered on its own. */
const AUTO_ANSWER_MS = 300;

/** What the calls of one scope and local day add up to, beside their tallies. */
export interface ViewsOfDay {
  /** Counts a view `times` times; −1 takes it back. */
  count(view: CallView, day: Span, times: 1 | -1): void;
  preRing(): Ranks | null;
  menu(): Ranks | null;
  neverRang(): number;
  longestWaitMs(): number | null;
  longestTalkMs(): number | null;
  /** At least 80 % of at least `minSample` ring times are under 300 ms. */
  autoAnswer(minSample: number): boolean;
}

/** Nothing counted yet. */
export function createViewsOfDay(): ViewsOfDay {
  const preRing = createHistogram();
  const menu = createHistogram();
  const waits = createLargest();
  const talks = createLargest();
  let neverRang = 0;
  let rings = 0;
  let fastRings = 0;

  const count = (view: CallView, day: Span, times: 1 | -1): void => {
    // Time in the menu belongs to the day on which the PBX took the call, everything else to that of its offer.
    if (view.menuMs !== null && inside(view.offeredAt - view.menuMs, day)) menu.add(view.menuMs, times);
    if (!inside(view.offeredAt, day)) return;
    if (view.preRingMs !== null) preRing.add(view.preRingMs, times);
    else if (isFinished(view)) neverRang += times;
    if (view.ringMs !== null) {
      rings += times;
      if (view.ringMs < AUTO_ANSWER_MS) fastRings += times;
    }
    const waited = view.outcome === 'answered' || view.outcome === 'abandoned';
    if (waited && view.waitMs !== null) waits.add(view.waitMs, times);
    if (view.talkMs !== null) talks.add(view.talkMs, times);
  };

  return {
    count,
    preRing: () => preRing.ranks(),
    menu: () => menu.ranks(),
    neverRang: () => neverRang,
    longestWaitMs: () => waits.topMs(),
    longestTalkMs: () => talks.topMs(),
    autoAnswer: (minSample) => rings >= Math.max(1, minSample) && 100 * fastRings >= 80 * rings,
  };
}

function inside(at: Instant, span: Span): boolean {
  return at >= span.from && at < span.to;
}

function isFinished(view: CallView): boolean {
  return view.outcome === 'answered' || view.outcome === 'abandoned' || view.outcome === 'flow_out';
}
