import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/time.ts';

/** ISO 8601 to the second with the offset that the zone has then: 2026-11-16T07:00:00-05:00. */
export function localIso(at: Instant, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toString({ smallestUnit: 'second', timeZoneName: 'never' });
}

/** The ISO local date. */
export function localDate(at: Instant, zone: string): string {
  return localIso(at, zone).slice(0, 10);
}
