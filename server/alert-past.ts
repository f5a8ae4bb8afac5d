import type { Instant } from '../shared/time.ts';
import type { ReplaysNeeds } from './alerts/replay/replays.ts';
import type { Config } from './config.ts';
import type { CallFact, EmailFact } from './fact.ts';
import { judgeCall } from './judge/call.ts';
import { judgeThread } from './judge/email.ts';
import { staysOfFacts } from './judge/history.ts';
import { localDay } from './judge/local-day.ts';
import { teamRulesOf } from './judge/rules.ts';
import { calendarOf, teamIn } from './metrics/alert-looks.ts';
import type { Store } from './store/store.ts';

/** What the replay needs of the rule book and of the calendars, which cannot be sent to its thread. */
export function pastOf(
  { rules, site }: Pick<Config, 'rules' | 'site'>,
  store: Store,
): Omit<ReplaysNeeds, 'clock' | 'file'> {
  return {
    rulesFor: ({ scope }) => ({
      shortAbandonMs: rules.shortAbandonMs,
      firstRingAnchor: rules.firstRingAnchor,
      ringPeriodMs: rules.ringPeriodMs,
      serviceLevelMs: teamRulesOf(rules, scope === 'site' ? null : teamIn(rules, scope)).serviceLevelMs,
    }),
    openIn: ({ scope }, span) => calendarOf(rules, scope).spans(span),
    midnights({ from, to }) {
      const found: Instant[] = [];
      let day = localDay(from, site.zone);
      for (; day.to <= to; day = localDay(day.to, site.zone)) found.push(day.to);
      found.push(day.to);
      return found;
    },
    async staysOfItems(keys, about) {
      const facts = await store.factsOf(keys);
      return keys.flatMap((key) => {
        const told = (facts.get(key) ?? []).map(({ fact }) => fact);
        const stays = key.startsWith('call/')
          ? staysOfFacts(told as CallFact[], (some) => judgeCall(some, rules), about)
          : key.startsWith('thread/')
            ? staysOfFacts(told as EmailFact[], (some) => judgeThread(some, rules), about)
            : [];
        return stays.map((stay) => ({ key, stay }));
      });
    },
  };
}
