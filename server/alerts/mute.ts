import { Temporal } from 'temporal-polyfill';
import { type AlertRule, alertWeekdays, type QuietHours } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Silence } from '../store/alerts.ts';

/** Is it one of the rule's quiet times? Local times of the site; one that passes midnight belongs to the day it begins on. */
export function isQuiet(quiet: readonly QuietHours[], at: Instant, zone: string): boolean {
  if (quiet.length === 0) return false;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const today = alertWeekdays[local.dayOfWeek - 1] ?? 'mon';
  const yesterday = alertWeekdays[(local.dayOfWeek + 5) % 7] ?? 'sun';
  return quiet.some(({ days, from, to }) => {
    if (from === to) return days.includes(today);
    if (from < to) return days.includes(today) && time >= from && time < to;
    return (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to);
  });
}

/** Does a silence hold for the rule now? One of a scope holds for everything within it. */
export function isSilenced(
  silences: readonly Silence[],
  rule: Pick<AlertRule, 'scope'> & { id: string },
  at: Instant,
  isWithin: (inner: Scope, outer: Scope) => boolean,
): boolean {
  return silences.some(
    (one) =>
      at >= one.from &&
      at < one.to &&
      (one.rule === null ? one.scope !== null && isWithin(rule.scope, one.scope) : one.rule === rule.id),
  );
}
