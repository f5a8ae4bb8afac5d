import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalendar } from '../../server/judge/hours.ts';
import type { WeeklyHours } from '../../server/judge/weekly-hours.ts';
import { alwaysOpen, onWeekdays } from '../support/some-rules.ts';

const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString();
const onSundays = (...sun: [string, string][]): WeeklyHours => ({ ...onWeekdays('09:00', '17:00'), sun });
const london = createCalendar({
  zone: 'Europe/London',
  weekly: onWeekdays('09:00', '17:00'),
  holidays: ['2026-04-03', '2026-04-06'],
});

describe('opening and closing', () => {
  it.each([
    ['one ms before opening', '2026-04-02T07:59:59.999Z', false],
    ['at opening', '2026-04-02T08:00:00.000Z', true],
    ['one ms before closing', '2026-04-02T15:59:59.999Z', true],
    ['at closing', '2026-04-02T16:00:00.000Z', false],
    ['on a holiday', '2026-04-03T10:00:00.000Z', false],
    ['on a Saturday', '2026-04-04T10:00:00.000Z', false],
  ])('%s', (_, instant, open) => {
    expect(london.isOpen(at(instant))).toBe(open);
  });

  it.each([
    ['uses up the hour exactly at closing', '2026-04-02T15:00:00.000Z', '2026-04-02T16:00:00.000Z'],
    ['carries one ms over four closed days', '2026-04-02T15:00:00.001Z', '2026-04-07T08:00:00.001Z'],
    [
      'starts what comes at closing at the next opening',
      '2026-04-02T16:00:00.000Z',
      '2026-04-07T09:00:00.000Z',
    ],
    ['starts what comes before opening at opening', '2026-04-02T03:00:00.000Z', '2026-04-02T09:00:00.000Z'],
  ])('%s', (_, from, due) => {
    expect(iso(london.addOpen(at(from), HOUR))).toBe(due);
  });

  it('adds nothing to any instant for no time at all', () => {
    expect(iso(london.addOpen(at('2026-04-04T10:00:00Z'), 0))).toBe('2026-04-04T10:00:00.000Z');
  });

  it('next opens after the holidays, and at once while open', () => {
    expect(iso(london.opensAt(at('2026-04-02T16:00:00Z')) ?? 0)).toBe('2026-04-07T08:00:00.000Z');
    expect(iso(london.opensAt(at('2026-04-02T15:59:59Z')) ?? 0)).toBe('2026-04-02T15:59:59.000Z');
  });

  it('takes holidays as a function, too', () => {
    const closed = createCalendar({
      zone: 'Europe/London',
      weekly: 'always',
      holidays: (date) => date === '2026-04-03',
    });
    expect(closed.always).toBe(false);
    expect(closed.isHoliday('2026-04-03')).toBe(true);
    expect(closed.spans({ from: at('2026-04-02T20:00Z'), to: at('2026-04-04T01:00Z') })).toEqual([
      { from: at('2026-04-02T20:00Z'), to: at('2026-04-02T23:00Z') },
      { from: at('2026-04-03T23:00Z'), to: at('2026-04-04T01:00Z') },
    ]);
  });
});

describe('24:00 and closing for lunch', () => {
  const late = createCalendar({
    zone: 'UTC',
    weekly: {
      ...onWeekdays('13:00', '24:00'),
      tue: [
        ['00:00', '02:00'],
        ['14:00', '15:00'],
      ],
    },
    holidays: [],
  });

  it('runs through midnight where one day closes at 24:00 and the next opens at 00:00', () => {
    expect(late.isOpen(at('2026-03-09T23:59:59.999Z'))).toBe(true);
    expect(late.isOpen(at('2026-03-10T00:00:00.000Z'))).toBe(true);
    expect(late.spans({ from: at('2026-03-09T23:00Z'), to: at('2026-03-10T14:30Z') })).toEqual([
      { from: at('2026-03-09T23:00Z'), to: at('2026-03-10T02:00Z') },
      { from: at('2026-03-10T14:00Z'), to: at('2026-03-10T14:30Z') },
    ]);
    expect(late.openBetween(at('2026-03-09T23:00Z'), at('2026-03-10T14:30Z'))).toBe(3.5 * HOUR);
  });
});

