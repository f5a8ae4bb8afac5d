import type { Rules } from '../judge/rules.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from './intake.ts';

const RULES = 'rules';
/** The zone whose days everything was counted by. */
const ZONE = 'zone';
/** What a migration writes there that threw every verdict away. */
const NOTHING_JUDGED = 'judge everything';

/**
 * After an update that threw every verdict away, and when the site moved to another zone, whose days are others, judges
 * everything stored, however long that takes: to be done before a wall is shown. Otherwise nothing.
 */
export async function judgeAfterUpdate(
  needs: KeepRulesNeeds & { rules: Pick<Rules, 'zone'> },
  fingerprint: string,
): Promise<void> {
  const { store, log } = needs;
  const { zone } = needs.rules;
  const countedBy = await store.meta(ZONE);
  if (countedBy !== null && countedBy !== zone) {
    await store.setMeta(RULES, NOTHING_JUDGED);
    await store.forgetVerdicts();
  }
  if (countedBy !== zone) await store.setMeta(ZONE, zone);
  if ((await store.meta(RULES)) !== NOTHING_JUDGED) return;
  log.info('First Ring was updated, or its zone was: everything stored is judged again first');
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
