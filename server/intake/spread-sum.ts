import { entryOf } from '../../shared/entry-of.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { arrivalKey, replyKey, ringKey, waitKey } from '../judge/lengths.ts';
import { localDaysOf } from '../judge/local-days.ts';
import type { Rules } from '../judge/rules.ts';
import { isSameReplies, isSameViews } from '../judge/same.ts';
import type { CallView, Judged, Reply } from '../judge/verdict.ts';
import type { EpochDay, Measure, SpreadDelta } from '../store/trends.ts';

/** Adds up changes to the distributions of lengths, so that each key is written once, and one that comes to nothing not. */
export interface SpreadSum {
  /** Takes away the lengths of one verdict and adds those of the other. */
  replace(before: Judged | null, after: Judged | null): void;
  /** The net changes. */
  deltas(): SpreadDelta[];
}

type Days = Map<EpochDay, Map<number, number>>;

/** Days are those of the site's zone. */
export function createSpreadSum(rules: Rules): SpreadSum {
  const dayOf = localDaysOf(rules);
  const sums = new Map<Scope, Map<Measure, Days>>();
  const add = (scope: Scope, measure: Measure, at: Instant, key: number, count: number): void => {
    const measures = entryOf(sums, scope, () => new Map<Measure, Days>());
    const days = entryOf(measures, measure, () => new Map<EpochDay, Map<number, number>>());
    const keys = entryOf(days, dayOf(at).day, () => new Map<number, number>());
    keys.set(key, (keys.get(key) ?? 0) + count);
  };
  const addView = ({ scope, offeredAt, outcome, waitMs, reactionMs }: CallView, sign: 1 | -1): void => {
    if (outcome !== 'answered') return;
    add(scope, 'wait', offeredAt, waitKey(waitMs ?? 0), sign);
    if (reactionMs !== null) add(scope, 'ring', offeredAt, ringKey(reactionMs), sign);
  };
  const addReply = ({ scopes, inAt, answeredAt, replyMinutes, isPast }: Reply, sign: 1 | -1): void => {
    const reply = replyMinutes === null ? null : replyKey(replyMinutes, isPast);
    if (answeredAt !== null && reply !== null)
      for (const scope of scopes) add(scope, 'reply', answeredAt, reply, sign);
    // Each once, so that its own mailbox's hours can be asked.
    const [owner = 'site'] = scopes;
    add(owner, 'arrival', inAt, arrivalKey(inAt - dayOf(inAt).from, reply), sign);
  };
  const addAll = ({ views, replies }: Judged, sign: 1 | -1): void => {
    for (const view of views) addView(view, sign);
    for (const reply of replies) addReply(reply, sign);
  };
  return {
    replace(before, after) {
      if (before !== null && after !== null && isAsLong(before, after)) return;
      if (before !== null) addAll(before, -1);
      if (after !== null) addAll(after, 1);
    },
    deltas() {
      const net: SpreadDelta[] = [];
      for (const [scope, measures] of sums)
        for (const [measure, days] of measures)
          for (const [day, keys] of days)
            for (const [key, count] of keys) if (count !== 0) net.push({ scope, measure, day, key, count });
      return net;
    },
  };
}

function isAsLong(a: Judged, b: Judged): boolean {
  return isSameViews(a.views, b.views) && isSameReplies(a.replies, b.replies);
}
