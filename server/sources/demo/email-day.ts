import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Fact, MailIn } from '../../fact.ts';
import type { LocalDay } from './local-day.ts';
import { addressOf, aPerson } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { emailsIn, instantsIn, type Mood, moodOf } from './rhythm.ts';

/** The demo team's one mailbox. */
export const DEMO_MAILBOX = 'help';
export const DEMO_ADDRESS = 'help@harbor.example';

/** Whatever lies this long is answered next, so that the hour is missed only where the day says so. */
const NEXT_AT_AGE_MS = 46 * MINUTE;
/** Pace at which what is open at midnight is answered. */
const NIGHT_PACE_MS = 4 * MINUTE;

/** A customer's message that awaits an answer. */
interface Letter {
  at: Instant;
  id: string;
  from: string;
  refs: string[];
}

interface Desk {
  day: LocalDay;
  random: Random;
  mood: Mood;
  facts: Fact[];
  /** Still to come, in order: the day's letters, and customers who write again. */
  coming: Letter[];
  /** Waiting for an answer, oldest first. */
  open: Letter[];
  serial: number;
}

/** Every email conversation that begins on this local day. */
export function emailDay(day: LocalDay, seed: string): Fact[] {
  const random = createRandom(`${seed}/${day.date}/emails`);
  const desk: Desk = { day, random, mood: moodOf(day, seed), facts: [], coming: [], open: [], serial: 0 };
  for (const slot of day.hours) {
    const count = emailsIn(day, slot, random);
    for (const at of instantsIn(slot, count, Math.ceil(count / 2), random)) {
      desk.coming.push({ at, id: nextId(desk, 'c'), from: addressOf(aPerson(random), random), refs: [] });
    }
  }
  const holdable = openWanted(day, random);
  for (let letter = desk.coming.shift(); letter !== undefined; letter = desk.coming.shift()) {
    receive(desk, letter);
    const hour = Math.floor((letter.at - day.from) / (60 * MINUTE));
    if (desk.open.length > (holdable[hour] ?? 10))
      answerNext(desk, letter.at + random.between(4, 70) * SECOND);
    const oldest = desk.open[0];
    if (oldest !== undefined && letter.at - oldest.at > NEXT_AT_AGE_MS)
      answerNext(desk, letter.at + random.between(4, 70) * SECOND);
  }
  for (
    let at = day.to + random.between(10, 60) * SECOND;
    desk.open.length > 0;
    at += NIGHT_PACE_MS * random.between(0.8, 1.2)
  ) {
    answerNext(desk, at);
  }
  return [...desk.facts, ...notForPeople(desk)];
}

/** How many are let lie, hour by hour: a steady dozen, a little fewer at night. */
function openWanted(day: LocalDay, random: Random): number[] {
  return day.hours.map(({ hour }) => (hour >= 8 && hour < 18 ? random.int(9, 11) : random.int(8, 9)));
}

function receive(desk: Desk, letter: Letter): void {
  const { random, mood } = desk;
  desk.facts.push(mailIn(letter));
  if (letter.refs.length > 0 && random.chance(0.25)) {
    // "Thank you": a person says that it needs no reply.
    desk.facts.push({
      kind: 'waive',
      ref: letter.id,
      at: Math.round(letter.at + random.between(2, 18) * MINUTE),
      by: 'demo',
    });
  } else if (random.chance(mood.stuckAt(letter.at))) {
    answer(desk, letter, letter.at + random.between(61, 108) * MINUTE);
  } else {
    desk.open.push(letter);
  }
}

/** Answers the oldest, or one of the three oldest while none is pressing. */
function answerNext(desk: Desk, at: Instant): void {
  const oldest = desk.open[0];
  const calm = oldest !== undefined && at - oldest.at < NEXT_AT_AGE_MS - 8 * MINUTE;
  const index = calm ? Math.min(desk.open.length - 1, desk.random.int(0, 2)) : 0;
  const [letter] = desk.open.splice(index, 1);
  if (letter !== undefined) answer(desk, letter, Math.max(at, letter.at + 40 * SECOND));
}

function answer(desk: Desk, letter: Letter, when: Instant): void {
  const { random, facts, day } = desk;
  const at = Math.round(when);
  const refs = [...letter.refs, letter.id];
  if (at - letter.at > 6 * MINUTE && random.chance(0.05)) {
    const joinedAt = Math.round(letter.at + (at - letter.at) * random.between(0.2, 0.8));
    facts.push(mailIn({ at: joinedAt, id: nextId(desk, 'j'), from: letter.from, refs }));
  }
  const id = nextId(desk, 'a');
  facts.push({
    kind: 'mail_out',
    id,
    at,
    from: DEMO_ADDRESS,
    to: [letter.from],
    refs,
    mailbox: DEMO_MAILBOX,
  });
  if (!random.chance(0.15)) return;
  const againAt = Math.round(at + random.between(6, 150) * MINUTE);
  if (againAt >= day.to) return;
  const again: Letter = { at: againAt, id: nextId(desk, 'c'), from: letter.from, refs: [...refs, id] };
  const index = desk.coming.findIndex((other) => other.at > againAt);
  desk.coming.splice(index === -1 ? desk.coming.length : index, 0, again);
}

/** Mail that nobody owes an answer: machines, colleagues, and what the spam filter caught. */
function notForPeople(desk: Desk): Fact[] {
  const { day, random } = desk;
  const some = (count: number, make: (at: Instant) => MailIn): Fact[] =>
    Array.from({ length: count }, () => make(Math.floor(random.between(day.from, day.to))));
  const plain = (at: Instant, from: string): MailIn => mailIn({ at, id: nextId(desk, 'n'), from, refs: [] });
  return [
    ...some(random.int(5, 9), (at) => ({
      ...plain(at, 'no-reply@pharmacy.example'),
      hdr: { 'auto-submitted': 'auto-generated' },
    })),
    ...some(random.int(2, 4), (at) => plain(at, 'scheduling@harbor.example')),
    ...some(random.int(3, 6), (at) => ({ ...plain(at, 'offers@bargains.example'), spam: true })),
  ];
}

function mailIn(letter: Letter): MailIn {
  const { id, at, from, refs } = letter;
  return {
    kind: 'mail_in',
    id,
    at,
    from,
    to: [DEMO_ADDRESS],
    mailbox: DEMO_MAILBOX,
    ...(refs.length > 0 ? { refs } : {}),
  };
}

function nextId(desk: Desk, what: string): string {
  desk.serial++;
  return `<${desk.day.date}.${what}${desk.serial}@demo.example>`;
}
