import { first } from './ami-wire.ts';
import { type CallBook, callOf, type Handler } from './call-book.ts';
import type { Call } from './call-state.ts';
import { queueNamed } from './config.ts';
import { sayOffered } from './legs.ts';

/**
 * The caller enters a queue: offered. One who comes from another of our queues unanswered has overflowed out of it;
 * one who was answered is being transferred, and waits for an answer once more.
 */
export const onQueueCallerJoin: Handler = (book, message, at, say) => {
  const call = callOf(book, message);
  if (call?.direction !== 'in') return;
  if (call.bridged) beginAnew(book, call);
  const name = first(message, 'Queue');
  const queue = queueNamed(book.rules, name);
  const before = call.stays.at(-1);
  if (before !== undefined) {
    before.leftAt ??= at;
    if (before.queue !== undefined && before.queue !== queue) {
      say({ kind: 'end', call: call.id, at: before.leftAt, why: 'overflow', entry: before.entry });
    }
  }
  call.releasedAt = null;
  sayOffered(call, { name, queue }, at, say);
};

/** Answered, abandoned or timed out: the stay is over. An AgentDump ends none, the queue goes on to try its phones. */
export const onQueueCallerLeave: Handler = (book, message, at) => {
  const call = callOf(book, message);
  const stay = call?.stays.findLast((one) => one.name === first(message, 'Queue') && one.leftAt === null);
  if (call === undefined || stay === undefined) return;
  stay.leftAt = at;
  if (!call.callerGone) call.releasedAt = at;
};

/** The phones of the first answer have no say in the second. */
function beginAnew(book: CallBook, call: Call): void {
  for (const id of call.legs.keys()) book.legs.delete(id);
  call.bridged = false;
  call.rang = false;
  call.stays = [];
  call.legs = new Map();
}
