import { type Instant, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { CallFact, Fact } from '../../fact.ts';
import type { Log } from '../../log.ts';
import type { Run, Source } from '../source.ts';
import { type AmiLink, openLink } from './ami-link.ts';
import { createAmiReader, writeAction } from './ami-wire.ts';
import { follow } from './call-book.ts';
import { type Calls, createCalls } from './calls.ts';
import { checkAsterisk } from './check.ts';
import type { AsteriskConfig } from './config.ts';
import { type Conversation, createConversation } from './conversation.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { checkGreeting } from './greeting.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { doubtAll } from './resume.ts';

export const PING_EVERY_MS = 5 * SECOND;
/** Three missed pings and more: live counts are no longer known. */
export const LATE_AFTER_MS = 15 * SECOND;
export const LOST_AFTER_MS = 60 * SECOND;

export interface AsteriskNeeds {
  config: AsteriskConfig;
  clock: Clock;
  log: Log;
}

/** What outlives a broken link: the open calls, and the facts that are not durable yet. */
interface Kept {
  calls: Calls;
  outbox: Outbox;
  /** When Asterisk was last heard; null before the first time, in this process or by the cursor. */
  heardAt: Instant | null;
}

/**
 * An Asterisk by its manager interface: calls as facts. `run` throws a Problem when the link breaks, `forbidden` when
 * the login is refused. Neither the secret nor a caller's number is ever in a message of it or in the log.
 */
export function createAsterisk(needs: AsteriskNeeds): Source {
  const kept: Kept = { calls: createCalls(needs.config), outbox: createOutbox(), heardAt: null };
  return {
    id: needs.config.id,
    feeds: ['phones'],
    lateAfterMs: LATE_AFTER_MS,
    lostAfterMs: LOST_AFTER_MS,
    run: (run) => runOnce(needs, kept, run),
    check: (stop) => checkAsterisk(needs, stop),
  };
}

async function runOnce(needs: AsteriskNeeds, kept: Kept, run: Run): Promise<void> {
  const { config, clock, log } = needs;
  if (run.stop.aborted) return;
  remember(kept, run.cursor);
  doubtAll(kept.calls.book);
  const over = new AbortController();
  const failed = Promise.withResolvers<never>();
  const reader = createAmiReader();
  const notices = createNotices(needs, kept, run);
  let link: AmiLink | null = null;
  const conversation = createConversation({
    config,
    calls: kept.calls,
    heardBefore: kept.heardAt,
    send: (text) => link?.send(text),
    denied: (isDenied) => notices.denied(isDenied),
  });
  let early: Fact[] = [];
  /** Nothing is told before what was missed can be told with it: the source would be taken for live too soon. */
  const tell = (facts: readonly Fact[]): void => {
    early.push(...facts);
    if (!conversation.isWhole()) return;
    kept.outbox.put(early);
    early = [];
  };
  const hear = (chunk: Buffer, at: Instant): void => {
    if (over.signal.aborted) return;
    const { messages, refused } = reader.read(chunk);
    checkGreeting(config.id, reader.greeting());
    for (const reason of refused) run.refuse(reason);
    if (messages.length === 0) return;
    const facts = readAll(messages, conversation, at, log);
    // Whoever has not let us in may be anybody: what it says is no sign of life, and clears no trouble.
    if (!conversation.isIn()) return;
    kept.heardAt = at;
    tell(facts);
    // What is told last, with the news of a gap, makes it live when it is durable.
    if (conversation.isWhole() && kept.outbox.isEmpty()) run.live();
    notices.look();
  };
  link = await openLink({ config, clock, stop: run.stop, hear });
  openOutbox(kept, run, link, conversation, clock, failed.reject);
  try {
    conversation.begin(clock.now());
    const alive = keepAlive(conversation, tell, clock, AbortSignal.any([run.stop, over.signal]));
    await Promise.race([alive, link.broken, failed.promise]);
  } finally {
    over.abort();
    link.send(writeAction({ Action: 'Logoff' }));
    link.close();
    kept.outbox.put(early);
    await kept.outbox.empty();
  }
}

/** At the first start of this process: the calls that an earlier one left open. */
function remember(kept: Kept, cursor: string | null): void {
  if (kept.heardAt !== null) return;
  const before = readCursor(cursor);
  if (before === null) return;
  kept.heardAt = before.heardAt;
  for (const call of before.calls) follow(kept.calls.book, call, true, () => undefined);
}

function readAll(
  messages: readonly Parameters<Conversation['read']>[0][],
  to: Conversation,
  at: Instant,
  log: Log,
): CallFact[] {
  const facts = messages.flatMap((message) => to.read(message, at));
  if (facts.length > 0) log.debug({ facts: facts.length }, 'asterisk events read');
  return facts;
}

function openOutbox(
  kept: Kept,
  run: Run,
  link: AmiLink,
  conversation: Conversation,
  clock: Clock,
  failed: (error: unknown) => void,
): void {
  kept.outbox.open({
    deliver: run.deliver,
    cursor: () => writeCursor(kept.heardAt ?? clock.now(), kept.calls.book.calls.values()),
    hold(full) {
      conversation.hold(full, clock.now());
      if (full) link.pause();
      else link.resume();
    },
    failed,
  });
}

async function keepAlive(
  conversation: Conversation,
  tell: (facts: readonly Fact[]) => void,
  clock: Clock,
  until: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(PING_EVERY_MS, until);
    if (until.aborted) return;
    tell(conversation.tick(clock.now()));
  }
}

/** What a person should know while the link stands. */
function createNotices({ config }: AsteriskNeeds, kept: Kept, run: Run) {
  let denied = false;
  let said: string | null | undefined;
  const look = (): void => {
    const { strangeContext } = kept.calls.book;
    const parts = [
      denied
        ? `Asterisk does not permit "${config.user}" to list calls, so calls that are open while the link is lost stay unknown. Give it "write = reporting" in manager.conf.`
        : '',
      strangeContext === null
        ? ''
        : `Calls begin in the context "${strangeContext}", which is neither in inboundContexts nor in internalContexts: they are not counted.`,
    ].filter((part) => part !== '');
    const text = parts.length === 0 ? null : parts.join(' ');
    if (text === said) return;
    said = text;
    run.notice(text);
  };
  return {
    look,
    denied(isDenied: boolean): void {
      denied = isDenied;
      look();
    },
  };
}
