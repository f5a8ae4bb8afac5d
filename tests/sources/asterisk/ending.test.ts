import { describe, expect, it } from 'vitest';
import {
  answers,
  arrives,
  asksToHangUp,
  dialEnds,
  endOf,
  hangsUp,
  joins,
  leavesQueue,
  nine,
  phone,
  picksUp,
  told,
  tries,
  viewOf,
} from './made-call.ts';

describe('why a call ended', () => {
  it('is abandoned between two rings of a queue, though the last phone had let go long before', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'billing'),
      phone(1),
      dialEnds(6, 'leg', 'NOANSWER'),
      asksToHangUp(9),
      leavesQueue(9, 'billing'),
      hangsUp(9.01),
    ]);
    expect(endOf(facts)).toBe('abandon');
  });

  it('is abandoned in an empty queue where no phone ever rang', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'support'),
      asksToHangUp(13),
      [13, 'QueueCallerAbandon', { Uniqueid: 'caller', Linkedid: 'caller', Queue: 'support' }],
      leavesQueue(13, 'support'),
      hangsUp(13),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'abandoned', firstRing: 'missed' });
  });

  it('is voicemail after a queue’s timeout, whoever hangs up then', () => {
    const timedOut = [
      arrives(0),
      answers(0),
      joins(1, 'support'),
      phone(1),
      dialEnds(11, 'leg', 'NOANSWER'),
      dialEnds(11, 'leg', 'CANCEL'),
      leavesQueue(11, 'support'),
    ];
    expect(endOf(told([...timedOut, hangsUp(16)]))).toBe('voicemail');
    expect(endOf(told([...timedOut, asksToHangUp(16), hangsUp(16)]))).toBe('voicemail');
  });

  it('is a timeout when the dial plan hangs up as soon as the phones have rung out', () => {
    expect(endOf(told([arrives(0), phone(0), dialEnds(20, 'leg', 'NOANSWER'), hangsUp(20.01)]))).toBe(
      'timeout',
    );
  });

  it('is unavailable when no phone could ring, even if the caller listens to the busy tone for a while', () => {
    const busy = [arrives(0), tries(0, 'leg', 'PJSIP/101'), dialEnds(0.1, 'leg', 'BUSY')];
    expect(endOf(told([...busy, hangsUp(0.11, 'caller', { Cause: '17' })]))).toBe('unavailable');
    expect(endOf(told([...busy, asksToHangUp(8), hangsUp(8)]))).toBe('unavailable');
  });

  it('is unavailable, and offered when it arrived, when there was no route to any phone', () => {
    const facts = told([arrives(0), hangsUp(0.2, 'caller', { Cause: '3' })]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'flow_out', offeredAt: nine });
  });

  it('counts for the menu alone when the caller hangs up in it', () => {
    const facts = told([arrives(0), answers(0), asksToHangUp(9), hangsUp(9)]);
    expect(viewOf(facts)).toBeUndefined();
    expect(endOf(facts)).toBe('abandon');
    // A carrier may give any cause; it is the caller's side that asked.
    const odd = told([
      arrives(0),
      answers(0),
      asksToHangUp(9, 'caller', '38'),
      hangsUp(9, 'caller', { Cause: '38' }),
    ]);
    expect(viewOf(odd)).toBeUndefined();
  });

  it('is an accepted call-back in the contexts that are configured for it', () => {
    const facts = told(
      [
        arrives(0),
        answers(0),
        joins(1, 'support'),
        leavesQueue(20, 'support'),
        hangsUp(28, 'caller', { Context: 'call-me-back' }),
      ],
      { callbackContexts: ['call-me-*'] },
    );
    expect(viewOf(facts)).toMatchObject({ outcome: 'callback' });
  });

  it('is an overflow for the queue that a caller left unanswered for another of ours', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'support'),
      phone(1),
      dialEnds(16, 'leg', 'NOANSWER'),
      leavesQueue(16, 'support'),
      joins(17, 'billing'),
      phone(18, 'second', 'PJSIP/102'),
      picksUp(20, 'second', 'PJSIP/102'),
      hangsUp(30),
    ]);
    expect(viewOf(facts, 'queue:support')).toMatchObject({ outcome: 'overflow' });
    expect(viewOf(facts, 'queue:billing')).toMatchObject({ outcome: 'answered', ringMs: 2_000 });
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 19_000, firstRing: 'missed' });
  });

  it('is no overflow when both of Asterisk’s queues are one of ours', () => {
    const facts = told(
      [
        arrives(0),
        joins(1, 'sup-1'),
        leavesQueue(16, 'sup-1'),
        joins(17, 'sup-2'),
        phone(18),
        picksUp(20, 'leg'),
        hangsUp(30),
      ],
      { queues: { 'sup-1': 'support', 'sup-2': 'support' } },
    );
    expect(viewOf(facts, 'queue:support')).toMatchObject({ outcome: 'answered', offeredAt: nine + 1_000 });
  });

  it('is unknown when Asterisk goes down: unanswered calls are no misses, answered ones stay answered', () => {
    const facts = told([
      arrives(0),
      phone(0),
      arrives(1, { Uniqueid: 'talks', Linkedid: 'talks' }),
      [
        1,
        'DialBegin',
        { Uniqueid: 'talks', Linkedid: 'talks', DestUniqueid: 't', DestChannel: 'PJSIP/102-1' },
      ],
      [
        2,
        'DialEnd',
        {
          Uniqueid: 'talks',
          Linkedid: 'talks',
          DestUniqueid: 't',
          DestChannel: 'PJSIP/102-1',
          DialStatus: 'ANSWER',
        },
      ],
      [2, 'BridgeEnter', { Uniqueid: 't', Linkedid: 'talks', BridgeUniqueid: 'b' }],
      [8, 'Shutdown', { Shutdown: 'Cleanly', Restart: 'True' }],
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'unknown' });
    expect(viewOf(facts, 'site', 'talks')).toMatchObject({ outcome: 'answered' });
  });
});
