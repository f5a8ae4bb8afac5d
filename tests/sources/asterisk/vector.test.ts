import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CallFact } from '../../../server/fact.ts';
import { judgeCall } from '../../../server/judge/call.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { config } from './follow-recording.ts';
import { rules } from './rules.ts';

interface Vector {
  name: string;
  events: Record<string, string>[];
  expected: Record<string, unknown>;
}

const vectors: Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../metrics/vectors.json'), 'utf8'),
);

/** The vector leaves out what Asterisk always sends: the caller's first channel, and the channels' ids. */
function asSent({ events }: Vector): Record<string, string>[] {
  const begins = {
    Event: 'Newchannel',
    Uniqueid: 'k1',
    Linkedid: 'k1',
    Context: 'from-trunk',
    ChannelStateDesc: 'Ring',
  };
  const sent = events.map((event) => ({
    Uniqueid: event.Channel ?? 'k1',
    ...(event.DestChannel === undefined ? {} : { DestUniqueid: event.DestChannel }),
    ...event,
  }));
  return [{ ...begins, Timestamp: events[0]?.Timestamp ?? '', Channel: 'PJSIP/trunk-1' }, ...sent];
}

it('asterisk-ami-mapping', () => {
  const vector = vectors.find(({ name }) => name === 'asterisk-ami-mapping')!;
  const calls = createCalls(config);
  const facts: CallFact[] = asSent(vector).flatMap((event) =>
    calls.read(new Map(Object.entries(event).map(([key, value]) => [key, [value]])), 0),
  );
  const at = (kind: CallFact['kind']): string =>
    new Date(facts.find((fact) => fact.kind === kind)?.at ?? 0).toISOString();
  const view = judgeCall(facts, rules).views.find(({ scope }) => scope === 'site');
  expect({
    offered: at('offered'),
    first_alert: at('alert'),
    pickup: at('pickup'),
    bridged: at('bridged'),
    ring_ms: view?.ringMs,
    first_ring: view?.firstRing === 'met',
    wait_ms: view?.waitMs,
    within_sl_20s: (view?.waitMs ?? Number.NaN) <= rules.site.serviceLevelMs,
  }).toEqual(vector.expected);
});
