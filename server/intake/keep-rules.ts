import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from './intake.ts';

const RULES = 'rules';
/** What a migration writes there that threw every verdict away. */
const NOTHING_JUDGED = 'judge everything';

/**
 * After an update that threw every verdict away, judges everything stored, however long that takes: to be done before a
 * wall is shown. Otherwise nothing.
 */
export async function judgeAfterUpdate(needs: KeepRulesNeeds, fingerprint: string): Promise<void> {
  if ((await needs.store.meta(RULES)) !== NOTHING_JUDGED) return;
  needs.log.info('First Ring was updated: everything stored is judged again first');
  await judgeByNewRules(needs, fingerprint);
}

/**
 * When the rules are others than those that the stored verdicts were made by, judges everything again, beside the work
 * of the day; begins anew at the next start if it could not finish.
 */
export async function keepRules(needs: KeepRulesNeeds, fingerprint: string): Promise<void> {
  try {
    await judgeByNewRules(needs, fingerprint);
  } catch (error) {
    needs.log.error({ err: error }, 'not judged again by the new rules; it is tried again at the next start');
  }
}

interface KeepRulesNeeds {
  store: Store;
  intake: Intake;
  log: Log;
  stop: AbortSignal;
}

async function judgeByNewRules(
  { store, intake, log, stop }: KeepRulesNeeds,
  fingerprint: string,
): Promise<void> {
  const judgedBy = await store.meta(RULES);
  if (judgedBy === fingerprint) return;
  if (judgedBy !== null) {
    log.info('the rules were changed: everything stored is judged again');
    const items = await intake.judgeAgain(stop);
    if (stop.aborted) return;
    log.info({ items }, 'everything stored is judged by the new rules');
  }
  await store.setMeta(RULES, fingerprint);
}
