import { useMemo } from 'react';
import type { TrendFigure, TrendsAnswer, WhatIfAnswer, WhatIfFigure } from '../../shared/wire-trends.ts';
import { askable, isWhatIf } from './figure-words.ts';
import type { Offered } from './offered.ts';
import type { PageState } from './page-state.ts';
import type { Moved } from './row-moves.ts';
import { LOOK_EVERY_MS } from './row-words.ts';
import type { DrawnStep } from './steps.ts';
import { useAnswer } from './use-answer.ts';

/** Another time allowed, and what would have been. */
export interface HeldWhatIf {
  figure: WhatIfFigure;
  promisedMs: number;
  /** The time that is asked about; null while nothing is. */
  withinMs: number | null;
  answer: WhatIfAnswer | null;
  problem: string | null;
  steps: Pick<DrawnStep, 'from' | 'until' | 'value'>[] | null;
  toggle: () => void;
  change: (withinMs: number) => void;
}

/** Null for figures that promise no time. */
export function useWhatIf(
  figure: TrendFigure,
  { scope, promisedMs }: Offered,
  answer: TrendsAnswer,
  { state, go, shift }: Moved,
): HeldWhatIf | null {
  const { from, to, now } = answer;
  const promised = isWhatIf(figure) ? promisedMs[figure] : undefined;
  const within = isWhatIf(figure) ? state.within[figure] : undefined;
  const isAsked = promised !== undefined && within !== undefined;
  const by = answer.by === 'quarter' || answer.by === 'hour' ? 'day' : answer.by;
  const words = { from, to, by, figure, scope, within: String(within) };
  const { value, isOld, problem } = useAnswer<WhatIfAnswer>(
    isAsked ? `/api/trends/what-if?${new URLSearchParams(words)}` : null,
    LOOK_EVERY_MS,
  );
  // Of another place or period there is nothing to say here; of another time allowed the line stays for a moment.
  const mine =
    value !== null && value.scope === scope && value.from === from && value.to === to ? value : null;
  const steps = useMemo(() => (mine === null ? null : wouldBeOf(mine, now)), [mine, now]);
  if (!isWhatIf(figure) || promised === undefined) return null;
  const withinOf = (ms: number | null): PageState['within'] => {
    const { [figure]: _mine, ...others } = state.within;
    return ms === null ? others : { ...others, [figure]: ms };
  };
  return {
    figure,
    promisedMs: promised,
    withinMs: within ?? null,
    answer: isOld ? null : mine,
    problem,
    steps,
    toggle: () => go({ within: withinOf(within === undefined ? askable(promised, figure) : null) }),
    change: (ms) => shift({ within: withinOf(ms) }),
  };
}

function wouldBeOf({ edges, wouldBe }: WhatIfAnswer, now: number): NonNullable<HeldWhatIf['steps']> {
  return wouldBe.d.map((d, i) => {
    const from = edges[i] ?? 0;
    const until = Math.max(from, Math.min(edges[i + 1] ?? 0, now));
    return { from, until, value: d === 0 ? null : (100 * (wouldBe.n[i] ?? 0)) / d };
  });
}
