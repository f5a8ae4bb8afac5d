import { type AmiMessage, createAmiReader, first } from '../../server/sources/asterisk/ami-wire.ts';
import type { RecordedListing } from './fake-asterisk.ts';

/** What Asterisk would list after these events: its channels that are up, and the callers that wait in queues. */
export function whatIsUpAfter(bytes: Buffer): RecordedListing {
  const channels = new Map<string, Map<string, string>>();
  const waiting = new Map<string, string>();
  for (const message of createAmiReader().read(bytes).messages) takeIn(message, channels, waiting);
  return {
    channels: [...channels.values()].map((fields) => block({ Event: 'CoreShowChannel' }, fields)),
    entries: [...waiting].map(([id, queue]) =>
      block({ Event: 'QueueEntry', Queue: queue, Uniqueid: id }, new Map()),
    ),
  };
}

const KEPT = ['Channel', 'ChannelStateDesc', 'CallerIDNum', 'Context', 'Exten', 'Uniqueid', 'Linkedid'];

function takeIn(
  message: AmiMessage,
  channels: Map<string, Map<string, string>>,
  waiting: Map<string, string>,
): void {
  const id = first(message, 'Uniqueid');
  const event = first(message, 'Event');
  if (event === 'QueueCallerJoin') waiting.set(id, first(message, 'Queue'));
  if (event === 'QueueCallerLeave') waiting.delete(id);
  if (event === 'Hangup') channels.delete(id);
  const known = event === 'Newchannel' ? new Map<string, string>() : channels.get(id);
  if (known === undefined || event === 'Hangup') return;
  channels.set(id, known);
  for (const key of KEPT) if (message.has(key)) known.set(key, first(message, key));
  if (event === 'BridgeEnter') known.set('BridgeId', first(message, 'BridgeUniqueid'));
  if (event === 'BridgeLeave') known.delete('BridgeId');
}

function block(head: Record<string, string>, fields: ReadonlyMap<string, string>): string {
  const lines = [...Object.entries(head), ['ActionID', 'theirs'] as const, ...fields];
  return `${lines.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n`;
}
