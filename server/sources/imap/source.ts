import { MINUTE, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Run, Source } from '../source.ts';
import { type ImapConfig, ticketPattern } from './config.ts';
import { readCursor } from './cursor.ts';
import { foldersToWatch, type Watched } from './folder.ts';
import type { ImapLink } from './imap-link.ts';
import { createKeeper, type Keeper } from './keeper.ts';
import { createTokens, type Tokens } from './oauth.ts';
import { catchUp, type ReadNeeds, readFlagged, readNew } from './read-folder.ts';
import { logIn } from './session.ts';

/** How often a quiet server is asked whether it is there. */
export const NOOP_EVERY_MS = 45 * SECOND;
/** And one that tells of nothing by itself (no IDLE). */
export const POLL_EVERY_MS = 10 * SECOND;
export const LATE_AFTER_MS = 60 * SECOND;
export const LOST_AFTER_MS = 120 * SECOND;
/** A connection that stood this long is made again at once, before anybody is told: servers end long ones. */
const STEADY_MS = MINUTE;

export interface ImapNeeds {
  config: ImapConfig;
  clock: Clock;
  log: Log;
}

/** What outlives a broken link. */
interface Kept {
  tokens: Tokens | null;
  /** The refresh token that the provider gave us last, sealed. */
  token: string | null;
  keeper: Keeper | null;
}

/**
 * Mailboxes at a mail server by IMAP, one connection for each folder: mails as facts, from their headers alone. `run`
 * throws a Problem when a connection breaks, `forbidden` when the login is refused. Neither secrets nor addresses are ever
 * in a message of it or in the log.
 */
export function createImap(needs: ImapNeeds): Source {
  const { config, clock } = needs;
  const kept: Kept = { tokens: null, token: null, keeper: null };
  const { login } = config;
  if (login.how === 'oauth2') {
    kept.tokens = createTokens({
      id: config.id,
      login,
      clock,
      kept: () => kept.token,
      async keep(sealed) {
        kept.token = sealed;
        await kept.keeper?.keepToken(sealed);
      },
    });
  }
  return {
    id: config.id,
    feeds: ['emails'],
    lateAfterMs: LATE_AFTER_MS,
    lostAfterMs: LOST_AFTER_MS,
    run: (run) => runOnce(needs, kept, run),
    check: (stop) => checkOnce(needs, kept, stop),
  };
}

async function runOnce(needs: ImapNeeds, kept: Kept, run: Run): Promise<void> {
  if (run.stop.aborted) return;
  const over = new AbortController();
  const stop = AbortSignal.any([run.stop, over.signal]);
  const before = readCursor(run.cursor);
  kept.token ??= before.token;
  const keeper = createKeeper(run.deliver, { ...before, token: kept.token });
  kept.keeper = keeper;
  const watches: Watch[] = [];
  try {
    await openAll(needs, kept, { run, keeper, stop }, watches);
    for (const watch of watches) await begin(watch);
    run.live();
    await Promise.all(watches.map((watch) => keepWatching(watch)));
  } catch (error) {
    if (!run.stop.aborted) throw error;
  } finally {
    over.abort();
    await Promise.all(watches.map(({ link }) => link.close()));
    await keeper.settled();
    kept.keeper = null;
  }
}

/** One folder and its connection. */
interface Watch {
  watched: Watched;
  link: ImapLink;
  clock: Clock;
  stop: AbortSignal;
  reading: ReadNeeds;
  live: () => void;
  connect(): Promise<ImapLink>;
}

async function openAll(
  { config, clock, log }: ImapNeeds,
  { tokens }: Kept,
  { run, keeper, stop }: { run: Run; keeper: Keeper; stop: AbortSignal },
  watches: Watch[],
): Promise<void> {
  const connect = oneAtATime(() => logIn({ config, clock, tokens }, stop));
  const ticket = config.ticket === undefined ? null : ticketPattern(config.ticket);
  const add = (watched: Watched, link: ImapLink): void => {
    const reading = {
      watched,
      keeper,
      clock,
      readBackDays: config.readBackDays,
      ticket,
      refuse: (reason: string) => run.refuse(reason),
    };
    watches.push({ watched, link, clock, stop, reading, live: () => run.live(), connect });
  };
  const first = await connect();
  let folders: Watched[];
  try {
    folders = foldersToWatch(config, await first.folders());
  } catch (error) {
    await first.close();
    throw error;
  }
  for (const [i, watched] of folders.entries()) add(watched, i === 0 ? first : await connect());
  log.debug({ source: config.id, folders: folders.length }, 'mail folders opened');
}

/**
 * One login after the other, and none after one that failed: a wrong password is tried once, not once for each folder,
 * when the server ends all connections at once too.
 */
function oneAtATime(connect: () => Promise<ImapLink>): () => Promise<ImapLink> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const turn = last.then(connect);
    last = turn;
    return turn;
  };
}

async function begin({ link, watched, reading }: Watch): Promise<void> {
  await catchUp(link, await link.open(watched.path), reading);
}

/** Watches on through one break of a connection that stood for long; throws when it cannot be made again. */
async function keepWatching(watch: Watch): Promise<void> {
  for (;;) {
    const since = watch.clock.now();
    try {
      await watchOn(watch);
    } catch (error) {
      if (watch.stop.aborted || watch.clock.now() - since < STEADY_MS) throw error;
      await watch.link.close();
      watch.link = await watch.connect();
      await begin(watch);
      watch.live();
    }
  }
}

async function watchOn({ link, reading, live }: Watch): Promise<never> {
  for (;;) {
    await link.rest(link.canIdle ? NOOP_EVERY_MS : POLL_EVERY_MS);
    const { changed, flagged } = link.news();
    if (changed) await readNew(link, reading);
    if (flagged.length > 0) await readFlagged(link, flagged, reading);
    if (!changed && flagged.length === 0) await link.noop();
    live();
  }
}

async function checkOnce({ config, clock }: ImapNeeds, { tokens }: Kept, stop: AbortSignal): Promise<string> {
  const link = await logIn({ config, clock, tokens }, stop);
  try {
    const said: string[] = [];
    for (const { role, path } of foldersToWatch(config, await link.folders())) {
      const { mails } = await link.open(path);
      said.push(`"${path}" (${role}) holds ${mails} ${mails === 1 ? 'mail' : 'mails'}`);
    }
    const how = link.canIdle
      ? 'The server tells of new mail at once.'
      : `The server does not tell of new mail by itself (no IDLE): it is asked every ${POLL_EVERY_MS / SECOND} s.`;
    return `Logged in. ${said.join(', ')}. ${how}`;
  } finally {
    await link.close();
  }
}
