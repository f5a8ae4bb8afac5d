import { describe, expect, it } from 'vitest';
import type { PostFact } from '../../server/fact.ts';
import { attemptsOf } from '../../server/judge/agent.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { type Counted, count } from '../../server/judge/count.ts';
import { judgeThread } from '../../server/judge/email.ts';
import { baselineSpan } from '../../server/judge/local-day.ts';
import { judgePost, rootOf, versionsOf } from '../../server/judge/mention.ts';
import { percentile } from '../../server/judge/percentile.ts';
import { contactOfText, judgePerson } from '../../server/judge/recovery.ts';
import { serviceLevels } from '../../server/judge/service-level.ts';
import { threadsOf } from '../../server/judge/thread.ts';
import type { Contact, Judged } from '../../server/judge/verdict.ts';
import type { FigureId, Tally } from '../../shared/figure.ts';
import { percentText, wilson95 } from '../../shared/percent.ts';
import { alertFigures, burnFigures } from '../alerts/vector-rules.ts';
import {
  callsOf,
  mailsOf,
  nowOf,
  postsOf,
  rulesOf,
  textsOf,
  type Vector,
  vectors,
  windowOf,
} from './vector-facts.ts';

/** Worked examples of parts that are tested elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  'asterisk-ami-mapping': 'run by tests/sources/asterisk, where the mapping from AMI events lives',
};

/** The facts as they came, and backwards with every one said twice. */
const deliveries: Readonly<Record<string, <F>(facts: readonly F[]) => F[]>> = {
  'as it came': (facts) => [...facts],
  'backwards and twice': (facts) => [...facts, ...facts].reverse(),
};

type Deliver = <F>(facts: readonly F[]) => F[];

const figuresOf: Readonly<Record<string, (vector: Vector, deliver: Deliver) => unknown>> = {
  calls: callFigures,
  sl_variants: serviceLevelFigures,
  email: emailFigures,
  recovery: recoveryFigures,
  menu: menuFigures,
  mentions: mentionFigures,
  display: displayFigures,
  aggregate: aggregateFigures,
  percentile: percentileFigures,
  baseline: baselineFigures,
  alert: alertFigures,
  burn: burnFigures,
};

describe('worked examples', () => {
  const ran: string[] = [];
  for (const vector of vectors) {
    if (vector.name in elsewhere) continue;
    it(vector.name, () => {
      ran.push(vector.name);
      for (const [how, deliver] of Object.entries(deliveries)) {
        expect(figuresOf[vector.kind]?.(vector, deliver), how).toMatchObject(vector.expected);
      }
    });
  }

  it('are 27, and each ran here or is named with the place where it runs', () => {
    const all = vectors.map(({ name }) => name);
    expect(new Set(all).size).toBe(27);
    expect([...ran, ...Object.keys(elsewhere)].sort()).toEqual(all.sort());
  });
});

function callFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const calls = [...callsOf(vector).values()].map(deliver);
  const judged = calls.map((facts) => judgeCall(facts, rules));
  const counted = count(judged, nowOf(vector), windowOf(vector), 'site');
  const answers = tally(counted, 'speedOfAnswer');
  const outcomes = judged.flatMap(({ views }) => views.filter(({ scope }) => scope === 'site'));
  const attempts = calls.flatMap((facts) => [...attemptsOf(facts, rules).values()]);
  return {
    offered: n(counted, 'callsOffered'),
    answered: answers.d,
    abandoned: n(counted, 'abandonment'),
    flow_out_missed: outcomes.filter(({ outcome }) => outcome === 'flow_out').length,
    short_abandoned: n(counted, 'shortAbandons'),
    excluded: n(counted, 'outOfHours') + n(counted, 'callbacksAccepted') + n(counted, 'overflowed'),
    fr: ratio(counted, 'firstRing'),
    sl: ratio(counted, 'serviceLevel'),
    abandonment: ratio(counted, 'abandonment'),
    asa_ms: answers.n / answers.d,
    waiting: counted.live.waiting,
    longest_waiting_ms: counted.live.longestWaitingMs,
    agent_attempts: sum(attempts),
  };
}

function serviceLevelFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const views = [...callsOf(vector).values()].flatMap((facts) => judgeCall(deliver(facts), rules).views);
  const levels = serviceLevels(
    views.filter(({ scope }) => scope === 'site'),
    rules.site.serviceLevelMs,
  );
  return Object.fromEntries(Object.entries(levels).map(([variant, level]) => [variant, [level.n, level.d]]));
}

function emailFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const now = nowOf(vector);
  const judged = threadsOf(deliver(mailsOf(vector))).map((facts) => judgeThread(facts, rules));
  const counted = count(judged, now, windowOf(vector), 'site');
  const all = count(judged, Number.POSITIVE_INFINITY, null, 'site');
  const within = ratio(counted, 'emailsWithinHour');
  return {
    obligations: tally(all, 'emailsWithinHour').d + n(all, 'emailsWaived') + n(all, 'emailsUnknown'),
    met: within.n,
    missed: within.d - within.n,
    pending: within.pending,
    waived: n(counted, 'emailsWaived'),
    unknown: n(counted, 'emailsUnknown'),
    skew: n(counted, 'skew'),
    excluded: {
      automated: n(counted, 'emailsAutomated'),
      internal: n(counted, 'emailsInternal'),
      spam: n(counted, 'emailsSpam'),
      duplicate: n(counted, 'emailsDuplicate'),
    },
    due: dueTimes(vector, deliver),
    within_1h: within,
  };
}

