import type { Longest as LongestConversation } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { conversationText } from './lengths.ts';
import { type Moments, weekdayOfDate } from './moments.ts';
import type { Standing } from './standing.ts';

interface LongestProps {
  longest: LongestConversation | null;
  /** Null until there is a snapshot. */
  time: { now: Instant; moments: Moments; today: string } | null;
  standing: Standing;
}

/** The longest conversation: an honour, without a name or a target. It goes on counting while it is going on. */
export function Longest({ longest, time, standing }: LongestProps) {
  const old = standing.kind === 'lost' && longest !== null;
  return (
    <section className={old ? 'wow is-old' : 'wow'} aria-label="Longest conversation">
      <h3>{time === null ? 'Longest conversation today' : titleOf(longest, time, standing)}</h3>
      <div className="n">
        {longest === null || time === null ? '–' : conversationText(lengthOf(longest, time.now, standing))}
      </div>
    </section>
  );
}

function titleOf(
  longest: LongestConversation | null,
  time: NonNullable<LongestProps['time']>,
  standing: Standing,
): string {
  const day = longest === null ? time.today : longest.date;
  if (day === time.today) {
    const known = standing.kind === 'live' ? null : standing.asOf;
    return known === null
      ? 'Longest conversation today'
      : `Longest conversation, to ${time.moments.minute(known)}`;
  }
  const yesterday = time.moments.date(time.now - 24 * HOUR) === day;
  return `Longest conversation ${yesterday ? 'yesterday' : `on ${weekdayOfDate(day)}`}`;
}

function lengthOf({ ms, since }: LongestConversation, now: Instant, standing: Standing): number {
  if (since === null) return ms;
  const until = standing.kind === 'live' ? now : (standing.asOf ?? now);
  return Math.max(ms, until - since);
}
