import type { Instant } from '../../../shared/time.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { type CallBook, callOf, closeUntold, follow, forget, type Handler, legOf } from './call-book.ts';
import { type Call, isHeld, newCall } from './call-state.ts';
import { isLocal, numberOf } from './channel-name.ts';
import { isAmong } from './config.ts';
import { endReasonOf, isFailure } from './end-reason.ts';
import { endLeg, ring, type Say, sayArrived, settleBridge } from './legs.ts';
import { offerDirectly } from './on-dial.ts';

// SoftHangupRequest's Cause is not a hang-up cause but a flag of Asterisk's channel.h (AST_SOFTHANGUP_*).
const SOFT_HANGUP_DEVICE = '1';
const SOFT_HANGUP_SHUTDOWN = '4';

/** A channel is born: a call's first, or one more of a call that is open. */
export const onNewchannel: Handler = (book, message, at, say) => {
  const id = first(message, 'Uniqueid');
  const linked = first(message, 'Linkedid');
  const context = first(message, 'Context');
  const local = isLocal(first(message, 'Channel'));
  const trunk = !local && isAmong(book.rules.inboundContexts, context);
  if (id !== linked) {
    const call = book.calls.get(linked);
    if (call === undefined) return;
    call.channels.add(id);
    book.channels.set(id, { call, trunk });
    return;
  }
  // A channel that Asterisk calls out on begins Down (Reserved on DAHDI); a caller's begins ringing in.
  const state = first(message, 'ChannelStateDesc');
  const calledOut = state === 'Down' || state === 'Rsrvd';
  const call = newCall(id, trunk ? (calledOut ? 'out' : 'in') : null, at);
  call.exten = first(message, 'Exten');
  if (call.direction === 'in') call.number = numberOf(first(message, 'CallerIDNum'));
  follow(book, call, trunk, say);
  if (call.direction === 'in') sayArrived(call, say);
  const known = trunk || local || isAmong(book.rules.internalContexts, context);
  if (!known && state === 'Ring') book.strangeContext = context;
};

/** A number may come late: analogue lines send it with the first rings. */
export const onNewCallerid: Handler = (book, message) => {
  const call = book.calls.get(first(message, 'Uniqueid'));
  if (call?.direction === 'in') call.number ??= numberOf(first(message, 'CallerIDNum'));
};

/** Ringing is the start of a phone's ring; it may come before the DialBegin. Up is the caller's or a phone's. */
export const onNewstate: Handler = (book, message, at, say) => {
  const id = first(message, 'Uniqueid');
  const state = first(message, 'ChannelStateDesc');
  const caller = book.calls.get(id);
  if (caller !== undefined && state === 'Up') caller.up = true;
  if (caller?.direction === 'out' && !caller.told && state === 'Ring') {
    // Overlap dialling: a line that was reserved at first turns out to ring in.
    caller.direction = 'in';
    caller.number = numberOf(first(message, 'CallerIDNum'));
    sayArrived(caller, say);
  }
  // A phone that picks up another's call has a call of its own and a leg in the other one.
  const known = book.legs.get(id);
  if (state === 'Up' && known !== undefined) known.leg.upAt ??= at;
  if (state !== 'Ringing') return;
  const call = known?.call ?? callOf(book, message);
  if (call === undefined || call.id === id || call.direction !== 'in' || call.bridged) return;
  const leg = legOf(book, call, id, first(message, 'Channel'));
  if (!leg.local) offerDirectly(book, call, at, say);
  ring(call, leg, at, say);
};

export const onBridgeEnter: Handler = (book, message, at, say) => {
  const id = first(message, 'Uniqueid');
  const bridge = first(message, 'BridgeUniqueid');
  const entered = book.legs.get(id);
  if (entered !== undefined) {
    entered.leg.bridge = bridge;
    entered.leg.bridgeAt ??= at;
    settleBridge(entered.call, entered.leg, say);
  }
  const call = book.calls.get(id);
  if (call === undefined) return;
  call.bridge = bridge;
  call.bridgeAt = at;
  for (const leg of call.legs.values()) settleBridge(call, leg, say);
};

export const onBridgeLeave: Handler = (book, message) => {
  const id = first(message, 'Uniqueid');
  const left = book.legs.get(id);
  if (left !== undefined) left.leg.bridge = null;
  const call = book.calls.get(id);
  if (call === undefined) return;
  call.bridge = null;
  call.bridgeAt = null;
};

/** The far end asked to hang up. A refusal that we sent ourselves (busy) is echoed as one too. */
export const onHangupRequest: Handler = (book, message) => {
  const call = book.calls.get(first(message, 'Uniqueid'));
  if (call !== undefined && (call.up || !isFailure(first(message, 'Cause')))) callerLeft(call);
};

export const onSoftHangupRequest: Handler = (book, message) => {
  const cause = first(message, 'Cause');
  const id = first(message, 'Uniqueid');
  const call = book.calls.get(id);
  if (cause === SOFT_HANGUP_SHUTDOWN) {
    const lost = call ?? book.channels.get(id)?.call;
    if (lost !== undefined) lost.lost = true;
  }
  if (call !== undefined && cause === SOFT_HANGUP_DEVICE) callerLeft(call);
};

/** A phone's channel ends its attempt where no DialEnd did; the caller's ends the call. */
export const onHangup: Handler = (book, message, at, say) => {
  const id = first(message, 'Uniqueid');
  const cause = first(message, 'Cause');
  const ended = book.legs.get(id);
  if (ended !== undefined && ended.call.id !== id) {
    endLeg(ended.call, ended.leg, at, cause === '17' || cause === '21' ? 'BUSY' : 'CANCEL', say);
    // A queue may try its phones for hours: what is over is not kept.
    ended.call.legs.delete(id);
    ended.call.channels.delete(id);
    book.legs.delete(id);
  }
  const call = book.calls.get(id);
  if (call !== undefined) finish(book, call, message, at, say);
  book.channels.delete(id);
  book.unseen.delete(id);
};

/** Asterisk goes down in an orderly way: what is still open is lost. */
export const onShutdown: Handler = (book, _message, at, say) => {
  for (const call of book.calls.values()) closeUntold(book, call, at, say);
};

function callerLeft(call: Call): void {
  if (call.callerGone) return;
  call.leftWhileHeld = isHeld(call);
  call.callerGone = true;
}

function finish(book: CallBook, call: Call, message: AmiMessage, at: Instant, say: Say): void {
  const asked = isAmong(book.rules.callbackContexts ?? [], first(message, 'Context'));
  const why = endReasonOf(call, {
    at,
    cause: first(message, 'Cause'),
    context: asked ? 'callback' : 'other',
  });
  // Read before: the legs are about to be ended, and then nothing holds the caller any more.
  for (const leg of call.legs.values()) endLeg(call, leg, at, 'CANCEL', say);
  if (why === 'unavailable') offerDirectly(book, call, call.arrivedAt, say);
  if (!call.told) sayArrived(call, say);
  say({ kind: 'end', call: call.id, at, why });
  forget(book, call);
}
