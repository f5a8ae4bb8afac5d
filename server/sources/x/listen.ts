import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import { readAnswer } from './answer.ts';
import { type BackOff, STEADY_MS } from './back-off.ts';
import { fillGap, sayLeftOut } from './gap.ts';
import { idAt } from './ids.ts';
import { OVERLAP_MS } from './mark.ts';
import { recheckShown } from './recheck.ts';
import { type InStep, keepInStep, strangersWords } from './rules.ts';
import { type Session, take } from './session.ts';
import type { XStream } from './stream.ts';
import { endedBy, XStopped, XTrouble } from './trouble.ts';

/** X sends a keep-alive every 20 s; without any byte for this long the connection only seems to stand. */
export const STALL_MS = 24 * SECOND;
/** What stood on the walls is looked at this often. */
const LOOK_EVERY_MS = MINUTE;
/** X's rules are looked at this often, and no more: two programs must not fight over one app. */
const IN_STEP_EVERY_MS = 15 * MINUTE;

/** What is heard of one connection. */
interface Ear {
  /** When the last byte came. */
  signAt: Instant;
  isPaused: boolean;
  /** What was missed is known, so that a sign of life may pass for one of the source. */
  isWhole: boolean;
  ours: ReadonlySet<string>;
  /** Rules of ours that were removed: what they found may still come. */
  former: Set<string>;
  inStepAt: Instant;
}

/**
 * Follows the filtered stream: connects, fills the gap before it by search, and only then is live. Resolves when the
 * day's cap is used up or when told to stop; throws when the connection breaks.
 */
export async function listen(session: Session, stop: AbortSignal): Promise<void> {
  const { needs, kept, run } = session;
  const { clock } = needs;
  const { ids, removed } = await bringInStep(session);
  const ear: Ear = {
    signAt: clock.now(),
    isPaused: false,
    isWhole: false,
    ours: ids,
    former: new Set(removed),
    inStepAt: clock.now(),
  };
  const capped = Promise.withResolvers<void>();
  const whole = Promise.withResolvers<void>();
  kept.mark.doubtFrom(kept.mark.searchFrom(clock.now(), needs.config.lookBackMs));
  kept.outbox.hold(true);
  const stream = await session.api.connect({
    hear: (payload) => {
      hear(session, ear, payload);
      if (kept.meter.usedUp(clock.now()) !== null) capped.resolve();
    },
    sign() {
      ear.signAt = clock.now();
      if (!ear.isWhole) return;
      kept.wholeAt = ear.signAt;
      run.live();
    },
    refuse: (reason) => run.refuse(reason),
  });
  // The keep-alives begin when X has taken the connection, which may take a while.
  ear.signAt = clock.now();
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  session.full = (isFull) => pause(stream, ear, isFull, clock.now());
  try {
    await Promise.race([
      serve(session, ear, until, whole.resolve),
      watch(ear, session, until),
      stream.broken,
      capped.promise.then(() => {
        // No more is read; but the gap that is being read is paid for, and read to its end.
        session.full = null;
        pause(stream, ear, true, clock.now());
        return whole.promise;
      }),
    ]);
  } finally {
    over.abort();
    session.full = null;
    stream.close();
  }
}

/** One message of the stream. */
function hear(session: Session, ear: Ear, payload: unknown): void {
  const { kept, run } = session;
  const answer = readAnswer(payload);
  if (answer.ending !== null) throw endedBy(answer.ending);
  if (answer.posts.length + answer.unreadable === 0) run.refuse('a message that holds no post');
  kept.mark.read(answer.paid.posts);
  const isOurs = answer.matched === null || answer.matched.some((id) => ear.ours.has(id));
  if (!isOurs && answer.matched?.some((id) => !ear.former.has(id)) === true)
    session.notices.set('strangers', strangersWords([]));
  const facts = take(session, answer);
  kept.outbox.put(isOurs ? facts : []);
}

