import { HOUR, type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { PostFact } from '../../fact.ts';
import type { Log } from '../../log.ts';
import { Problem } from '../../problem.ts';
import { createPostOutbox } from '../post-outbox.ts';
import type { Run, Source } from '../source.ts';
import type { BlueskyConfig } from './config.ts';
import { type Place, readCursor, writeCursor } from './cursor.ts';
import { readEvent } from './event.ts';
import { createHearing } from './hear.ts';
import { followJetstream, Refused, SILENT_AFTER_MS } from './jetstream.ts';
import { createProfiles } from './profiles.ts';

export const LATE_AFTER_MS = 40 * SECOND;
export const LOST_AFTER_MS = 2 * MINUTE;
/** Reading begins again so much before the last message: instances differ by a little, and order is not promised. */
export const REWIND_US = 5_000_000;
/** Where it stands is written down this often when nothing was found. */
export const PLACE_KEPT_EVERY_MS = MINUTE;
/** Messages this old are what was missed, not what goes on. */
const BEHIND_MS = MINUTE;
/** The network is never quiet for so long: what lies between was not kept for us. */
const MISSED_MS = 10 * MINUTE;
/** What was missed for good is said for so long. */
const MISSED_SAID_MS = 24 * HOUR;
/** No message comes from further ahead: it would move the place to where nothing is. */
const AHEAD_MAX_MS = 5 * MINUTE;

export interface BlueskyNeeds {
  config: BlueskyConfig;
  clock: Clock;
  log: Log;
}

/**
 * Bluesky by a Jetstream: every post of the network is looked at here, and what is about us is told. After a gap it goes
 * on from the last message. `run` throws a Problem when the link breaks or falls silent.
 */
export function createBluesky(needs: BlueskyNeeds): Source {
  // A first run that saved nothing is gone on with from its beginning, not from when it is next tried.
  let begunAt: Instant | null = null;
  return {
    id: needs.config.id,
    feeds: ['mentions'],
    lateAfterMs: LATE_AFTER_MS,
    lostAfterMs: LOST_AFTER_MS,
    run(run) {
      begunAt ??= needs.clock.now();
      return runOnce(needs, run, begunAt);
    },
    check: (stop) => check(needs, stop),
  };
}

async function runOnce({ config, clock, log }: BlueskyNeeds, run: Run, begunAt: Instant): Promise<void> {
  if (run.stop.aborted) return;
  const place = readCursor(run.cursor);
  const from = place.timeUs ?? begunAt * 1_000;
  const over = new AbortController();
  const stop = AbortSignal.any([run.stop, over.signal]);
  const { profiles } = config;
  const names = profiles === null ? null : createProfiles({ id: config.id, at: profiles, clock, log, stop });
  const outbox = createPostOutbox({
    deliver: run.deliver,
    cursor: () => writeCursor(place),
    ...(names === null ? {} : { complete: names.complete }),
  });
  const hear = hearing(config, place, run, from, (facts) => outbox.put(facts));
  const cursor = place.timeUs === null ? from : from - REWIND_US;
  try {
    await Promise.race([followJetstream({ config, cursor, clock, stop, hear }), outbox.failed]);
  } catch (error) {
    if (run.stop.aborted) return;
    if (error instanceof Refused && error.waitMs !== null) await waitAsTold(config, clock, run, error.waitMs);
    throw error;
  } finally {
    over.abort();
    if (run.stop.aborted && place.timeUs !== null) outbox.put([]);
    await outbox.empty();
  }
}

function hearing(
  config: BlueskyConfig,
  place: Place,
  run: Run,
  from: number,
  put: (facts: readonly PostFact[]) => void,
): (text: string, at: Instant) => void {
  const factsOf = createHearing(config, place);
  const look = createLook(config, run, from);
  let keptAt: Instant | null = null;
  return (text, at) => {
    const event = readEvent(text);
    if (event === null) {
      run.refuse('not a message of Jetstream');
      return;
    }
    event.timeUs = Math.min(event.timeUs, (at + AHEAD_MAX_MS) * 1_000);
    const facts = factsOf(event);
    // The first few after a rewind lie before what was read.
    place.timeUs = Math.max(place.timeUs ?? 0, event.timeUs);
    look(event.timeUs, at);
    keptAt ??= at;
    const isKeepTime = Math.abs(at - keptAt) >= PLACE_KEPT_EVERY_MS;
    if (facts.length === 0 && !isKeepTime) return;
    keptAt = at;
    put(facts);
  };
}

/** Signs of life, and what a person should know of where the link stands. */
function createLook({ id }: BlueskyConfig, run: Run, from: number): (timeUs: number, at: Instant) => void {
  let isFirst = true;
  let lookedAt = 0;
  let said: string | null = null;
  let lacks = '';
  let beganAt: Instant | null = null;
  const say = (words: string | null): void => {
    if (words === said) return;
    said = words;
    run.notice(words);
  };
  return (timeUs, at) => {
    if (isFirst && timeUs - from > MISSED_MS * 1_000)
      lacks = `Jetstream keeps posts for some 36 hours: "${id}" misses those from ${utc(from)} to ${utc(timeUs)}.`;
    isFirst = false;
    beganAt ??= at;
    if (at - beganAt > MISSED_SAID_MS) lacks = '';
    if (Math.abs(at - lookedAt) < SECOND) return;
    lookedAt = at;
    const isBehind = at - timeUs / 1_000 > BEHIND_MS;
    if (!isBehind) run.live();
    const behind = isBehind ? `Reading what was missed: it is at ${utc(timeUs)}.` : '';
    const words = [lacks, behind].filter((part) => part !== '').join(' ');
    say(words === '' ? null : words);
  };
}

function utc(timeUs: number): string {
  return `${new Date(timeUs / 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

async function waitAsTold({ id }: BlueskyConfig, clock: Clock, run: Run, ms: number): Promise<void> {
  const until = utc((clock.now() + ms) * 1_000);
  run.notice(`The Jetstream of "${id}" asks to be left alone until ${until}.`);
  await clock.sleep(ms, run.stop);
}

async function check({ config, clock }: BlueskyNeeds, stop: AbortSignal): Promise<string> {
  const done = new AbortController();
  let messages = 0;
  await followJetstream({
    config,
    cursor: null,
    clock,
    stop: AbortSignal.any([stop, done.signal]),
    hear(text) {
      if (readEvent(text) === null)
        throw new Problem(
          'unavailable',
          `What answers for "${config.id}" is not a Jetstream: check jetstream.`,
        );
      messages += 1;
      done.abort();
    },
  });
  const { keywords, hashtags, accounts } = config;
  const looked = `${keywords.length} keywords, ${hashtags.length} hashtags and ${accounts.length} accounts`;
  if (messages === 0) return 'Told to stop before anything came.';
  return `Connected to ${new URL(config.jetstream).host}: posts come in. Looks for ${looked}. Silence is noticed after ${SILENT_AFTER_MS / SECOND} s.`;
}
