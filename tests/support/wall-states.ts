import type { Promised, Snapshot, Step } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import {
  aPost,
  aSnapshot,
  inMinutes,
  LOST_AT,
  NOW,
  of,
  POSTS,
  theCalls,
  theEmails,
  theMentions,
} from './a-snapshot.ts';
import { ODD_POSTS } from './odd-posts.ts';

/** Every state that the wall is drawn in, by the name of its picture. */
export const STATES: Record<string, Snapshot> = {
  live: aSnapshot(),
  callbacks: aSnapshot({
    callbacks: {
      tally: of(11, 13),
      target: 80,
      withinMs: 10 * MINUTE,
      live: { owed: 3, overdue: 1, next: inMinutes(3) },
    },
    calls: theCalls({
      live: { ringing: 5, waiting: 12, talking: 9, longestWaitingSince: NOW - 204 * SECOND },
    }),
  }),
  'phones-late': aSnapshot({
    calls: theCalls({ live: null }, { feed: 'late', asOf: LOST_AT + 5 * MINUTE }),
  }),
  'phones-lost': aSnapshot({
    calls: theCalls({ live: null }, { tally: of(211, 271), feed: 'lost', asOf: LOST_AT }),
  }),
  'phones-too-old': aSnapshot({
    calls: theCalls({ live: null }, { tally: of(211, 271), feed: 'lost', asOf: LOST_AT - 20 * MINUTE }),
  }),
  'emails-lost': aSnapshot({
    emails: theEmails({ live: null }, { tally: of(314, 337), feed: 'lost', asOf: LOST_AT }),
  }),
  'mentions-unshown': aSnapshot({ mentions: theMentions({ today: 7, latest: [] }) }),
  'mentions-lost': aSnapshot({
    mentions: theMentions({ feed: 'lost', asOf: LOST_AT, latest: POSTS.slice(1) }),
  }),
  'all-lost': aSnapshot({
    calls: theCalls({ live: null }, { feed: 'lost', asOf: LOST_AT }),
    emails: theEmails({ live: null }, { feed: 'lost', asOf: LOST_AT }),
    mentions: theMentions({ feed: 'lost', asOf: LOST_AT, latest: POSTS.slice(1) }),
  }),
  'not-saving': notSaving({ notSavedSince: LOST_AT }, LOST_AT),
  'not-saving-demo': notSaving({ notSavedSince: LOST_AT - 20 * MINUTE, demo: true }, LOST_AT - 20 * MINUTE),
  'morning-demo': theMorning(),
  demo: aSnapshot({ demo: true }),
  'first-run': aSnapshot({
    calls: null,
    emails: null,
    mentions: null,
    quote: null,
    longest: null,
    sources: [],
  }),
  closed: theEvening(),
  perfect: aSnapshot({
    calls: theCalls(
      { autoAnswer: true, live: { ringing: 0, waiting: 0, talking: 4, longestWaitingSince: null } },
      { tally: of(274, 274), baseline: { tally: of(1, 1), date: '2026-11-10', change: { kind: 'level' } } },
    ),
    emails: theEmails(
      { live: { open: 0, overdue: 0, atRisk: 0, next: null, marks: [] } },
      { baseline: { tally: of(1, 1), date: '2026-11-03', change: { kind: 'about' } } },
    ),
    longest: { ms: 0, since: NOW - 25 * MINUTE - 7 * SECOND, date: '2026-11-17' },
  }),
  'none-due': aSnapshot({
    emails: theEmails({ live: { open: 3, overdue: 3, atRisk: 0, next: null, marks: [] } }),
    calls: theCalls({}, { baseline: { tally: of(1, 1), date: '2026-11-10', change: { kind: 'about' } } }),
  }),
  'hard-day': theHardDay(),
  'long-names': aSnapshot({
    board: {
      id: 'support',
      name: 'Kundenbetreuung und Rechnungswesen Nordwest',
      place: 'Mönchengladbach-Rheydt',
    },
    mentions: theMentions({ latest: ODD_POSTS }),
    callbacks: {
      tally: of(11, 13),
      target: 80,
      withinMs: 10 * MINUTE,
      live: { owed: 120, overdue: 12, next: null },
    },
    calls: theCalls({ live: { ringing: 10, waiting: 24, talking: 3, longestWaitingSince: NOW - HOUR } }),
    emails: theEmails({ live: { open: 132, overdue: 12, atRisk: 120, next: inMinutes(4.2), marks: [] } }),
  }),
};

/** The server speaks, but can save nothing; its figures are lost as of then. */
function notSaving(but: Partial<Snapshot>, asOf: Instant): Snapshot {
  return aSnapshot({
    calls: theCalls({ live: null }, { tally: of(211, 271), feed: 'lost', asOf }),
    emails: theEmails({ live: null }, { tally: of(314, 337), feed: 'lost', asOf }),
    mentions: theMentions({ feed: 'lost', asOf, latest: POSTS.slice(1) }),
    ...but,
  });
}

