import type { Instant } from '../../../shared/time.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { type Call, type Leg, newLeg } from './call-state.ts';
import { deviceOf, isLocal } from './channel-name.ts';
import type { AsteriskConfig } from './config.ts';
import type { Say } from './legs.ts';

/** What the meaning of events depends on. */
export type CallRules = Pick<
  AsteriskConfig,
  | 'inboundContexts'
  | 'internalContexts'
  | 'queues'
  | 'dids'
  | 'defaultQueue'
  | 'outsidePrefix'
  | 'callbackContexts'
>;

/** Calls followed at once; beyond it the oldest is given up as unknown. */
export const CALLS_MAX = 10_000;

/** The open calls, and the three ways in which events find them. */
export interface CallBook {
  rules: CallRules;
  /** By Linkedid as first seen: a transfer may link a call to another one later. */
  calls: Map<string, Call>;
  /** Every channel of an open call, by Uniqueid: names begin again with each start of Asterisk. */
  channels: Map<string, { call: Call; trunk: boolean }>;
  /** Attempts by their channel; a call taken over by another phone gains that phone's channel. */
  legs: Map<string, { call: Call; leg: Leg }>;
  /** Calls that were told as unknown, or closed unseen, while still up; they are not told again. */
  unseen: Set<string>;
  /** The latest moment of any event: what was open then was still up. */
  heardTo: Instant;
  /** A context in which calls begin and that the configuration does not name; null when there is none. */
  strangeContext: string | null;
}

/** One event's meaning: changes the book and says what became certain at `at`. */
export type Handler = (book: CallBook, message: AmiMessage, at: Instant, say: Say) => void;

export function newBook(rules: CallRules): CallBook {
  return {
    rules,
    calls: new Map(),
    channels: new Map(),
    legs: new Map(),
    unseen: new Set(),
    heardTo: 0,
    strangeContext: null,
  };
}

/** Follows a call from now on, found by its caller's channel. */
export function follow(book: CallBook, call: Call, trunk: boolean, say: Say): void {
  const oldest = book.calls.values().next().value;
  if (book.calls.size >= CALLS_MAX && oldest !== undefined) closeUntold(book, oldest, oldest.lastAt, say);
  book.calls.set(call.id, call);
  book.channels.set(call.id, { call, trunk });
}

/** Follows no longer; later events of its channels mean nothing. */
export function forget(book: CallBook, call: Call): void {
  book.calls.delete(call.id);
  for (const id of call.channels) if (book.channels.get(id)?.call === call) book.channels.delete(id);
  for (const id of call.legs.keys()) if (book.legs.get(id)?.call === call) book.legs.delete(id);
}

/**
 * Ends a call whose end was not seen (a restart, a gap in the link). What a person already answered stays answered; of
 * the others nobody knows. A call that never left the house leaves no trace.
 */
export function closeUntold(book: CallBook, call: Call, at: Instant, say: Say): void {
  if (call.told) say({ kind: 'end', call: call.id, at, why: call.answered ? 'hangup' : 'unknown' });
  forget(book, call);
}

/** The call that an event is about, by its channel, or by its Linkedid where the channel is new. */
export function callOf(book: CallBook, message: AmiMessage): Call | undefined {
  return book.channels.get(first(message, 'Uniqueid'))?.call ?? book.calls.get(first(message, 'Linkedid'));
}

/** The attempt at this channel; made when it is first heard of, before or after its DialBegin. */
export function legOf(book: CallBook, call: Call, id: string, name: string): Leg {
  const known = call.legs.get(id);
  if (known !== undefined) return known;
  const leg = newLeg(id, deviceOf(name), isLocal(name));
  call.legs.set(id, leg);
  book.legs.set(id, { call, leg });
  return leg;
}
