import { HOUR, type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { Problem } from '../../problem.ts';
import { createPostOutbox, type PostOutbox } from '../post-outbox.ts';
import type { Run, Source } from '../source.ts';
import { type Api, createApi } from './api.ts';
import { type CatchUpNeeds, catchUp, lookAgain } from './catch-up.ts';
import { type Channel, channelsOf } from './channel.ts';
import type { MastodonConfig } from './config.ts';
import { isLater, type Place, readCursor, writeCursor } from './cursor.ts';
import { createHearing, type Hearing } from './hear.ts';
import { listen, SILENT_AFTER_MS } from './listen.ts';
import type { SseEvent } from './sse.ts';

/** A heartbeat comes every 15 s: two and more are missing. */
export const LATE_AFTER_MS = 40 * SECOND;
export const LOST_AFTER_MS = 2 * MINUTE;
/** Where a stream stands is written down this often when nothing of it is kept. */
const PLACE_KEPT_EVERY_MS = MINUTE;
const SAID_MS = 24 * HOUR;

export interface MastodonNeeds {
  config: MastodonConfig;
  clock: Clock;
  log: Log;
}

/**
 * A Mastodon account: posts with its hashtags, posts that name it and posts with its keywords, as they come and, after a
 * gap, read back from its timelines. `run` throws a Problem when a link breaks, `forbidden` when the token is refused;
 * while the server asks to be left alone it waits as long as it is told. The token is in no message and no log.
 */
export function createMastodon(needs: MastodonNeeds): Source {
  return {
    id: needs.config.id,
    feeds: ['mentions'],
    lateAfterMs: LATE_AFTER_MS,
    lostAfterMs: LOST_AFTER_MS,
    run: (run) => runOnce(needs, run),
    check: (stop) => check(needs, stop),
  };
}

/** One run: everything in it is forgotten when it ends, and read again from what was saved. */
interface Link {
  api: Api;
  place: Place;
  hearing: Hearing;
  outbox: PostOutbox;
  /** Channels whose gap is closed: from then on what comes moves their place. */
  whole: Set<string>;
  /** By channel that is still read back: the newest id that came meanwhile. */
  ahead: Map<string, string>;
  keptAt: Instant;
  /** A place moved since it was written down. */
  isMoved: boolean;
  /** When it was said that a gap could not be read back whole; null when nothing of the kind is said. */
  saidAt: Instant | null;
}

async function runOnce(needs: MastodonNeeds, run: Run): Promise<void> {
  const { config, clock } = needs;
  const over = new AbortController();
  const stop = AbortSignal.any([run.stop, over.signal]);
  const place = readCursor(run.cursor);
  const outbox = createPostOutbox({ deliver: run.deliver, cursor: () => writeCursor(place) });
  const api = createApi({ config, clock, stop, wait: (ms) => waitAsTold(needs, run, ms, stop) });
  const hearing = createHearing(config, place);
  const link: Link = {
    api,
    place,
    hearing,
    outbox,
    whole: new Set(),
    ahead: new Map(),
    keptAt: clock.now(),
    isMoved: false,
    saidAt: null,
  };
  try {
    const work = followAll(needs, run, link, stop);
    await Promise.race([work, outbox.failed]);
  } catch (error) {
    // What is broken off because we were told to stop is no failure.
    if (!run.stop.aborted) throw error;
  } finally {
    over.abort();
    if (run.stop.aborted) outbox.put([]);
    await outbox.empty();
  }
}

/** Listens to every channel first, and only then reads back, so that nothing falls in between. */
async function followAll(needs: MastodonNeeds, run: Run, link: Link, stop: AbortSignal): Promise<void> {
  const { config, clock, log } = needs;
  await checkStreaming(config, link.api);
  const channels = channelsOf(config);
  // The very first time there is no place to read back from: the newest page makes one.
  for (const channel of channels)
    if (!link.place.read.has(channel.key)) await catchUp(channel, catchUpNeeds(link, run, clock));
  const streams = await Promise.all(
    channels.map(async (channel) => ({ channel, response: await link.api.stream(channel.streamPath) })),
  );
  const listening = streams.map(({ channel, response }) =>
    listen(response, {
      who: `The stream of ${channel.name}`,
      clock,
      stop,
      async hear(events, at) {
        hearEvents(channel, events, at, run, link);
        run.live();
        keepPlace(link, at);
        unsay(link, run, at);
        await link.outbox.room();
      },
    }),
  );
  // A gap is one that was heard of: at the very first start there is none.
  const reading = readBack(channels, link, run, clock, run.cursor !== null).then(() =>
    log.debug({ source: config.id }, 'timelines read back'),
  );
  await Promise.all([...listening, reading]);
}

async function readBack(
  channels: readonly Channel[],
  link: Link,
  run: Run,
  clock: Clock,
  hadGap: boolean,
): Promise<void> {
  const needs = catchUpNeeds(link, run, clock);
  const cut: string[] = [];
  for (const channel of channels) {
    if (!(await catchUp(channel, needs))) cut.push(channel.name);
    link.whole.add(channel.key);
    movePlace(channel, link.ahead.get(channel.key) ?? null, link);
  }
  if (hadGap) await lookAgain(needs);
  link.outbox.put([]);
  if (cut.length === 0) return;
  link.saidAt = clock.now();
  run.notice(`The gap was too long to be read back whole: posts are missing among ${cut.join(', ')}.`);
}

function catchUpNeeds(link: Link, run: Run, clock: Clock): CatchUpNeeds {
  return { ...link, clock, refuse: (reason) => run.refuse(reason) };
}

function hearEvents(channel: Channel, events: readonly SseEvent[], at: Instant, run: Run, link: Link): void {
  for (const event of events) {
    const { facts, id, refused } = link.hearing.event(channel, event, at);
    if (refused !== null) run.refuse(refused);
    movePlace(channel, id, link);
    if (facts.length > 0) link.outbox.put(facts);
  }
}

/** A post of the stream moves the place only when all before it was told of. */
function movePlace(channel: Channel, id: string | null, link: Link): void {
  if (id === null) return;
  const to = link.whole.has(channel.key) ? link.place.read : link.ahead;
  if (!isLater(id, to.get(channel.key) ?? '')) return;
  to.set(channel.key, id);
  link.isMoved = true;
}

function keepPlace(link: Link, now: Instant): void {
  if (!link.isMoved || Math.abs(now - link.keptAt) < PLACE_KEPT_EVERY_MS) return;
  link.keptAt = now;
  link.isMoved = false;
  link.outbox.put([]);
}

/** What was missed for good is said for a day. */
function unsay(link: Link, run: Run, now: Instant): void {
  if (link.saidAt === null || now - link.saidAt < SAID_MS) return;
  link.saidAt = null;
  run.notice(null);
}

async function waitAsTold(
  { config, clock }: MastodonNeeds,
  run: Run,
  ms: number,
  stop: AbortSignal,
): Promise<void> {
  const until = new Date(clock.now() + ms).toISOString().slice(11, 16);
  run.notice(
    `Mastodon "${config.id}" asks to be left alone until ${until} UTC: its limit of requests is reached.`,
  );
  await clock.sleep(ms, stop);
  stop.throwIfAborted();
  run.notice(null);
}

async function checkStreaming(config: MastodonConfig, api: Api): Promise<string> {
  const { version, streaming } = await api.instance();
  if (streaming !== null && streaming !== config.streaming && streaming !== config.server)
    throw new Problem(
      'invalid',
      `Mastodon "${config.id}" streams from another host: write streaming: ${streaming} beside server.`,
    );
  return version;
}

async function check({ config, clock }: MastodonNeeds, stop: AbortSignal): Promise<string> {
  const api = createApi({
    config,
    clock,
    stop,
    async wait(ms) {
      throw new Problem(
        'too_many',
        `Mastodon "${config.id}" asks to be left alone for ${Math.ceil(ms / MINUTE)} min: its limit of requests is reached. Try again then.`,
      );
    },
  });
  const version = await checkStreaming(config, api);
  const channels = channelsOf(config);
  for (const { pagePath, streamPath } of channels) {
    await api.get(pagePath.replace(/limit=\d+/, 'limit=1'));
    await (await api.stream(streamPath)).body?.cancel();
  }
  const software = version === '' ? '' : ` (version ${version})`;
  const names = channels.map(({ name }) => name).join(', ');
  return `Connected to ${new URL(config.server).host}${software}. Listens for ${names}. Silence is noticed after ${SILENT_AFTER_MS / SECOND} s.`;
}