/** An obligation's due time is that of its message alone, before anybody answered. */
function dueTimes(vector: Vector, deliver: Deliver): Record<string, string> {
  const due: Record<string, string> = {};
  for (const fact of mailsOf(vector)) {
    if (fact.kind !== 'mail_in') continue;
    const live = judgeThread(deliver([fact]), rulesOf(vector)).live[0];
    if (live?.what === 'email') due[fact.id] = new Date(live.dueAt).toISOString();
  }
  return due;
}

function recoveryFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const now = nowOf(vector);
  const people = new Map<string, Contact[]>();
  const judged: Judged[] = [];
  const met = (person: string, contacts: readonly Contact[]) =>
    people.set(person, [...(people.get(person) ?? []), ...contacts]);
  for (const facts of callsOf(vector).values()) {
    const call = judgeCall(deliver(facts), rules);
    judged.push({ ...call, settled: call.settled.filter(({ figure }) => figure === 'callbacksUnknown') });
    const number = facts.flatMap((fact) => ('number' in fact && fact.number ? [fact.number] : []))[0];
    if (number !== undefined) met(number, call.contacts);
  }
  for (const text of textsOf(vector)) {
    const contact = contactOfText(text, rules);
    if (contact !== null) met(text.number, [contact]);
  }
  for (const contacts of people.values()) judged.push(judgePerson(deliver(contacts), rules));
  const counted = count(judged, now, windowOf(vector), 'site');
  const within = ratio(counted, 'calledBack');
  return {
    obligations: within.d + within.pending + n(counted, 'callbacksUnknown'),
    met: within.n,
    missed: within.d - within.n,
    pending: within.pending,
    unknown: n(counted, 'callbacksUnknown'),
    reached_late: n(counted, 'calledBackLate'),
    they_called_again: n(counted, 'calledAgain'),
    overdue: counted.live.callbacksOverdue,
    within,
  };
}

function menuFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const judged = [...callsOf(vector).values()].map((facts) => judgeCall(deliver(facts), rules));
  const counted = count(judged, nowOf(vector), windowOf(vector), 'site');
  return {
    menu_ms: { p50: counted.menu?.p50Ms, p90: counted.menu?.p90Ms },
    left_in_menu: tally(counted, 'leftInMenu'),
    longest_conversation_ms: counted.longestTalkMs,
    offered: n(counted, 'callsOffered'),
  };
}

function mentionFigures(vector: Vector, deliver: Deliver): unknown {
  const rules = rulesOf(vector);
  const facts = postsOf(vector);
  const rootByVersion = new Map<string, string>();
  for (const fact of facts) {
    if (fact.kind === 'post')
      for (const version of versionsOf(fact)) rootByVersion.set(version, rootOf(fact));
  }
  const posts = new Map<string, PostFact[]>();
  for (const fact of deliver(facts)) {
    const root = rootByVersion.get(rootOf(fact)) ?? rootOf(fact);
    posts.set(root, [...(posts.get(root) ?? []), fact]);
  }
  const judged = [...posts.values()].map((post) => judgePost(post, rules));
  return { count: n(count(judged, nowOf(vector), windowOf(vector), 'site'), 'mentions') };
}

function displayFigures({ events }: Vector): unknown {
  return {
    cases: events.map(({ n: met, d, decimals = 0, target, target_kind: kind = 'min' }) =>
      percentText(
        { n: Number(met), d: Number(d) },
        {
          decimals: Number(decimals),
          kind: kind === 'max' ? 'max' : 'min',
          ...(target === undefined ? {} : { target: Number(target) }),
        },
      ),
    ),
  };
}

function aggregateFigures({ events }: Vector): unknown {
  const total = sum(events.map((event) => ({ n: Number(event.n), d: Number(event.d) })));
  const { low, high } = wilson95(total) ?? { low: Number.NaN, high: Number.NaN };
  const wilson = [low, high].map((end) => Math.round(end * 1_000) / 10);
  return { ...total, display: percentText(total), wilson95: wilson };
}

function percentileFigures({ events }: Vector): unknown {
  const pool = events.flatMap(({ ms }) => ms as number[]);
  return { p50: percentile(pool, 50), p90: percentile(pool, 90) };
}

function baselineFigures(vector: Vector): unknown {
  const span = baselineSpan(nowOf(vector), vector.config.tz ?? 'UTC', () => false);
  return {
    start: new Date(span?.from ?? Number.NaN).toISOString(),
    end: new Date(span?.to ?? Number.NaN).toISOString(),
  };
}

function tally(counted: Counted, figure: FigureId): Tally {
  return counted.tallies.get(figure) ?? { n: 0, d: 0 };
}

function n(counted: Counted, figure: FigureId): number {
  return tally(counted, figure).n;
}

function ratio(counted: Counted, figure: FigureId): Tally & { display: string; pending: number } {
  const pair = tally(counted, figure);
  return { ...pair, display: percentText(pair), pending: counted.pending.get(figure) ?? 0 };
}

function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((a, b) => ({ n: a.n + b.n, d: a.d + b.d }), { n: 0, d: 0 });
}
