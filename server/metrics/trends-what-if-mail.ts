import { stepOf } from '../../shared/step-of.ts';
import type { Instant } from '../../shared/time.ts';
import { replyMost } from '../judge/lengths.ts';
import type { EpochDay } from '../store/trends.ts';
import type { Look } from './trends.ts';
import { arrivalsDueFrom } from './trends-due.ts';
import { dueAt, type MailClock } from './trends-scope.ts';
import type { JudgedSteps, Judging } from './trends-what-if.ts';

/** A calendar that was closed for longer has nothing left to be due. */
const BACK_DAYS_MAX = 400;

/**
 * Emails as they would have been judged: what was answered in time on the day of its answer, what was not on the day
 * on which it would have fallen due, and what is not due yet not at all. Each is judged by its own mailbox's hours.
 */
export async function mailJudgedBy(look: Look, judging: Judging): Promise<JudgedSteps> {
  const { scope, days, edges, withinMs } = judging;
  const most = replyMost(withinMs);
  const clocks = scope.mail.map(({ due }) => ({ ...due, withinMs }));
  const from = Math.min(...clocks.map((clock) => firstArrival(look, judging, clock)));
  const [met, missed, lost] = await Promise.all([
    look.store.countedUpTo({ scopes: [scope.scope], measure: 'reply', edges: days, most }),
    missedSteps(look, judging, from),
    notKnownLost(look, judging),
  ]);
  for (const at of lost) {
    if (at < (edges[0] ?? 0) || at >= (edges.at(-1) ?? 0)) continue;
    const step = stepOf(edges, at);
    missed[step] = (missed[step] ?? 0) - 1;
  }
  const n = [...met];
  return { n, d: n.map((count, step) => count + (missed[step] ?? 0)) };
}

/** In which steps the mails fall due that were answered too late, or that nobody has answered until now. */
async function missedSteps(
  look: Look,
  { scope, edges, days, withinMs }: Judging,
  from: EpochDay,
): Promise<Float64Array> {
  const { zone, store } = look;
  const bounds: Bounds[] = [];
  for (const { due } of scope.mail) {
    const same = bounds.find((one) => isSameClock(one.due, due));
    bounds.push(same ?? (await boundsOf(look, edges, { ...due, withinMs }, zone.startOf(from), due)));
  }
  const midnights = Array.from({ length: (days.at(-1) ?? from) - from }, (_, i) => zone.startOf(from + i));
  return store.arrivalsIn({
    scopes: scope.mail.map((one) => one.scope),
    from,
    midnights,
    most: replyMost(withinMs),
    steps: bounds.map(({ arrivals, pendingFrom }) => ({ edges: arrivals, openFrom: pendingFrom })),
  });
}

/** Between which arrivals the answers of one clock fall due in each step, and from which on they are due after now. */
interface Bounds {
  due: MailClock;
  arrivals: readonly Instant[];
  pendingFrom: Instant;
}

async function boundsOf(
  { read }: Look,
  edges: readonly Instant[],
  clock: MailClock,
  from: Instant,
  due: MailClock,
): Promise<Bounds> {
  const arrivals = await arrivalsDueFrom(clock, edges, from);
  const [pendingFrom = from] = await arrivalsDueFrom(clock, [read.known.now + 1], from);
  return { due, arrivals, pendingFrom };
}

function isSameClock(a: MailClock, b: MailClock): boolean {
  return a.clock === b.clock && a.calendar === b.calendar;
}

/** The first day whose mail may fall due inside the period. */
function firstArrival({ zone }: Look, { days, edges }: Judging, clock: MailClock): EpochDay {
  const begin = edges[0] ?? 0;
  let from = days[0] ?? 0;
  for (let back = 0; back < BACK_DAYS_MAX && dueAt(clock, zone.startOf(from) - 1) >= begin; back += 1)
    from -= 1;
  return from;
}

/**
 * When mails would have fallen due that nobody has answered, but of whose source nothing is known since before: as long
 * as it is not heard, an answer may have gone out.
 */
async function notKnownLost(look: Look, { scope, withinMs }: Judging): Promise<Instant[]> {
  const { known, readAt } = look.read;
  if (Object.keys(known.knownUntil).length === 0) return [];
  const clocks = new Map(scope.mail.map(({ scope: mailbox, due }) => [mailbox, { ...due, withinMs }]));
  const open = await look.store.openMail();
  return open
    .filter(({ source }) => readAt(source) < known.now)
    .flatMap(({ source, live: lives }) =>
      lives.flatMap((live) => {
        const clock = live.what === 'email' ? clocks.get(live.scopes[0] ?? 'site') : undefined;
        if (live.what !== 'email' || clock === undefined) return [];
        const at = dueAt(clock, live.inAt);
        return at > readAt(source) && at <= known.now ? [at] : [];
      }),
    );
}
