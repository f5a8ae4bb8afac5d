import type { Countdown } from '../../shared/figure.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';

const RISK_MS = 15 * MINUTE;
const WEDGE_MS = 5 * MINUTE;

interface DialProps {
  next: Countdown | null;
  marks: readonly Countdown[];
  withinMs: number;
  /** When the snapshot was made, and now. */
  at: Instant;
  now: Instant;
}

/**
 * One turn is the time the mailbox allows and twelve o'clock is the breach. Each open email is a mark at its minutes
 * left, long when at risk; the hand is the next one, on amber in its last five minutes.
 */
export function Dial({ next, marks, withinMs, at, now }: DialProps) {
  const hand = next === null ? null : leftAt(next, at, now);
  const others = marks.filter((mark, index) => !(index === 0 && mark.dueAt === next?.dueAt));
  const turn = (leftMs: number) => (360 * Math.min(leftMs, withinMs * 0.999)) / withinMs;
  const urgent = hand !== null && hand <= WEDGE_MS;
  return (
    <svg
      className="dial"
      viewBox="0 0 200 200"
      role="img"
      aria-label={sentence(hand, others.length, withinMs)}
    >
      {TICKS}
      {urgent ? <path className="left" d={wedge(turn(hand))} /> : null}
      {others.map((mark, index) => {
        const leftMs = leftAt(mark, at, now);
        const risk = leftMs <= RISK_MS;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: marks have no name, and their order is their time left
          <path key={index} className={risk ? 'risk' : 'open'} d={ray(turn(leftMs), risk ? 50 : 62, 74)} />
        );
      })}
      {hand === null ? null : <path className={urgent ? 'hand' : 'hand calm'} d={ray(turn(hand), 0, 78)} />}
      {hand === null ? null : <circle className="hub" cx="100" cy="100" r="7" />}
    </svg>
  );
}

/** The open minutes left at `now`, in ms: they run from when the snapshot was made, or rest until `runsFrom`. */
export function leftAt(countdown: Countdown, at: Instant, now: Instant): number {
  const runsFrom = countdown.runsFrom ?? at;
  return Math.max(0, countdown.leftMs - Math.max(0, now - runsFrom));
}

const TICKS = Array.from({ length: 60 }, (_, minute) => minute * 6).map((degrees) => {
  const quarter = degrees % 90 === 0;
  const five = degrees % 30 === 0;
  const kind = quarter ? 'tk q' : five ? 'tk h' : 'tk';
  return <path key={degrees} className={kind} d={ray(degrees, quarter ? 80 : five ? 88 : 93, 98)} />;
});

function ray(degrees: number, from: number, to: number): string {
  return `M${point(degrees, from)}L${point(degrees, to)}`;
}

function wedge(degrees: number): string {
  return `M100 100L${point(0, 74)}A74 74 0 0 1 ${point(degrees, 74)}Z`;
}

function point(degrees: number, radius: number): string {
  const angle = (degrees * Math.PI) / 180;
  return `${(100 + radius * Math.sin(angle)).toFixed(1)} ${(100 - radius * Math.cos(angle)).toFixed(1)}`;
}

function sentence(hand: number | null, others: number, withinMs: number): string {
  const allowed = Math.round(withinMs / MINUTE);
  if (hand === null) return `Deadlines in the next ${allowed} minutes: no email is waiting`;
  const minutes = Math.floor(hand / MINUTE);
  const rest = others === 1 ? 'and 1 more email is open' : `and ${others} more emails are open`;
  return `Deadlines in the next ${allowed} minutes: the next email breaches in ${minutes} minutes, ${rest}`;
}
