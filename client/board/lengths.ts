import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';

/** A wait: 0:47, 3:24, 1:02:05. */
export function waitText(ms: number): string {
  const { h, m, s } = split(ms);
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A conversation: 1:42:10, 0:03:08. */
export function conversationText(ms: number): string {
  const { h, m, s } = split(ms);
  return `${h}:${two(m)}:${two(s)}`;
}

/** A countdown, never below zero: 04:12, 75:20; from a hundred minutes on with hours, 3:12:04. */
export function countdownText(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  const minutes = Math.floor(whole / 60);
  return minutes < 100 ? `${two(minutes)}:${two(whole % 60)}` : conversationText(ms);
}

/** How old something is: "21 s", "5 min 21 s", "1 h 5 min". */
export function ageText(ms: number): string {
  const { h, m, s } = split(ms);
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** What is allowed, at its plainest: "20 s", "2 min", "4 h". */
export function allowedText(ms: number): string {
  if (ms % HOUR === 0) return `${ms / HOUR} h`;
  return ms % MINUTE === 0 ? `${ms / MINUTE} min` : `${ms / SECOND} s`;
}

function split(ms: number): { h: number; m: number; s: number } {
  const whole = Math.max(0, Math.floor(ms / SECOND));
  return { h: Math.floor(whole / 3600), m: Math.floor(whole / 60) % 60, s: whole % 60 };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
