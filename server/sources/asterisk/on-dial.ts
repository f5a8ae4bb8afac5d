import type { Instant } from '../../../shared/time.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { type CallBook, callOf, type Handler, legOf } from './call-book.ts';
import type { Call } from './call-state.ts';
import { dialledIn, numberOf } from './channel-name.ts';
import { queueDialled } from './config.ts';
import { answer, endLeg, letGo, ring, type Say, sayArrived, sayOffered, settleBridge } from './legs.ts';

/** A phone is tried, or, for a call of ours, a trunk. It is not ringing yet. */
export const onDialBegin: Handler = (book, message, at, say) => {
  const call = dialled(book, message);
  if (call === undefined || call.bridged) return;
  const id = first(message, 'DestUniqueid');
  if (call.direction !== 'in') {
    if (book.channels.get(id)?.trunk === true) dialOut(book, call, message, at, say);
    return;
  }
  // An Originate reports the call's own channel as dialled.
  if (id === '' || id === call.id) return;
  const leg = legOf(book, call, id, first(message, 'DestChannel'));
  leg.triedAt ??= at;
  leg.viaLocal = first(message, 'Uniqueid') !== call.id;
  call.releasedAt = null;
  offerDirectly(book, call, at, say);
};

/** Only RINGING matters here; it may come before or after the phone's own Newstate. */
export const onDialState: Handler = (book, message, at, say) => {
  const call = dialled(book, message);
  const id = first(message, 'DestUniqueid');
  if (
    first(message, 'DialStatus') !== 'RINGING' ||
    call?.direction !== 'in' ||
    call.bridged ||
    id === call.id
  )
    return;
  const leg = legOf(book, call, id, first(message, 'DestChannel'));
  if (!leg.local) offerDirectly(book, call, at, say);
  ring(call, leg, at, say);
};

/**
 * How an attempt ended. An ANSWER may name a channel that was never dialled: a phone that picked up another's call.
 */
export const onDialEnd: Handler = (book, message, at, say) => {
  const call = dialled(book, message);
  const id = first(message, 'DestUniqueid');
  const how = first(message, 'DialStatus');
  if (call === undefined || id === '') return;
  if (call.direction !== 'in') {
    if (how === 'ANSWER') answerOut(call, id, at, say);
    return;
  }
  const known = call.legs.get(id);
  if (id === call.id || (call.bridged && known === undefined)) return;
  const leg = known ?? legOf(book, call, id, first(message, 'DestChannel'));
  if (how !== 'ANSWER') {
    // After an answer it is no more than the queue's word on a phone that is about to be hung up.
    if (leg.answeredAt !== null || leg.endedAt !== null) return;
    endLeg(call, leg, at, how, say);
    call.cancelled = how === 'CANCEL';
    return;
  }
  if (call.bridged) return;
  if (leg.local) return letGo(call, leg, at);
  leg.viaLocal = first(message, 'Uniqueid') !== call.id;
  answer(call, leg, at, say);
  settleBridge(call, leg, say);
};

/** A caller who is in no queue becomes answerable when the first phone is tried, or rings. */
export function offerDirectly(book: CallBook, call: Call, at: Instant, say: Say): void {
  if (call.stays.length > 0 || call.answered) return;
  sayOffered(call, { name: null, queue: queueDialled(book.rules, call.exten) }, at, say);
}

function dialled(book: CallBook, message: AmiMessage): Call | undefined {
  const caller = callOf(book, message);
  if (caller !== undefined) return caller;
  // An Originate's dial events have no caller, only the channel that is dialled.
  const id = first(message, 'DestUniqueid');
  return first(message, 'Uniqueid') === '' ? (book.channels.get(id)?.call ?? book.calls.get(id)) : undefined;
}

/** The call leaves the house: only now is it known to be an outbound one. */
function dialOut(book: CallBook, call: Call, message: AmiMessage, at: Instant, say: Say): void {
  const id = first(message, 'DestUniqueid');
  legOf(book, call, id, first(message, 'DestChannel')).triedAt ??= at;
  if (call.told) return;
  call.direction = 'out';
  call.number = outsideNumber(book, call, message);
  sayArrived(call, say);
  say({
    kind: 'offered',
    call: call.id,
    at,
    direction: 'out',
    ...(call.number === undefined ? {} : { number: call.number }),
  });
}

/** The number that the far end has: what was dialled less the configured prefix, else what was sent to the trunk. */
function outsideNumber(book: CallBook, call: Call, message: AmiMessage): string | undefined {
  const prefix = book.rules.outsidePrefix ?? '';
  const exten = [call.exten, first(message, 'Exten')].find((text) => /^\+?\d{3,}$/.test(text));
  if (prefix !== '' && exten?.startsWith(prefix) === true) return exten.slice(prefix.length);
  return dialledIn(first(message, 'DialString')) ?? exten ?? numberOf(first(message, 'DestCallerIDNum'));
}

/** The far end picked up. Our own phone, rung first by click-to-call, is not the far end. */
function answerOut(call: Call, id: string, at: Instant, say: Say): void {
  const leg = call.legs.get(id);
  if (leg === undefined || call.bridged || leg.answeredAt !== null) return;
  leg.answeredAt = at;
  say({ kind: 'pickup', call: call.id, leg: leg.id, at });
  settleBridge(call, leg, say);
}
