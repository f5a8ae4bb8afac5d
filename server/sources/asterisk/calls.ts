import type { Instant } from '../../../shared/time.ts';
import type { CallFact } from '../../fact.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { type CallBook, type CallRules, callOf, type Handler, newBook } from './call-book.ts';
import {
  onBridgeEnter,
  onBridgeLeave,
  onHangup,
  onHangupRequest,
  onNewCallerid,
  onNewchannel,
  onNewstate,
  onShutdown,
  onSoftHangupRequest,
} from './on-channel.ts';
import { onDialBegin, onDialEnd, onDialState } from './on-dial.ts';
import { onQueueCallerJoin, onQueueCallerLeave } from './on-queue.ts';

/** Events → facts: what Asterisk says, in our words. It knows the calls that are open, and nothing of the link. */
export interface Calls {
  /** Takes one event; `arrivedAt` dates it where Asterisk sends no time of its own. */
  read(message: AmiMessage, arrivedAt: Instant): CallFact[];
  book: CallBook;
}

const handlers: ReadonlyMap<string, Handler> = new Map([
  ['Newchannel', onNewchannel],
  ['NewCallerid', onNewCallerid],
  ['Newstate', onNewstate],
  ['DialBegin', onDialBegin],
  ['DialState', onDialState],
  ['DialEnd', onDialEnd],
  ['QueueCallerJoin', onQueueCallerJoin],
  ['QueueCallerLeave', onQueueCallerLeave],
  ['BridgeEnter', onBridgeEnter],
  ['BridgeLeave', onBridgeLeave],
  ['HangupRequest', onHangupRequest],
  ['SoftHangupRequest', onSoftHangupRequest],
  ['Hangup', onHangup],
  ['Shutdown', onShutdown],
]);

export function createCalls(rules: CallRules): Calls {
  const book = newBook(rules);
  return {
    book,
    read(message, arrivedAt) {
      const handle = handlers.get(first(message, 'Event'));
      if (handle === undefined) return [];
      const facts: CallFact[] = [];
      const at = momentOf(message) ?? arrivedAt;
      book.heardTo = Math.max(book.heardTo, at);
      const call = callOf(book, message);
      if (call !== undefined) call.lastAt = Math.max(call.lastAt, at);
      handle(book, message, at, (fact) => facts.push(fact));
      return facts;
    },
  };
}

/** `Timestamp: 1795326057.058681` (manager.conf: timestampevents = yes) in whole milliseconds; null where it is absent. */
export function momentOf(message: AmiMessage): Instant | null {
  const match = /^(\d{9,11})(?:\.(\d{1,6}))?$/.exec(first(message, 'Timestamp'));
  if (match === null) return null;
  return Number(match[1]) * 1_000 + Number((match[2] ?? '').padEnd(3, '0').slice(0, 3));
}
