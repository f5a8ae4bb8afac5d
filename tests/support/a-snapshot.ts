import type {
  CallsNow,
  Countdown,
  EmailsNow,
  Mention,
  MentionsNow,
  Promised,
  Snapshot,
  Step,
  Tally,
} from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';

/** Tuesday 17 November 2026, 14:07:32 in New York. */
export const NOW: Instant = Date.parse('2026-11-17T19:07:32Z');
/** When the link broke in the pictures of a lost source: 14:02:11. */
export const LOST_AT: Instant = Date.parse('2026-11-17T19:02:11Z');

const OPENS = Date.parse('2026-11-17T13:00:00Z');
const HALF_HOUR = 30 * MINUTE;

/** A whole, healthy board; `but` replaces what a test is about. */
export function aSnapshot(but: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    build: 'test',
    board: { id: 'support', name: 'Patient Support', place: 'New York' },
    at: NOW,
    zone: 'America/New_York',
    day: {
      date: '2026-11-17',
      from: Date.parse('2026-11-17T05:00:00Z'),
      to: Date.parse('2026-11-18T05:00:00Z'),
      axis: { from: OPENS, to: OPENS + 10 * HOUR },
      open: true,
      opensAt: null,
    },
    demo: false,
    notSavedSince: null,
    sources: [
      { id: 'asterisk', feeds: ['phones'], state: 'live', since: OPENS, heardAt: NOW, trouble: null },
      { id: 'mailbox', feeds: ['emails'], state: 'live', since: OPENS, heardAt: NOW, trouble: null },
      { id: 'networks', feeds: ['mentions'], state: 'live', since: OPENS, heardAt: NOW, trouble: null },
    ],
    calls: theCalls(),
    callbacks: null,
    emails: theEmails(),
    mentions: theMentions(),
    quote: {
      text: 'I sat down with a coffee, ready to wait. She picked up, and we were done before it was cool enough to drink.',
      cite: 'from a caller in Queens',
      at: NOW - 3 * HOUR,
    },
    longest: { ms: ((1 * 60 + 42) * 60 + 10) * SECOND, since: null, date: '2026-11-17' },
    chime: null,
    alerts: [],
    ...but,
  };
}

/** The calls of that day: 214 of 274 on the first ring. */
export function theCalls(but: Partial<CallsNow> = {}, row: Partial<Promised> = {}): CallsNow {
  return {
    firstRing: aPromised(CALLS_TODAY, CALLS_LAST, {
      tally: { n: 214, d: 274 },
      target: 75,
      withinMs: 6 * SECOND,
      pending: 2,
      baseline: { tally: { n: 1500, d: 2000 }, date: '2026-11-10', change: { kind: 'up', points: 3 } },
      ...row,
    }),
    serviceLevel: { tally: { n: 230, d: 274 }, target: 80, withinMs: 20 * SECOND },
    speedOfAnswer: { n: 274 * 11 * SECOND, d: 262 },
    abandonment: { n: 9, d: 274 },
    live: { ringing: 2, waiting: 1, talking: 7, longestWaitingSince: NOW - 47 * SECOND },
    longestWaitTodayMs: 182 * SECOND,
    preRing: { p50Ms: 4 * SECOND, p90Ms: 31 * SECOND },
    neverRang: 3,
    menu: { p50Ms: 9 * SECOND, p90Ms: 22 * SECOND },
    leftInMenu: { n: 4, d: 281 },
    autoAnswer: false,
    ...but,
  };
}

/** The emails of that day: 319 of 343 within the hour. */
export function theEmails(but: Partial<EmailsNow> = {}, row: Partial<Promised> = {}): EmailsNow {
  const marks = MINUTES_LEFT.map(inMinutes);
  return {
    withinHour: aPromised(EMAILS_TODAY, EMAILS_LAST, {
      tally: { n: 319, d: 343 },
      target: 90,
      withinMs: HOUR,
      pending: marks.length,
      baseline: { tally: { n: 1820, d: 2000 }, date: '2026-11-10', change: { kind: 'up', points: 2 } },
      ...row,
    }),
    clock: 'business',
    received: 371,
    live: { open: 20, overdue: 2, atRisk: 6, next: marks[0] ?? null, marks },
    ...but,
  };
}

