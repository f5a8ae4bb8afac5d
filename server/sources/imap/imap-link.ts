import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { type FetchMessageObject, ImapFlow, type ImapFlowOptions } from 'imapflow';
import { HOUR, type Instant, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { ImapConfig } from './config.ts';
import { isFlaggedSpam, type Mail } from './mail-facts.ts';
import { createPatience, type Patience } from './patience.ts';
import { mailOf, type Opened, openedOf, QUERY } from './told-by-server.ts';
import { troubleOf } from './trouble.ts';
import { uidsIn } from './uid-set.ts';

/** The server must have let us in within this. */
export const CONNECT_WITHIN_MS = 30 * SECOND;
/** A server that does not answer a NOOP within this is gone. */
export const NOOP_WITHIN_MS = 10 * SECOND;
/** Other commands may make it search a large folder first. */
export const COMMAND_WITHIN_MS = 60 * SECOND;
/** Mails that are read before they are handed over. */
export const MAILS_PER_BATCH = 25;
/** Nobody's headers are that long; what is longer ends the connection. */
const RESPONSE_BYTES_MAX = 32 * 2 ** 20;

export interface Folder {
  path: string;
  /** `\Sent`, `\Junk` and such, where the server marks it. */
  use: string | null;
}

/** A mail whose flags changed, by UID or where the server did not say it by its number in the folder; is it spam now? */
export type Flagged = ({ uid: number } | { seq: number }) & { isSpam: boolean };

/** What was heard since it was last asked for. */
export interface News {
  /** Something came or went in the open folder. */
  changed: boolean;
  /** Mails whose flags changed. */
  flagged: readonly Flagged[];
}

/** One connection, logged in. Every member throws a Problem when the connection breaks or the server stays silent. */
export interface ImapLink {
  /** Does the server tell of changes by itself? */
  canIdle: boolean;
  folders(): Promise<Folder[]>;
  /** Opens a folder read-only (EXAMINE): no flag is ever set, not even \Seen or \Recent. */
  open(path: string): Promise<Opened>;
  /** UIDs of what was received since a moment (by the day), or from a UID on; ascending. */
  uidsSince(at: Instant): Promise<number[]>;
  uidsFrom(uid: number): Promise<number[]>;
  /** Headers and INTERNALDATE of mails, in the server's order and never a body, a batch at a time. */
  mails(range: string, by: 'uid' | 'seq'): AsyncGenerator<Mail[], void>;
  /** Mails that came or whose flags changed after `modseq`, each once. */
  flaggedAfter(modseq: string): Promise<(Flagged & { uid: number })[]>;
  /** Listens (IDLE) for at most so long; resolves as soon as there is news. */
  rest(ms: number): Promise<void>;
  news(): News;
  /** Asks for nothing, which shows that the server is there. */
  noop(): Promise<void>;
  /** Says goodbye, where the server still listens, and closes. */
  close(): Promise<void>;
}

export interface LinkNeeds {
  config: ImapConfig;
  clock: Clock;
  stop: AbortSignal;
  secret: { pass: string } | { accessToken: string };
}

/** Connects and logs in. */
export async function openLink({ config, clock, stop, secret }: LinkNeeds): Promise<ImapLink> {
  const client = new ImapFlow(optionsOf(config, secret, await trustOf(config)));
  const patience = createPatience({
    clock,
    stop,
    silent: () => new Problem('unavailable', `The mail server of "${config.id}" stopped answering.`),
    stopped: () => new Problem('unavailable', `"${config.id}" was told to stop.`),
    failed: (error) => troubleOf(config, error),
    broken: () => client.close(),
  });
  client.on('error', (error) => patience.break(troubleOf(config, error)));
  client.on('close', () =>
    patience.break(new Problem('unavailable', `The mail server of "${config.id}" closed the connection.`)),
  );
  const news = hearNews(client, () => patience.wake());
  try {
    await patience.within(CONNECT_WITHIN_MS, client.connect());
  } catch (error) {
    client.close();
    throw error;
  }
  return linkOf(client, config.id, patience, news);
}

function optionsOf(config: ImapConfig, secret: LinkNeeds['secret'], tls: { ca?: string[] }): ImapFlowOptions {
  const { host, port, security, user } = config;
  return {
    host,
    port,
    secure: security === 'tls',
    ...(security === 'tls' ? {} : { doSTARTTLS: security === 'starttls' }),
    auth: { user, ...secret },
    tls,
    logger: false,
    clientInfo: { name: 'First Ring' },
    // Left to itself it goes idle only after 15 quiet seconds, and tells of nothing until then.
    disableAutoIdle: true,
    disableCompression: true,
    qresync: true,
    maxLineLength: RESPONSE_BYTES_MAX,
    maxLiteralSize: RESPONSE_BYTES_MAX,
    maxResponseSize: 2 * RESPONSE_BYTES_MAX,
  };
}

function linkOf(client: ImapFlow, id: string, patience: Patience, news: () => News): ImapLink {
  const asked = <T>(work: Promise<T>): Promise<T> => patience.within(COMMAND_WITHIN_MS, work);
  const canIdle = client.capabilities.has('IDLE');
  const search = async (what: { since: Date } | { uid: string }): Promise<number[]> => {
    // Where it can, the server packs the list (RFC 4731): thousands of single UIDs take long to read.
    const found = await asked(client.search(what, { uid: true, returnOptions: ['ALL'] }));
    if (found === false || found === undefined)
      throw new Problem(
        'unavailable',
        `The mail server of "${id}" refuses to search a folder. Check its log.`,
      );
    return uidsIn(Array.isArray(found) ? found.join() : (found.all ?? ''));
  };
  return {
    canIdle,
    news,
    async folders() {
      const listed = await asked(client.list());
      return listed
        .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
        .map(({ path, specialUse }) => ({ path, use: specialUse ?? null }));
    },
    open: async (path) => openedOf(await asked(client.mailboxOpen(path, { readOnly: true }))),
    // From the day before: SINCE knows only days, and those of the server's zone (RFC 3501, 6.4.4).
    uidsSince: (at) => search({ since: new Date(at - 24 * HOUR) }),
    uidsFrom: async (uid) => (await search({ uid: `${uid}:*` })).filter((found) => found >= uid),
    async *mails(range, by) {
      // OBJECTID's threads may be put together by subject; Gmail's are not for strangers.
      const threadId = client.capabilities.has('X-GM-EXT-1') && !client.capabilities.has('OBJECTID');
      const told = client.fetch(range, { ...QUERY, threadId }, { uid: by === 'uid' });
      for (;;) {
        const batch = await asked(take(told, MAILS_PER_BATCH));
        if (batch.length > 0) yield batch;
        if (batch.length < MAILS_PER_BATCH) return;
      }
    },
    async flaggedAfter(modseq) {
      if (!client.enabled.has('CONDSTORE')) return [];
      // By number, not by UID: with UIDs imapflow asks for VANISHED too, and a server with a short memory then tells of
      // every mail that ever was (RFC 7162, 3.2.5.1).
      const changed = { changedSince: BigInt(modseq) };
      const found = await asked(client.fetchAll('1:*', { uid: true, flags: true }, changed));
      const changes = found.map(({ uid, flags = none }) => ({ uid, isSpam: isFlaggedSpam(flags) }));
      return [...new Map(changes.map((change) => [change.uid, change])).values()];
    },
    rest: (ms) =>
      patience.rest(ms, () => {
        // A lost connection and a refusal both end it quietly: the one is told by the wait, the other polled over.
        if (canIdle) client.idle().catch(() => undefined);
      }),
    noop: () => patience.within(NOOP_WITHIN_MS, client.noop()),
    async close() {
      // A server that does not answer the farewell is left all the same.
      if (client.usable) await patience.within(NOOP_WITHIN_MS, client.logout()).catch(() => undefined);
      client.close();
    },
  };
}

const none: ReadonlySet<string> = new Set();

async function take(told: AsyncGenerator<FetchMessageObject, unknown>, count: number): Promise<Mail[]> {
  const mails: Mail[] = [];
  while (mails.length < count) {
    const next = await told.next();
    if (next.done === true) break;
    mails.push(mailOf(next.value));
  }
  return mails;
}

function hearNews(client: ImapFlow, wake: () => void): () => News {
  let changed = false;
  let flagged: Flagged[] = [];
  const change = (): void => {
    changed = true;
    wake();
  };
  client.on('exists', change);
  client.on('expunge', ({ vanished, earlier }) => {
    // imapflow 2.1.2 counts down for EXPUNGE and not for VANISHED; the next mail would bring the count to what it
    // believes already, and it would not tell of it.
    if (vanished && earlier !== true && client.mailbox !== false) client.mailbox.exists -= 1;
    change();
  });
  client.on('flags', ({ uid, seq, flags }) => {
    const isSpam = isFlaggedSpam(flags);
    flagged.push(uid === undefined ? { seq, isSpam } : { uid, isSpam });
    wake();
  });
  return () => {
    const heard = { changed, flagged };
    changed = false;
    flagged = [];
    return heard;
  };
}

async function trustOf({ id, security, authorityFile }: ImapConfig): Promise<{ ca?: string[] }> {
  if (security === 'unencrypted' || authorityFile === undefined) return {};
  try {
    return { ca: [...rootCertificates, await readFile(authorityFile, 'utf8')] };
  } catch (error) {
    throw new Problem(
      'unavailable',
      `The file that certificate_authority of "${id}" names cannot be read (${(error as NodeJS.ErrnoException).code}). Check its path and rights.`,
      { cause: error },
    );
  }
}
