import { type AlertRule, alertMetrics, type SavedRule } from '../../shared/alert.ts';

/** A rule that was changed here and is not saved yet, and what it was when that began. */
export interface KeptDraft {
  rule: AlertRule;
  from: SavedRule | null;
}

/** The name of a rule that was never saved. */
export const NEW_RULE = 'new';

const KEY = 'first-ring.draft.1.';

/** Keeps it in this tab, so that a session that ends in the middle, or a look at another rule, loses nothing typed. */
export function keepDraft(id: string, draft: KeptDraft): void {
  unlessForbidden(() => window.sessionStorage.setItem(KEY + id, JSON.stringify(draft)));
}

export function forgetDraft(id: string): void {
  unlessForbidden(() => window.sessionStorage.removeItem(KEY + id));
}

export function keptDraft(id: string): KeptDraft | null {
  const kept = unlessForbidden(
    () => JSON.parse(window.sessionStorage.getItem(KEY + id) ?? 'null') as unknown,
  );
  return isDraft(kept) ? kept : null;
}

function isDraft(kept: unknown): kept is KeptDraft {
  const rule = (kept as Partial<KeptDraft> | null | undefined)?.rule;
  return typeof rule === 'object' && rule !== null && rule.metric in alertMetrics;
}

/** A browser may keep nothing for a page, or be full: then a draft lives as long as its page. */
function unlessForbidden<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof DOMException || error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
