import { useState } from 'react';
import type { AlertRule, SavedRule } from '../../shared/alert.ts';
import { draftOf } from './draft.ts';
import { forgetDraft, keepDraft, keptDraft, NEW_RULE } from './kept-drafts.ts';

/** A rule as it stands in the editor. */
export interface Draft {
  rule: AlertRule;
  /** What was saved when the changes began; null for a new rule. */
  begunFrom: SavedRule | null;
  changed: boolean;
  /** Somebody else has changed meanwhile what is changed here. */
  overtaken: boolean;
  change: (part: Partial<AlertRule>) => void;
  drop: () => void;
  /** What was changed here stands, on top of what somebody else saved. */
  keepMine: () => void;
}

/** The saved rule until something is changed, and then that; of a rule that was never saved the one that `begin` makes. */
export function useDraft(saved: SavedRule | null, begin: () => AlertRule): Draft {
  const id = saved?.id ?? NEW_RULE;
  const [kept] = useState(() => keptDraft(id));
  // Null while nothing was changed here: then what is saved is shown, whoever saves it.
  const [draft, setDraft] = useState(() => kept?.rule ?? (saved === null ? begin() : null));
  const [begunFrom, setBegunFrom] = useState(kept?.from ?? saved);
  const rule = draft ?? (saved === null ? begin() : draftOf(saved));
  const changed = saved === null || (draft !== null && !isSame(draft, draftOf(saved)));
  const keep = (next: AlertRule, from: SavedRule | null) => {
    setDraft(next);
    setBegunFrom(from);
    keepDraft(id, { rule: next, from });
  };
  return {
    rule,
    begunFrom,
    changed,
    overtaken: changed && saved !== null && begunFrom !== null && !isSame(draftOf(saved), draftOf(begunFrom)),
    change: (part) => keep({ ...rule, ...part }, draft === null ? saved : begunFrom),
    drop: () => {
      setDraft(null);
      forgetDraft(id);
    },
    keepMine: () => keep(rule, saved),
  };
}

/** But for whether it is on: that is switched in the list, and no part of what is edited. */
function isSame(a: AlertRule, b: AlertRule): boolean {
  return JSON.stringify({ ...a, on: true }) === JSON.stringify({ ...b, on: true });
}
