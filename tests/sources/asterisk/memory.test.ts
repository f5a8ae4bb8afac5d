import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../server/fact.ts';
import { CALLS_MAX } from '../../../server/sources/asterisk/call-book.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { config } from './follow-recording.ts';
import { arrives, dialEnds, hangsUp, joins, type Line, messageOf, nine, phone } from './made-call.ts';

describe('what it keeps in memory', () => {
  it('is nothing of a call that is over, and of a waiting one only the phones that are being tried', () => {
    const calls = createCalls(config);
    const read = (lines: readonly Line[]): void => {
      for (const line of lines) calls.read(messageOf(line), 0);
    };
    read([arrives(0), joins(1, 'support')]);
    for (let at = 1; at < 500; at += 1) {
      read([...phone(at, `leg${at}`), dialEnds(at, `leg${at}`, 'NOANSWER'), hangsUp(at, `leg${at}`)]);
    }
    expect([calls.book.calls.size, calls.book.legs.size, calls.book.channels.size]).toEqual([1, 0, 1]);
    read([hangsUp(600)]);
    expect([calls.book.calls.size, calls.book.legs.size, calls.book.channels.size]).toEqual([0, 0, 0]);
  });

  it('is bounded: beyond very many open calls the oldest is given up as unknown', () => {
    const calls = createCalls(config);
    const ends: CallFact[] = [];
    for (let i = 0; i <= CALLS_MAX; i += 1) {
      const facts = calls.read(messageOf(arrives(i, { Uniqueid: `c${i}`, Linkedid: `c${i}` })), 0);
      ends.push(...facts.filter((fact) => fact.kind === 'end'));
    }
    expect(calls.book.calls.size).toBe(CALLS_MAX);
    expect(ends).toEqual([{ kind: 'end', call: 'c0', at: nine, why: 'unknown' }]);
  });
});
