import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Intake } from './intake.ts';

const RULES = 'rules';

/**
 * When the rules are others than those that the stored verdicts were made by, judges everything again, beside the work
 * of the day; begins anew at the next start if it could not finish.
 */
export async function keepRules(
  needs: { store: Store; intake: Intake; log: Log; stop: AbortSignal },
  fingerprint: string,
): Promise<void> {
  try {
    await judgeByNewRules(needs, fingerprint);
  } catch (error) {
    needs.log.error({ err: error }, 'not judged again by the new rules; it is tried again at the next start');
  }
}

async function judgeByNewRules(
  { store, intake, log, stop }: Parameters<typeof keepRules>[0],
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