/** 08:11, demonstration data, too few emails for a percent and no call yet. */
function theMorning(): Snapshot {
  const at = Date.parse('2026-11-17T13:11:04Z');
  const blank = (row: Promised): Step[] => row.steps.map((step) => ({ ...step, today: of(0, 0) }));
  const calls = theCalls({ live: { ringing: 0, waiting: 0, talking: 0, longestWaitingSince: null } });
  const emails = theEmails();
  const left = [38 + 20 / 60, 44, 51].map((minutes) => ({
    ...inMinutes(minutes),
    dueAt: at + minutes * MINUTE,
  }));
  return aSnapshot({
    at,
    demo: true,
    calls: {
      ...calls,
      serviceLevel: { ...calls.serviceLevel, tally: of(0, 0) },
      firstRing: {
        ...calls.firstRing,
        tally: of(0, 0),
        steps: blank(calls.firstRing),
        baseline: { tally: of(4, 5), date: '2026-11-10', change: null },
      },
    },
    emails: {
      ...emails,
      live: { open: 3, overdue: 0, atRisk: 0, next: left[0] ?? null, marks: left },
      withinHour: { ...emails.withinHour, tally: of(3, 4), steps: blank(emails.withinHour) },
    },
    mentions: theMentions({ today: 0, latest: [], lastAt: at - 14 * HOUR - 19 * MINUTE }),
    quote: { ...aQuote(), at: at - 20 * HOUR },
    longest: { ms: (68 * 60 + 44) * SECOND, since: null, date: '2026-11-16' },
  });
}

/** After closing: the clock of the emails rests until tomorrow. */
function theEvening(): Snapshot {
  const at = Date.parse('2026-11-18T00:40:00Z');
  const opensAt = Date.parse('2026-11-18T13:00:00Z');
  const rests = [40, 52].map((minutes) => ({
    leftMs: minutes * MINUTE,
    dueAt: opensAt + minutes * MINUTE,
    runsFrom: opensAt,
  }));
  const day = { ...aSnapshot().day, open: false, opensAt };
  const live = { ringing: 0, waiting: 0, talking: 0, longestWaitingSince: null };
  return aSnapshot({
    at,
    day,
    calls: theCalls({ live }),
    emails: theEmails({ live: { open: 2, overdue: 0, atRisk: 0, next: rests[0] ?? null, marks: rests } }),
    mentions: theMentions({ latest: POSTS.map((post) => ({ ...post, at: post.at + 3 * HOUR })) }),
  });
}

/** Everything at its longest: words, counts and lines that must still fit. */
function theHardDay(): Snapshot {
  const worst = [of(4, 9), of(1, 3), of(0, 2), of(19, 40)];
  const calls = theCalls(
    { live: { ringing: 14, waiting: 38, talking: 41, longestWaitingSince: NOW - 3725 * SECOND } },
    {
      tally: of(1024, 2048),
      baseline: { tally: of(1, 1), date: '2026-11-10', change: { kind: 'down', points: 28 } },
    },
  );
  const text =
    'Third time I am calling about the same bill & nobody <b>can</b> tell me why it was sent twice, to two addresses, ' +
    'one of which I left in 2019. The person I spoke to was kind, wrote everything down, and promised to ring me by four. ' +
    'It is ten past. I would simply like somebody to look at it, please.';
  return aSnapshot({
    board: { id: 'support', name: 'Patient Support and Scheduling', place: 'New York' },
    calls: {
      ...calls,
      serviceLevel: { tally: of(1, 900), target: 80, withinMs: 120 * SECOND },
      firstRing: {
        ...calls.firstRing,
        steps: calls.firstRing.steps.map((step, index) => ({ ...step, today: worst[index] ?? step.today })),
      },
    },
    callbacks: {
      tally: of(1, 9),
      target: 80,
      withinMs: 10 * MINUTE,
      live: { owed: 27, overdue: 0, next: null },
    },
    emails: theEmails(
      {
        clock: 'calendar',
        live: {
          open: 212,
          overdue: 128,
          atRisk: 35,
          next: inMinutes(194.5),
          marks: [inMinutes(194.5), inMinutes(230)],
        },
      },
      {
        withinMs: 4 * HOUR,
        tally: of(1, 1343),
        baseline: { tally: of(1, 1), date: '2026-11-10', change: { kind: 'about' } },
      },
    ),
    mentions: theMentions({
      latest: [
        aPost({
          id: 'h1',
          network: 'x',
          name: 'Maximiliana Featherstonehaugh-Okonkwo',
          handle: '@maxi_featherstone',
          text,
          at: NOW - 5 * SECOND,
        }),
        aPost({
          id: 'h2',
          network: 'rss',
          name: 'Harbor Blog',
          handle: '',
          text: 'A-very-long-word-without-any-space-that-goes-on-and-on-and-on-and-on.',
          at: NOW - 50 * SECOND,
        }),
        ...POSTS.slice(1),
      ],
    }),
    longest: { ms: 0, since: NOW - 4 * HOUR - 7 * SECOND, date: '2026-11-17' },
  });
}

function aQuote() {
  return {
    text: 'They rang me back before I had put the kettle on.',
    cite: 'from an email to billing',
    at: NOW,
  };
}
