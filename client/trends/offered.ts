import type { TrendScopesAnswer } from '../../shared/wire-trends.ts';

/** One scope that can be looked at. */
export type Offered = TrendScopesAnswer['scopes'][number];

/** Nothing that can be looked at: the site has no such team or queue. */
export function missingIn(offered: readonly Offered[], scopes: readonly string[]): string[] {
  return scopes.filter((scope) => !offered.some((one) => one.scope === scope));
}
