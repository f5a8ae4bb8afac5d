import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import { callBack } from './call-back.ts';
import { type Caller, type Course, callFacts } from './call-facts.ts';
import type { LocalDay } from './local-day.ts';
import { aNumber } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { CALLS_PER_HOUR_MIN, callsIn, instantsIn, type Mood, moodOf } from './rhythm.ts';

/** One ring in North America. */
const RING_PERIOD_MS = 6 * SECOND;
/** Talking and the note afterwards, on average: it decides how many people are needed. */
const HANDLING_MS = 5.2 * MINUTE;
const TALK_MAX_MS = 48 * MINUTE;
const DEVICES_RUNG_MAX = 2;

/** The desks of the team: who is free decides whose device rings. */
interface Desk {
  device: string;
  freeAt: Instant;
}

/** Every call that begins on this local day, with the calls back it leads to. */
export function callDay(day: LocalDay, seed: string): Fact[] {
  const random = createRandom(`${seed}/${day.date}/calls`);
  const mood = moodOf(day, seed);
  const desks = Array.from({ length: 18 }, (_, i): Desk => ({ device: `Desk ${i + 1}`, freeAt: day.from }));
  const facts: Fact[] = [];
  const callers = callersOf(day, random);
  const long = longConversation(day, random);
  for (let i = 0; i < callers.length; i++) {
    const caller = callers[i];
    if (caller === undefined) break;
    const seated = desks.slice(0, caller.desks);
    const course = courseOf(caller, seated, mood, random);
    if (long !== null && !long.taken && caller.offeredAt >= long.from && course.end === 'hangup') {
      course.endedAt = (course.pickupAt ?? caller.offeredAt) + long.ms;
      long.taken = true;
    }
    for (const desk of seated) {
      if (desk.device === course.answeredBy) desk.freeAt = course.endedAt + random.between(12, 40) * SECOND;
    }
    facts.push(...callFacts(caller, course, random));
    if (course.end === 'hangup' || caller.number === null || course.endedAt - caller.offeredAt < 5 * SECOND)
      continue;
    const after = callBack(caller, course.endedAt, random);
    facts.push(...after.facts);
    if (after.again !== null && after.again.offeredAt < day.to) insert(callers, after.again);
  }
  facts.push(...leftInMenu(day, random));
  return facts;
}

function callersOf(day: LocalDay, random: Random): Caller[] {
  let serial = 0;
  return day.hours.flatMap((slot) => {
    const count = callsIn(day, slot, random);
    const desks = Math.min(18, Math.ceil(((count * HANDLING_MS) / (slot.to - slot.from)) * 1.14) + 1);
    return instantsIn(slot, count, Math.max(CALLS_PER_HOUR_MIN, Math.round(count * 0.75)), random).map(
      (offeredAt): Caller => {
        serial++;
        return {
          call: `${day.date}/${serial}`,
          offeredAt,
          menuMs: random.chance(0.38) ? Math.round(random.between(3, 22) * SECOND) : 0,
          number: random.chance(0.03) ? null : aNumber(random),
          desks,
        };
      },
    );
  });
}

/** On most days someone needs more than an hour, and gets it. */
function longConversation(
  day: LocalDay,
  random: Random,
): { from: Instant; ms: number; taken: boolean } | null {
  const from = day.from + random.between(8.5, 16) * 60 * MINUTE;
  const ms = Math.round(random.between(61, 108) * MINUTE);
  return random.chance(0.9) ? { from, ms, taken: false } : null;
}

function courseOf(caller: Caller, desks: readonly Desk[], mood: Mood, random: Random): Course {
  const soonest = desks.reduce((first, desk) => Math.min(first, desk.freeAt), Number.POSITIVE_INFINITY);
  const alertAt = Math.round(Math.max(caller.offeredAt, soonest) + random.between(180, 900));
  const devices = shuffled(
    desks.filter((desk) => desk.freeAt <= alertAt).map((desk) => desk.device),
    random,
  ).slice(0, DEVICES_RUNG_MAX);
  const ringMs = ringOf(mood.firstRingAt(caller.offeredAt), random);
  const patience = patienceOf(random);
  const givesUpAt = Math.round(caller.offeredAt + patience.ms);
  if (patience.unanswered || givesUpAt <= alertAt + ringMs) {
    const end = patience.voicemail ? 'voicemail' : 'abandon';
    return {
      alertAt: alertAt < givesUpAt ? alertAt : null,
      devices,
      pickupAt: null,
      answeredBy: null,
      endedAt: givesUpAt,
      end,
    };
  }
  const pickupAt = alertAt + ringMs;
  const talkMs = Math.min(TALK_MAX_MS, 3.3 * MINUTE * Math.exp(0.75 * random.bell()));
  const answeredBy = random.pick(devices);
  return {
    alertAt,
    devices,
    pickupAt,
    answeredBy,
    endedAt: Math.round(pickupAt + 8 * SECOND + talkMs),
    end: 'hangup',
  };
}

function ringOf(firstRing: number, random: Random): number {
  if (random.chance(firstRing)) {
    const share = (random.next() + random.next()) / 2;
    return Math.round(1_400 + share * (RING_PERIOD_MS - 1_450));
  }
  return Math.round(RING_PERIOD_MS + Math.min(24 * SECOND, random.spread(5 * SECOND)));
}

/** How long the caller waits; a few hang up at once, and now and then nobody comes to the phone at all. */
function patienceOf(random: Random): { ms: number; unanswered: boolean; voicemail: boolean } {
  const kind = random.next();
  if (kind < 0.012) return { ms: random.between(1_200, 4_900), unanswered: true, voicemail: false };
  if (kind < 0.034) return { ms: random.between(9, 70) * SECOND, unanswered: true, voicemail: false };
  if (kind < 0.038) return { ms: random.between(75, 95) * SECOND, unanswered: true, voicemail: true };
  return { ms: 100 * SECOND + random.spread(2 * MINUTE), unanswered: false, voicemail: false };
}

function leftInMenu(day: LocalDay, random: Random): Fact[] {
  return day.hours.flatMap((slot, hour) => {
    if (!random.chance(0.6)) return [];
    const call = `${day.date}/menu-${hour}`;
    const at = Math.floor(random.between(slot.from, slot.to - MINUTE));
    const number = aNumber(random);
    const endedAt = at + random.int(2, 19) * SECOND;
    return [
      { kind: 'arrived', call, at, direction: 'in', number },
      { kind: 'end', call, at: endedAt, why: 'abandon' },
    ] satisfies Fact[];
  });
}

function insert(callers: Caller[], caller: Caller): void {
  const index = callers.findIndex((other) => other.offeredAt > caller.offeredAt);
  callers.splice(index === -1 ? callers.length : index, 0, caller);
}

function shuffled<T>(things: readonly T[], random: Random): T[] {
  return things
    .map((thing) => ({ thing, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ thing }) => thing);
}
