import type { Instant } from '../../shared/time.ts';

/** Words for days and moments of weeks past, in the site's zone. */
export interface When {
  /** "Tue 10" */
  weekday(at: Instant): string;
  /** "Tue 10 Nov 12:31" */
  moment(at: Instant): string;
}

export function createWhen(timeZone: string): When {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric' });
  const month = new Intl.DateTimeFormat('en-GB', { timeZone, month: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const weekday = (at: Instant): string => day.format(at).replace(',', '');
  return { weekday, moment: (at) => `${weekday(at)} ${month.format(at)} ${time.format(at)}` };
}
