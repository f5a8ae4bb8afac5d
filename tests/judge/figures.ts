import type { CallOutcome, CallView, Judged } from '../../server/judge/verdict.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

export type Figures = Partial<Record<FigureId, [n: number, d: number]>>;

/** What a verdict has settled in one scope, by figure. */
export function settledIn({ settled }: Judged, scope: Scope = 'site'): Figures {
  const figures: Figures = {};
  for (const { figure, scope: own, n, d } of settled) {
    if (own !== scope) continue;
    const [before, of] = figures[figure] ?? [0, 0];
    figures[figure] = [before + n, of + d];
  }
  return withoutTwin(figures);
}

/** When the pending verdicts of one scope are lost, by figure. */
export function lostAtIn({ pending }: Judged, scope: Scope = 'site'): Partial<Record<FigureId, Instant>> {
  return withoutTwin(
    Object.fromEntries(
      pending.filter((one) => one.scope === scope).map(({ figure, lostAt }) => [figure, lostAt]),
    ) as Partial<Record<FigureId, Instant>>,
  );
}

/** By arrival an email counts as it does by verdict, at another instant: told apart only where it does not. */
function withoutTwin<T>(figures: Partial<Record<FigureId, T>>): Partial<Record<FigureId, T>> {
  const { emailsByArrival, ...rest } = figures;
  const isTwin = JSON.stringify(emailsByArrival) === JSON.stringify(rest.emailsWithinHour);
  return isTwin ? rest : figures;
}

export function viewIn({ views }: Judged, scope: Scope = 'site'): CallView | undefined {
  return views.find((view) => view.scope === scope);
}

export function outcomesOf({ views }: Judged): Partial<Record<Scope, CallOutcome>> {
  return Object.fromEntries(views.map(({ scope, outcome }) => [scope, outcome]));
}

/** A verdict with its lists in an order that does not matter, for comparing two of them. */
export function unordered(judged: Judged): unknown {
  return Object.fromEntries(
    Object.entries(judged).map(([list, items]) => [
      list,
      items.map((item: unknown) => JSON.stringify(item)).sort(),
    ]),
  );
}
