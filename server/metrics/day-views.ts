import { entryOf } from '../../shared/entry-of.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import { isSameViews } from '../judge/same.ts';
import type { CallView } from '../judge/verdict.ts';
import { createViewsOfDay, type ViewsOfDay } from './views-of-day.ts';

/** Views of each scope by local day, for every day from `from` on. */
export interface DayViews {
  /** Replaces what an item's call views added by what they add now. */
  replace(before: readonly CallView[], after: readonly CallView[]): void;
  of(scope: Scope, day: Span): ViewsOfDay | null;
  forget(before: Instant): void;
}

/** Counts the views of these scopes; `dayOf` names the local day that holds an instant. */
export function createDayViews(
  scopes: ReadonlySet<Scope>,
  from: Instant,
  dayOf: (at: Instant) => Span,
): DayViews {
  const days = new Map<Instant, Map<Scope, ViewsOfDay>>();
  const viewsOf = (scope: Scope, day: Span): ViewsOfDay =>
    entryOf(
      entryOf(days, day.from, () => new Map<Scope, ViewsOfDay>()),
      scope,
      createViewsOfDay,
    );
  const count = (view: CallView, times: 1 | -1): void => {
    if (!scopes.has(view.scope)) return;
    const offered = dayOf(view.offeredAt);
    if (offered.from >= from) viewsOf(view.scope, offered).count(view, offered, times);
    if (view.menuMs === null) return;
    const arrived = dayOf(view.offeredAt - view.menuMs);
    if (arrived.from !== offered.from && arrived.from >= from)
      viewsOf(view.scope, arrived).count(view, arrived, times);
  };
  return {
    replace(before, after) {
      if (isSameViews(before, after)) return;
      for (const view of before) count(view, -1);
      for (const view of after) count(view, 1);
    },
    of: (scope, day) => days.get(day.from)?.get(scope) ?? null,
    forget(before) {
      for (const day of days.keys()) if (day < before) days.delete(day);
    },
  };
}
