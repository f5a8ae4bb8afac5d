import type { Instant } from '../../shared/time.ts';
import { formulaChanged, RULE_BOOK, type RuleSetting, ruleChanges } from '../judge/rules-said.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** Written where verdicts were made before settings were kept: only that the formulas changed is known of them. */
const BEFORE_MARKS = 'rules';

/**
 * Marks on the trends what figures or targets depend on and is not as it was at the last start; to be called before
 * anything is judged again. What could not be kept is told at the next start.
 */
export async function markRules(
  { store, log }: { store: Store; log: Log },
  said: readonly RuleSetting[],
  now: Instant,
): Promise<void> {
  try {
    const kept = await store.rulesSaid();
    const written = JSON.stringify(said);
    if (kept === written) return;
    const changes =
      kept === null ? await firstChanges(store, said) : ruleChanges(JSON.parse(kept) as RuleSetting[], said);
    await store.keepRules(
      written,
      changes.map((text) => ({ at: now, text })),
    );
    if (changes.length > 0) log.info({ changes }, 'settings that figures depend on were changed');
  } catch (error) {
    log.error(
      { err: error },
      'changed settings are not marked on the trends; it is tried again at the next start',
    );
  }
}

async function firstChanges(store: Store, said: readonly RuleSetting[]): Promise<string[]> {
  if ((await store.meta(BEFORE_MARKS)) === null) return [];
  return said.filter(({ what }) => what === RULE_BOOK).map(({ value }) => formulaChanged(value));
}