/** 41 mentions, the newest twelve seconds old. */
export function theMentions(but: Partial<MentionsNow> = {}): MentionsNow {
  return { today: 41, latest: POSTS, names: true, lastAt: NOW - 20 * HOUR, feed: 'live', asOf: null, ...but };
}

/** A post of the given age. */
export function aPost(but: Partial<Mention> & { id: string }): Mention {
  return {
    network: 'mastodon',
    name: '',
    handle: '@someone@social.example',
    text: 'Hello.',
    at: NOW - MINUTE,
    avatar: null,
    pinned: false,
    ...but,
  };
}

/** So many open minutes left, running. */
export function inMinutes(minutes: number): Countdown {
  return { leftMs: minutes * MINUTE, dueAt: NOW + minutes * MINUTE, runsFrom: null };
}

function aPromised(
  today: readonly Tally[],
  last: readonly number[],
  but: Omit<Promised, 'steps' | 'minSample' | 'asOf' | 'feed'> & Partial<Promised>,
): Promised {
  const steps: Step[] = last.map((percent, index) => ({
    from: OPENS + index * HALF_HOUR,
    to: OPENS + (index + 1) * HALF_HOUR,
    today: today[index] ?? { n: 0, d: 0 },
    last: { n: percent, d: 100 },
  }));
  return { minSample: 5, steps, asOf: null, feed: 'live', ...but };
}

/** A tally. */
export const of = (n: number, d: number): Tally => ({ n, d });

const EMAILS_TODAY = [
  of(29, 30),
  of(33, 34),
  of(29, 33),
  of(29, 31),
  of(27, 28),
  of(25, 26),
  of(17, 20),
  of(42, 47),
  of(25, 27),
  of(28, 29),
  of(14, 15),
  of(12, 13),
  of(9, 10),
];
const EMAILS_LAST = [93, 92, 88, 90, 94, 91, 86, 84, 90, 93, 94, 90, 91, 92, 89, 88, 93, 95, 95, 96];

const CALLS_TODAY = [
  of(18, 21),
  of(17, 22),
  of(22, 30),
  of(22, 31),
  of(14, 18),
  of(20, 24),
  of(13, 18),
  of(18, 24),
  of(17, 20),
  of(15, 18),
  of(19, 23),
  of(14, 19),
  of(5, 6),
];
const CALLS_LAST = [80, 76, 72, 71, 74, 77, 73, 72, 75, 79, 82, 80, 78, 81, 84, 83, 79, 76, 82, 88];

const MINUTES_LEFT = [4.205, 6.4, 8.2, 11, 12.6, 14.1, 18, 22, 24.5, 29, 33, 35, 41, 46, 48, 52, 55, 57];

/** What was said that day, newest first. */
export const POSTS: Mention[] = [
  {
    id: 'm1',
    network: 'mastodon',
    name: 'Tomas',
    handle: '@tomas@masto.nyc',
    text: 'Called Harbor Health braced for a phone menu. A person said hello after one ring.',
    at: NOW - 12 * SECOND,
    avatar: null,
    pinned: false,
  },
  {
    id: 'x2',
    network: 'x',
    name: 'Priya Raman',
    handle: '@priya_raman',
    text: 'Emailed at lunch about a referral, had a real answer before my sandwich was gone.',
    at: NOW - 3 * MINUTE - 20 * SECOND,
    avatar: null,
    pinned: false,
  },
  {
    id: 'b3',
    network: 'bluesky',
    name: 'Oduya',
    handle: '@oduya.bsky.social',
    text: 'Second reschedule this week and no reason given. Could someone look at this?',
    at: NOW - 9 * MINUTE - 5 * SECOND,
    avatar: null,
    pinned: false,
  },
  {
    id: 'x4',
    network: 'x',
    name: 'Ben Whitlock',
    handle: '@benwhitlock',
    text: 'Forty minutes on the phone sorting out my dad’s insurance. Nobody rushed us.',
    at: NOW - 21 * MINUTE - 30 * SECOND,
    avatar: null,
    pinned: false,
  },
  {
    id: 'm5',
    network: 'mastodon',
    name: 'Lena',
    handle: '@lena@social.coop',
    text: 'Is the Court Street office open on Friday?',
    at: NOW - 38 * MINUTE,
    avatar: null,
    pinned: false,
  },
];
