import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallFact, EmailFact, PostFact, TextFact } from '../../server/fact.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import { ringPeriodMs } from '../../server/judge/ring-period.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { WeeklyHours } from '../../server/judge/weekly-hours.ts';
import type { Instant, Span } from '../../shared/time.ts';
import { someMailbox, someQueue, someRules, someTeam } from '../support/some-rules.ts';

/** One worked example, as the file has it. */
export interface Vector {
  name: string;
  kind: string;
  config: {
    country?: string;
    tz?: string;
    hours?: Record<string, [string, string][]>;
    holidays?: string[];
    window?: string;
    sl_ms?: number;
    short_abandon_ms?: number;
    callback_ms?: number;
    email_clock?: 'business' | 'calendar';
    team_domains?: string[];
    own?: string[];
  };
  events: Record<string, unknown>[];
  now: string | null;
  expected: Record<string, unknown>;
}

export const vectors: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8'),
);

export function rulesOf({ config }: Vector): Rules {
  const zone = config.tz ?? 'UTC';
  const calendar = createCalendar({ zone, weekly: weeklyOf(config.hours), holidays: config.holidays ?? [] });
  const team = someTeam({
    calendar,
    serviceLevelMs: config.sl_ms ?? 20_000,
    callbackMs: config.callback_ms ?? null,
    emailClock: config.email_clock ?? 'business',
    textNumbers: ['our-text-number'],
  });
  return someRules({
    zone,
    ringPeriodMs: ringPeriodMs(config.country ?? 'us'),
    shortAbandonMs: config.short_abandon_ms ?? 5_000,
    ourDomains: config.team_domains ?? [],
    humanSenders: [],
    ownAccounts: config.own ?? [],
    queues: new Map([
      ['support', someQueue('help')],
      ['inbox', someMailbox('help', ['help@acme.example'])],
    ]),
    teams: new Map([['help', team]]),
    site: { ...team, textNumbers: [] },
  });
}

/** Null is everything; a rolling window ends at, and leaves out, now. */
export function windowOf({ config, now }: Vector): Span | null {
  const to = Date.parse(now ?? '');
  if (config.window === undefined || config.window === 'all') return null;
  if (config.window === 'today') return { from: Math.floor(to / 86_400_000) * 86_400_000, to };
  return { from: to - Number(config.window.replace('rolling:', '')) * 60_000, to };
}

export function nowOf({ now }: Vector): Instant {
  return Date.parse(now ?? '');
}

/** The facts of each call, by call. */
export function callsOf({ events }: Vector): Map<string, CallFact[]> {
  const calls = new Map<string, CallFact[]>();
  for (const event of events) {
    if (event.t === 'text_in') continue;
    const fact = factOf<CallFact>(event);
    calls.set(fact.call, [...(calls.get(fact.call) ?? []), fact]);
  }
  return calls;
}

export function textsOf({ events }: Vector): TextFact[] {
  return events
    .filter((event) => event.t === 'text_in')
    .map((event, index) => ({ id: `text-${index}`, ...factOf<Omit<TextFact, 'id'>>(event) }));
}

export function mailsOf({ events }: Vector): EmailFact[] {
  return events.map((event) => {
    const { date: _, hdr, ...rest } = event;
    const lower = Object.entries(hdr ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    return factOf<EmailFact>({ ...rest, ...(hdr === undefined ? {} : { hdr: Object.fromEntries(lower) }) });
  });
}

export function postsOf({ events }: Vector): PostFact[] {
  return events.map(({ net, kind, seen, ...rest }) =>
    factOf<PostFact>({
      ...rest,
      network: net,
      ...(kind === undefined ? {} : { type: kind }),
      ...(typeof seen === 'string' ? { seen: Date.parse(seen) } : {}),
    }),
  );
}

/** The file's words for the same members. */
function factOf<F>({ t, at, ...rest }: Record<string, unknown>): F {
  return { ...rest, kind: t, at: Date.parse(String(at)) } as F;
}

function weeklyOf(hours: Record<string, [string, string][]> | undefined): WeeklyHours {
  if (hours === undefined) return 'always';
  return { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [], ...hours };
}