/** Everything but listening: first what was missed, then a second look at it, and now and then what is shown. */
async function serve(session: Session, ear: Ear, until: AbortSignal, whole: () => void): Promise<void> {
  const { needs, kept, run, notices } = session;
  const { clock } = needs;
  const connectedAt = clock.now();
  await fillGap(session);
  kept.mark.doubtFrom(null);
  kept.mark.doubtFrom(idAt(connectedAt - OVERLAP_MS));
  ear.isWhole = true;
  kept.outbox.hold(false);
  run.live();
  notices.again();
  whole();
  let isSettled = false;
  while (!until.aborted && kept.meter.usedUp(clock.now()) === null) {
    await recheckShown(session);
    sayLeftOut(session);
    await clock.sleep(LOOK_EVERY_MS, until);
    if (until.aborted) return;
    if (clock.now() - connectedAt >= STEADY_MS) kept.backOff.recovered();
    // Search learns of a post some seconds after it was written: what came just before the stream stood is there now.
    if (!isSettled) isSettled = await aside(session, kept.aside.secondLook, () => settle(session));
    if (clock.now() - ear.inStepAt >= IN_STEP_EVERY_MS)
      await aside(session, kept.aside.rules, () => stayInStep(session, ear));
  }
}

/** What must not break a stream that stands: it is tried again at the next look, when X's table allows. */
async function aside(
  { needs: { clock, log, config } }: Session,
  backOff: BackOff,
  work: () => Promise<void>,
): Promise<boolean> {
  if (!backOff.isOver(clock.now())) return false;
  try {
    await work();
    backOff.recovered();
    return true;
  } catch (error) {
    if (!(error instanceof XTrouble)) throw error;
    if (error instanceof XStopped) return false;
    backOff.failed(error, clock.now());
    log.warn({ source: config.id, trouble: error.message }, 'asked X beside the stream, in vain');
    return false;
  }
}

/** Reads what is in doubt; then nothing is. */
async function settle(session: Session): Promise<void> {
  await fillGap(session);
  session.kept.mark.doubtFrom(null);
  session.kept.outbox.put([]);
}

/** A half-open connection says nothing, not even that it is broken. */
async function watch(ear: Ear, { needs: { clock } }: Session, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const now = clock.now();
    // While it is not read, nothing can be heard; and what was heard in the future was heard just now.
    if (ear.isPaused || ear.signAt > now) ear.signAt = now;
    const leftMs = ear.signAt + STALL_MS - now;
    if (leftMs <= 0)
      throw new XTrouble(
        `X has been silent for ${STALL_MS / SECOND} s, and it promises a sign every 20 s. It is connected again.`,
        { kind: 'network' },
      );
    await clock.sleep(leftMs, until);
  }
}

function pause(stream: XStream, ear: Ear, isFull: boolean, now: Instant): void {
  ear.isPaused = isFull;
  ear.signAt = now;
  if (isFull) stream.pause();
  else stream.resume();
}

async function bringInStep(session: Session): Promise<InStep> {
  const { needs, api, notices } = session;
  const step = await keepInStep(api, needs.config.rules);
  const bad = step.bad.map(({ value, why }) => `"${value}" (${why})`).join(', ');
  if (step.ids.size === 0)
    throw new XTrouble(`X takes none of the rules of "${needs.config.id}": ${bad}. Mend them.`, {
      kind: 'http',
      isRefused: true,
    });
  notices.set('rules', bad === '' ? null : `X does not take ${bad}. What it would find is missing: mend it.`);
  notices.set('strangers', step.others.length === 0 ? null : strangersWords(step.others));
  session.rules = step.good;
  return step;
}

/**
 * Somebody else may have changed this app's rules since: theirs are told of, and where ours were gone, what they would
 * have found is read now.
 */
async function stayInStep(session: Session, ear: Ear): Promise<void> {
  const { needs, kept } = session;
  const { ids, removed, wasBehind } = await bringInStep(session);
  const before = ear.inStepAt;
  ear.ours = ids;
  for (const id of removed) ear.former.add(id);
  ear.inStepAt = needs.clock.now();
  if (!wasBehind) return;
  kept.mark.doubtFrom(idAt(before));
  await settle(session);
}
