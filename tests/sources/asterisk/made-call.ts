import type { CallFact } from '../../../server/fact.ts';
import { judgeCall } from '../../../server/judge/call.ts';
import type { CallView } from '../../../server/judge/verdict.ts';
import type { AmiMessage } from '../../../server/sources/asterisk/ami-wire.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import type { AsteriskConfig } from '../../../server/sources/asterisk/config.ts';
import { config } from './follow-recording.ts';
import { rules } from './rules.ts';

/** Seconds after nine o'clock, an event's name, and its fields. */
export type Line = [at: number, event: string, fields: Record<string, string>];

export const nine = Date.parse('2026-11-23T09:00:00Z');

/** The caller's channel is `caller`, unless said otherwise. */
export const arrives = (at: number, fields: Record<string, string> = {}): Line => [
  at,
  'Newchannel',
  {
    Uniqueid: 'caller',
    Linkedid: 'caller',
    Channel: 'PJSIP/trunk-00000001',
    ChannelStateDesc: 'Ring',
    Context: 'from-trunk',
    Exten: '5550101',
    CallerIDNum: '5552001',
    ...fields,
  },
];
export const answers = (at: number): Line => [at, 'Newstate', { Uniqueid: 'caller', ChannelStateDesc: 'Up' }];
export const tries = (at: number, leg: string, device: string, from = 'caller'): Line[] => [
  [
    at,
    'Newchannel',
    {
      Uniqueid: leg,
      Linkedid: 'caller',
      Channel: `${device}-0001`,
      ChannelStateDesc: 'Down',
      Context: 'from-internal',
    },
  ],
  [at, 'DialBegin', { Uniqueid: from, Linkedid: 'caller', DestUniqueid: leg, DestChannel: `${device}-0001` }],
];
export const rings = (at: number, leg: string, device = 'PJSIP/101'): Line => [
  at,
  'Newstate',
  { Uniqueid: leg, Linkedid: 'caller', Channel: `${device}-0001`, ChannelStateDesc: 'Ringing' },
];
/** A phone that is tried and rings at once. */
export const phone = (at: number, leg = 'leg', device = 'PJSIP/101'): Line[] => [
  ...tries(at, leg, device),
  rings(at, leg, device),
];
export const dialEnds = (
  at: number,
  leg: string,
  how: string,
  device = 'PJSIP/101',
  from = 'caller',
): Line => [
  at,
  'DialEnd',
  { Uniqueid: from, Linkedid: 'caller', DestUniqueid: leg, DestChannel: `${device}-0001`, DialStatus: how },
];
export const enters = (at: number, channel: string, bridge = 'b1'): Line => [
  at,
  'BridgeEnter',
  { Uniqueid: channel, Linkedid: 'caller', BridgeUniqueid: bridge },
];
export const leaves = (at: number, channel: string): Line => [
  at,
  'BridgeLeave',
  { Uniqueid: channel, Linkedid: 'caller', BridgeUniqueid: 'b1' },
];
export const picksUp = (at: number, leg: string, device = 'PJSIP/101'): Line[] => [
  dialEnds(at, leg, 'ANSWER', device),
  enters(at, leg),
  enters(at, 'caller'),
];
export const joins = (at: number, queue: string): Line => [
  at,
  'QueueCallerJoin',
  { Uniqueid: 'caller', Linkedid: 'caller', Queue: queue },
];
export const leavesQueue = (at: number, queue: string): Line => [
  at,
  'QueueCallerLeave',
  { Uniqueid: 'caller', Linkedid: 'caller', Queue: queue },
];
export const asksToHangUp = (at: number, channel = 'caller', cause = '16'): Line => [
  at,
  'HangupRequest',
  { Uniqueid: channel, Linkedid: 'caller', Cause: cause },
];
export const hangsUp = (at: number, channel = 'caller', fields: Record<string, string> = {}): Line => [
  at,
  'Hangup',
  { Uniqueid: channel, Linkedid: 'caller', Cause: '16', Context: 'from-trunk', ...fields },
];

export function messageOf([at, event, fields]: Line): AmiMessage {
  const ms = Math.round(nine + at * 1_000);
  const stamp = `${Math.floor(ms / 1_000)}.${String(ms % 1_000).padStart(3, '0')}000`;
  return new Map(
    Object.entries({ Event: event, Timestamp: stamp, ...fields }).map(([key, value]) => [key, [value]]),
  );
}

/** The facts of a made-up story. */
export function told(lines: readonly (Line | Line[])[], more: Partial<AsteriskConfig> = {}): CallFact[] {
  const calls = createCalls({ ...config, ...more });
  const flat = lines.flatMap((line) => (typeof line[0] === 'number' ? [line as Line] : (line as Line[])));
  return flat.flatMap((line) => calls.read(messageOf(line), 0));
}

/** What one scope makes of one call's facts. */
export function viewOf(
  facts: readonly CallFact[],
  scope: CallView['scope'] = 'site',
  call = 'caller',
): CallView | undefined {
  const judged = judgeCall(
    facts.filter((fact) => fact.call === call),
    rules,
  );
  return judged.views.find((view) => view.scope === scope);
}

export function endOf(facts: readonly CallFact[]): string | undefined {
  return facts.findLast((fact) => fact.kind === 'end')?.why;
}
