import { HOUR, type Instant, MINUTE, type Span } from '../../../shared/time.ts';
import { hourAt, type LocalDay, type LocalHour } from './local-day.ts';
import { createRandom, type Random } from './random.ts';

/** At least this many calls in every hour of every day, so that the wall is alive whenever it is looked at. */
export const CALLS_PER_HOUR_MIN = 30;

/** By local hour, on a weekday. */
const callsPerHour = [
  46, 45, 44, 44, 45, 46, 47, 50, 57, 66, 70, 68, 58, 59, 66, 69, 64, 57, 53, 51, 50, 49, 48, 47,
];
const emailsPerHour = [
  14, 13, 13, 13, 13, 14, 16, 20, 26, 32, 34, 32, 27, 28, 31, 31, 28, 25, 22, 20, 19, 18, 16, 15,
];
const mentionWeights = [3, 2, 2, 2, 2, 3, 4, 6, 8, 9, 9, 9, 10, 10, 9, 9, 9, 9, 8, 8, 7, 6, 5, 4];

const SATURDAY = 6;
const WEEKEND = 0.86;

/** How many calls are offered in this hour: never fewer than the floor of a whole hour. */
export function callsIn(day: LocalDay, slot: LocalHour, random: Random): number {
  const wanted =
    (callsPerHour[slot.hour] ?? CALLS_PER_HOUR_MIN) * weekFactor(day) * random.between(0.93, 1.07);
  return Math.ceil((Math.max(CALLS_PER_HOUR_MIN + 2, wanted) * (slot.to - slot.from)) / HOUR);
}

export function emailsIn(day: LocalDay, slot: LocalHour, random: Random): number {
  const wanted = (emailsPerHour[slot.hour] ?? 0) * weekFactor(day) * random.between(0.94, 1.06);
  return Math.round((Math.max(12, wanted) * (slot.to - slot.from)) / HOUR);
}

/** `count` instants of the day, spread as people talk in public: most by day, few by night; in order. */
export function mentionInstants(day: LocalDay, count: number, random: Random): Instant[] {
  const weights = day.hours.map((slot) => ((mentionWeights[slot.hour] ?? 1) * (slot.to - slot.from)) / HOUR);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: count }, (_, i) => {
    let left = ((i + random.between(0.05, 0.95)) / count) * total;
    const index = weights.findIndex((weight) => {
      if (left < weight) return true;
      left -= weight;
      return false;
    });
    const slot = day.hours[index] ?? day;
    return Math.floor(slot.from + (left / (weights[index] ?? 1)) * (slot.to - slot.from));
  });
}

/** `count` instants of a span, in order: `even` of them one to each equal part of it, the others anywhere. */
export function instantsIn(span: Span, count: number, even: number, random: Random): Instant[] {
  const length = span.to - span.from;
  const instants = Array.from({ length: count }, (_, i) => {
    const part = i < even ? (i + random.between(0.12, 0.88)) / Math.min(count, even) : random.next();
    return Math.floor(span.from + part * length);
  });
  return instants.sort((a, b) => a - b);
}

/** How the team fares through one day: chances that follow the hour, and differ from day to day and half-hour to half-hour. */
export interface Mood {
  /** The chance that an answered call is answered on the first ring. */
  firstRingAt(at: Instant): number;
  /** The chance that an email lies too long. */
  stuckAt(at: Instant): number;
}

export function moodOf(day: LocalDay, seed: string): Mood {
  const random = createRandom(`${seed}/${day.date}/mood`);
  const calls = random.bell() * 0.018;
  const emails = random.bell() * 0.014;
  const halves = Array.from({ length: 52 }, () => ({
    calls: random.bell() * 0.03,
    emails: random.bell() * 0.018,
  }));
  const halfAt = (at: Instant) =>
    halves[Math.max(0, Math.floor((at - day.from) / (30 * MINUTE)))] ?? { calls: 0, emails: 0 };
  return {
    firstRingAt: (at) => within(0.5, 0.95, 0.81 + calls + halfAt(at).calls + callShape(hourAt(day, at))),
    stuckAt: (at) => within(0.02, 0.2, 0.072 + emails + halfAt(at).emails + emailShape(hourAt(day, at))),
  };
}

/** A slow hour over lunch, a rough start to the working day, quiet hands in the evening. */
function callShape(hour: number): number {
  if (hour >= 12 && hour < 13.5) return -0.14;
  if (hour >= 8.5 && hour < 10) return -0.03;
  if (hour >= 19 || hour < 6) return 0.025;
  return 0;
}

function emailShape(hour: number): number {
  if (hour >= 11.5 && hour < 13.5) return 0.02;
  if (hour >= 15.5 && hour < 17) return 0.015;
  return 0;
}

function weekFactor(day: LocalDay): number {
  return day.weekday >= SATURDAY ? WEEKEND : 1;
}

function within(min: number, max: number, value: number): number {
  return Math.min(max, Math.max(min, value));
}
