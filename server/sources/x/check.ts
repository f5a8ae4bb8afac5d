import { MINUTE } from '../../../shared/time.ts';
import { Problem } from '../../problem.ts';
import { openApi } from './client.ts';
import { inDollars } from './meter.ts';
import { planRules, strangersWords } from './rules.ts';
import type { XNeeds } from './session.ts';

/**
 * Asks X what costs nothing: the rules of the app, and whether it would take ours; in search mode the month's usage.
 * It opens no stream, for X allows one, and changes no rule.
 */
export async function checkX(
  { config, clock }: Pick<XNeeds, 'config' | 'clock'>,
  stop: AbortSignal,
): Promise<string> {
  const { posts, microUsd } = config.cap;
  const cap = `At most ${posts} posts or ${inDollars(microUsd)} are read in a day.`;
  const api = await openApi(config, clock, stop);
  try {
    if (config.mode === 'search') {
      const used = await api.usage();
      const month = used === null ? '' : ` The app has read ${used} posts this month.`;
      return `X accepts the token.${month} It will be searched every ${config.everyMs / MINUTE} min. ${cap}`;
    }
    const { add, remove, others } = planRules(await api.rules(), config.rules);
    const bad = add.length === 0 ? [] : await api.addRules(add, true);
    if (bad.length > 0) {
      const which = bad.map(({ value, why }) => `"${value}" (${why})`).join(', ');
      throw new Problem('invalid', `X accepts the token, but not these rules of "${config.id}": ${which}.`);
    }
    const former =
      remove.length === 0 ? '' : ` Of its own, ${remove.length} that left the file will be removed.`;
    const strangers = others.length === 0 ? '' : ` ${strangersWords(others)}`;
    return `X accepts the token and all ${config.rules.length} rules.${former}${strangers} ${cap}`;
  } finally {
    api.close();
  }
}
