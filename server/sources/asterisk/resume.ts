import type { Instant } from '../../../shared/time.ts';
import { type CallBook, closeUntold } from './call-book.ts';
import { type Call, newCall } from './call-state.ts';
import { isLocal, numberOf } from './channel-name.ts';
import { isAmong, queueDialled, queueNamed } from './config.ts';
import { type Say, sayArrived, sayOffered } from './legs.ts';

/** A channel that is up, as CoreShowChannels or Status lists it. */
export interface ListedChannel {
  id: string;
  linked: string;
  name: string;
  state: string;
  context: string;
  exten: string;
  number: string;
  bridged: boolean;
}

/** What Asterisk says is up: its channels, and the callers that wait in queues (Uniqueid → Asterisk's queue). */
export interface Listing {
  channels: readonly ListedChannel[];
  waiting: ReadonlyMap<string, string>;
}

/** The link was lost: until a listing clears them, open calls are in doubt. */
export function doubtAll(book: CallBook): void {
  for (const call of book.calls.values()) {
    call.doubt = true;
    if (!call.forgotten) call.lastAt = Math.max(call.lastAt, book.heardTo);
  }
}

/**
 * After a gap in the link: keeps the calls whose story is still whole, ends the others, and tells of those that began
 * unseen. Null stands for a listing that was refused, or a PBX that was started anew: nothing is left then.
 */
export function resume(book: CallBook, listing: Listing | null, say: Say): void {
  const listed = new Map(listing?.channels.map((channel) => [channel.id, channel]));
  for (const id of book.unseen) if (!listed.has(id)) book.unseen.delete(id);
  for (const call of [...book.calls.values()].filter((open) => open.doubt)) {
    const caller = listed.get(call.id);
    if (caller !== undefined && listing !== null && goesOn(call, caller, listing)) continue;
    closeUntold(book, call, call.lastAt, say);
    if (caller !== undefined) book.unseen.add(call.id);
  }
  for (const channel of listing?.channels ?? []) tellUnseen(book, channel, listing, say);
}

/** A call of which an earlier run of this process knew; only its end is still of use, if it was answered. */
export function remembered(id: string, answered: boolean, lastAt: Instant): Call {
  const call = newCall(id, 'in', lastAt);
  return { ...call, told: true, bridged: answered, answered, doubt: true, forgotten: true };
}

/** Takes a call out of doubt, if its story is still whole. */
function goesOn(call: Call, caller: ListedChannel, listing: Listing): boolean {
  const talks = call.answered && (call.bridged || caller.bridged);
  if (!talks && call.direction !== null && !isWhole(call, caller, listing)) return false;
  call.doubt = false;
  call.up ||= caller.state === 'Up';
  if (talks) call.bridged = true;
  else keepWaiting(call, listing);
  return true;
}

/** Nothing that counts happened in the gap: not answered, and in the same queue as before. */
function isWhole(call: Call, caller: ListedChannel, { channels, waiting }: Listing): boolean {
  if (call.forgotten || caller.bridged) return false;
  const phones = channels.filter((one) => one.linked === call.id && one.id !== call.id && !isLocal(one.name));
  if (phones.some((phone) => phone.state === 'Up')) return false;
  const queue = call.stays.findLast((stay) => stay.leftAt === null)?.name ?? null;
  if ((waiting.get(call.id) ?? null) !== queue) return false;
  // A first phone that began to ring unseen: its ring has no time. What rings far away is not measured.
  return call.rang || call.direction === 'out' || !phones.some((phone) => phone.state === 'Ringing');
}

/** A phone may have rung in between: where none had before, the first ring has no time, and none is told. */
function keepWaiting(call: Call, { channels }: Listing): void {
  call.ringUnknown = !call.rang && call.stays.length > 0;
  for (const leg of call.legs.values()) {
    if (leg.endedAt === null && !channels.some((channel) => channel.id === leg.id)) leg.endedAt = call.lastAt;
  }
}

/** A customer's call that began unseen: counted as unknown, never guessed to be a miss. */
function tellUnseen(book: CallBook, channel: ListedChannel, listing: Listing | null, say: Say): void {
  const inbound = isAmong(book.rules.inboundContexts, channel.context) && !isLocal(channel.name);
  if (channel.id !== channel.linked || !inbound || book.calls.has(channel.id) || book.unseen.has(channel.id))
    return;
  // A Uniqueid holds the second in which its channel was made, by Asterisk's clock.
  const second = /(\d{9,11})\.\d+$/.exec(channel.id)?.[1];
  if (second === undefined || channel.state === 'Down') return;
  const at = Number(second) * 1_000;
  const call = newCall(channel.id, 'in', at);
  call.number = numberOf(channel.number);
  const name = listing?.waiting.get(channel.id) ?? null;
  const queue = name === null ? queueDialled(book.rules, channel.exten) : queueNamed(book.rules, name);
  sayArrived(call, say);
  sayOffered(call, { name, queue }, at, say);
  say({ kind: 'end', call: call.id, at, why: 'unknown' });
  book.unseen.add(channel.id);
}