describe('daylight saving', () => {
  const calendar = (zone: string, weekly: WeeklyHours) => createCalendar({ zone, weekly, holidays: [] });

  it('opens at the first and closes at the second of a repeated hour (New York)', () => {
    const night = calendar('America/New_York', onSundays(['00:00', '02:00'], ['09:00', '12:00']));
    expect(night.openBetween(at('2026-11-01T04:00Z'), at('2026-11-01T14:00Z'))).toBe(3 * HOUR);
    expect(iso(night.addOpen(at('2026-11-01T06:30Z'), HOUR))).toBe('2026-11-01T14:30:00.000Z');
    const half = calendar('America/New_York', onSundays(['01:30', '02:00']));
    expect(half.spans({ from: at('2026-11-01T00:00Z'), to: at('2026-11-02T00:00Z') })).toEqual([
      { from: at('2026-11-01T05:30Z'), to: at('2026-11-01T07:00Z') },
    ]);
  });

  it('pushes times in a skipped hour forward (London)', () => {
    const gap = calendar('Europe/London', onSundays(['01:30', '03:00']));
    expect(gap.spans({ from: at('2026-03-29T00:00Z'), to: at('2026-03-30T00:00Z') })).toEqual([
      { from: at('2026-03-29T01:30Z'), to: at('2026-03-29T02:00Z') },
    ]);
    const whole = calendar('Europe/London', onSundays(['00:00', '24:00']));
    expect(whole.openBetween(at('2026-03-28T12:00Z'), at('2026-03-29T23:00Z'))).toBe(23 * HOUR);
  });

  it('joins two openings that overlap because an hour comes twice', () => {
    const two = calendar('Europe/London', onSundays(['00:00', '01:15'], ['01:30', '03:00']));
    expect(two.openBetween(at('2026-10-24T23:00Z'), at('2026-10-25T03:00Z'))).toBe(4 * HOUR);
  });

  it('knows the half-hour step of Lord Howe Island', () => {
    const calm = calendar('Australia/Lord_Howe', onSundays(['00:00', '04:00']));
    expect(calm.openBetween(at('2026-04-04T00:00Z'), at('2026-04-05T00:00Z'))).toBe(4.5 * HOUR);
    expect(calm.openBetween(at('2026-10-03T00:00Z'), at('2026-10-04T00:00Z'))).toBe(3.5 * HOUR);
  });

  it('opens at a quarter to the hour in Kathmandu', () => {
    const nine = calendar('Asia/Kathmandu', onWeekdays('09:00', '17:00'));
    expect(iso(nine.opensAt(at('2026-03-10T00:00Z')) ?? 0)).toBe('2026-03-10T03:15:00.000Z');
  });
});

describe('searches', () => {
  const never = createCalendar({
    zone: 'UTC',
    weekly: { ...onWeekdays('09:00', '17:00'), mon: [], tue: [], wed: [], thu: [], fri: [] },
    holidays: [],
  });

  it('end where nothing ever opens', () => {
    expect(never.addOpen(at('2026-03-10T00:00Z'), 1)).toBe(Number.POSITIVE_INFINITY);
    expect(never.addOpenDays(at('2026-03-10T00:00Z'), 1)).toBe(Number.POSITIVE_INFINITY);
    expect(never.opensAt(at('2026-03-10T00:00Z'))).toBeNull();
    expect(london.addOpen(Number.POSITIVE_INFINITY, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('go on for as long as it takes where little is open', () => {
    const rare = createCalendar({
      zone: 'UTC',
      weekly: { ...onWeekdays('09:00', '09:01'), mon: [] },
      holidays: [],
    });
    expect(iso(rare.addOpen(at('2026-03-09T00:00Z'), 24 * HOUR))).toBe('2033-01-28T09:01:00.000Z');
  });

  it('need none where every instant is open', () => {
    expect(alwaysOpen.always).toBe(true);
    expect(alwaysOpen.addOpen(7, HOUR)).toBe(7 + HOUR);
    expect(alwaysOpen.spans({ from: 3, to: 9 })).toEqual([{ from: 3, to: 9 }]);
  });

  it('end a count of opening days with the last one of them', () => {
    expect(iso(london.addOpenDays(at('2026-04-02T16:00Z'), 1))).toBe('2026-04-07T23:00:00.000Z');
    expect(iso(london.addOpenDays(at('2026-04-02T16:00Z'), 10))).toBe('2026-04-20T23:00:00.000Z');
    expect(iso(alwaysOpen.addOpenDays(at('2026-04-02T16:00Z'), 10))).toBe('2026-04-13T00:00:00.000Z');
  });
});

it.each([
  ['9:00', '17:00', /"9:00" is no time of day/],
  ['09:00', '24:30', /"24:30" is no time of day/],
  ['09:00', '09:00', /does not close after it opens/],
  ['22:00', '02:00', /next day, from 00:00/],
])('refuses %s to %s and says how to mend it', (open, close, message) => {
  expect(() => createCalendar({ zone: 'UTC', weekly: onWeekdays(open, close), holidays: [] })).toThrow(
    message,
  );
});

it('refuses a zone that does not exist', () => {
  expect(() => createCalendar({ zone: 'Europe/Lodnon', weekly: 'always', holidays: [] })).toThrow(/Lodnon/);
});

it('has exactly the open time between an instant and its due time that was added, wherever the clock changes', () => {
  const calendars = [
    'Europe/London',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Africa/Cairo',
  ].map((zone) =>
    createCalendar({
      zone,
      weekly: onSundays(['00:00', '03:00'], ['22:30', '24:00']),
      holidays: ['2026-05-01'],
    }),
  );
  const year = { min: at('2026-01-01T00:00Z'), max: at('2027-01-01T00:00Z') };
  fc.assert(
    fc.property(
      fc.constantFrom(...calendars),
      fc.integer(year),
      fc.integer({ min: 1, max: 40 * HOUR }),
      (calendar, from, openMs) => {
        const due = calendar.addOpen(from, openMs);
        expect(calendar.openBetween(from, due)).toBe(openMs);
        expect(calendar.isOpen(due - 1)).toBe(true);
      },
    ),
  );
});
