import type { Scope } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { CallView } from '../judge/verdict.ts';
import { entryOf } from './entry-of.ts';
import { createViewsOfDay, type ViewsOfDay } from './views-of-day.ts';

/** Views of each scope by local day, for every day from `from` on. */
export interface DayViews {
  /** Replaces what an item's call views added by what they add now. */
  replace(key: string, before: readonly CallView[], after: readonly CallView[]): void;
  of(scope: Scope, day: Span): ViewsOfDay | null;
  forget(before: Instant): void;
  exhausted(): boolean;
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
  const each = (view: CallView, run: (views: ViewsOfDay, day: Span) => void): void => {
    if (!scopes.has(view.scope)) return;
    const offered = dayOf(view.offeredAt);
    const arrived = view.menuMs === null ? offered : dayOf(view.offeredAt - view.menuMs);
    for (const day of arrived.from === offered.from ? [offered] : [arrived, offered]) {
      if (day.from >= from) run(viewsOf(view.scope, day), day);
    }
  };
  return {
    replace(key, before, after) {
      for (const view of before) each(view, (views, day) => views.takeBack(key, view, day));
      for (const view of after) each(view, (views, day) => views.count(key, view, day));
    },
    of: (scope, day) => days.get(day.from)?.get(scope) ?? null,
    forget(before) {
      for (const day of days.keys()) if (day < before) days.delete(day);
    },
    exhausted: () =>
      [...days.values()].some((ofDay) => [...ofDay.values()].some((views) => views.exhausted())),
  };
}
