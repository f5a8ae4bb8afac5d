import { type Instant, SECOND } from '../../../shared/time.ts';
import type { CallFact } from '../../fact.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { type Asks, isSuccess } from './asks.ts';
import type { ListedChannel, Listing } from './resume.ts';

/** A listing that takes longer is given up. */
export const LISTING_WITHIN_MS = 30 * SECOND;

/** Asks Asterisk once, at the start of a connection, what is up. */
export interface ListingAsk {
  begin(now: Instant): CallFact[];
  /** Null when the message is none of this listing's. */
  read(message: AmiMessage): CallFact[] | null;
  tick(now: Instant): CallFact[];
}

/** `settled` is told what is up, or null where Asterisk does not let us know. */
export function createListing(asks: Asks, settled: (listing: Listing | null) => CallFact[]): ListingAsk {
  const ids = new Set<string>();
  const channels: ListedChannel[] = [];
  const waiting = new Map<string, string>();
  let dueAt = Number.POSITIVE_INFINITY;

  function settle(listing: Listing | null): CallFact[] {
    if (dueAt === Number.POSITIVE_INFINITY) return [];
    dueAt = Number.POSITIVE_INFINITY;
    ids.clear();
    return settled(listing);
  }

  /** Only one of the two listings of channels may be permitted to us: they ask for different rights. */
  function askChannels(action: 'CoreShowChannels' | 'Status'): CallFact[] {
    const id = asks.ask(action, {}, (answer) => {
      if (isSuccess(answer)) return [];
      return action === 'Status' ? settle(null) : askChannels('Status');
    });
    ids.add(id);
    return [];
  }

  /** A PBX without queues does not know the action; nobody waits then. */
  function askQueues(): CallFact[] {
    ids.add(asks.ask('QueueStatus', {}, (answer) => (isSuccess(answer) ? [] : settleSoon())));
    return [];
  }

  /** Events that the listing overtook are still on their way: one more round trip lets them in. */
  function settleSoon(): CallFact[] {
    asks.ask('Ping', {}, () => settle({ channels, waiting }));
    return [];
  }

  return {
    begin(now) {
      dueAt = now + LISTING_WITHIN_MS;
      return askChannels('CoreShowChannels');
    },
    read(message) {
      if (!ids.has(first(message, 'ActionID'))) return null;
      switch (first(message, 'Event')) {
        case 'CoreShowChannel':
        case 'Status':
          channels.push(channelOf(message));
          return [];
        case 'QueueEntry':
          waiting.set(first(message, 'Uniqueid'), first(message, 'Queue'));
          return [];
        case 'CoreShowChannelsComplete':
        case 'StatusComplete':
          return askQueues();
        case 'QueueStatusComplete':
          return settleSoon();
        default:
          return [];
      }
    },
    tick: (now) => (now >= dueAt ? settle(null) : []),
  };
}

function channelOf(message: AmiMessage): ListedChannel {
  return {
    id: first(message, 'Uniqueid'),
    linked: first(message, 'Linkedid'),
    name: first(message, 'Channel'),
    state: first(message, 'ChannelStateDesc'),
    context: first(message, 'Context'),
    exten: first(message, 'Exten'),
    number: first(message, 'CallerIDNum'),
    // CoreShowChannels writes BridgeId, Status BridgeID.
    bridged: first(message, 'BridgeId') !== '' || first(message, 'BridgeID') !== '',
  };
}
