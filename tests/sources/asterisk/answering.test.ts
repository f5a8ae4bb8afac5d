import { describe, expect, it } from 'vitest';
import {
  answers,
  arrives,
  asksToHangUp,
  dialEnds,
  enters,
  hangsUp,
  joins,
  type Line,
  leaves,
  leavesQueue,
  nine,
  phone,
  picksUp,
  rings,
  told,
  tries,
  viewOf,
} from './made-call.ts';

describe('who has answered', () => {
  it('is nobody, when a menu or voicemail lifts the caller’s channel', () => {
    const facts = told([arrives(0), answers(0), hangsUp(30)]);
    expect(facts.map((fact) => fact.kind)).toEqual(['arrived', 'end']);
  });

  it('is nobody, when the phone was lifted but the caller left during the announcement', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'support'),
      phone(1),
      dialEnds(4, 'leg', 'ANSWER'),
      leavesQueue(4, 'support'),
      asksToHangUp(7),
      hangsUp(7),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'abandoned', firstRing: 'missed' });
  });

  it('may talk only after the announcement to the agent, though the ring ended with the pick-up', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'support'),
      phone(1),
      dialEnds(4, 'leg', 'ANSWER'),
      leavesQueue(4, 'support'),
      enters(8, 'leg'),
      enters(8, 'caller'),
      hangsUp(20),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 3_000, waitMs: 7_000 });
  });

  it('is the phone and never the Local channel that leads to it', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(0, 'support'),
      tries(0, 'one', 'Local/101@from-queue'),
      rings(0.1, 'one', 'Local/101@from-queue'),
      tries(0.2, 'leg', 'PJSIP/101', 'two'),
      rings(0.3, 'leg'),
      dialEnds(3, 'leg', 'ANSWER', 'PJSIP/101', 'two'),
      enters(3, 'leg', 'inner'),
      dialEnds(3, 'one', 'ANSWER', 'Local/101@from-queue'),
      enters(6, 'caller', 'outer'),
      // The Local channels are optimised away: the phone moves into the caller's bridge.
      enters(6.1, 'leg', 'outer'),
      hangsUp(9),
    ]);
    expect(
      facts.filter((fact) => fact.kind === 'alert' || fact.kind === 'pickup').map((fact) => fact.leg),
    ).toEqual(['leg', 'leg']);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 2_700, waitMs: 6_000 });
  });

  it('is the phone that met the caller in a bridge, even if no DialEnd said so', () => {
    const facts = told([
      arrives(0),
      phone(0),
      [2.5, 'Newstate', { Uniqueid: 'leg', Linkedid: 'caller', ChannelStateDesc: 'Up' }],
      enters(2.6, 'leg'),
      enters(2.6, 'caller'),
      hangsUp(9),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 2_500 });
  });

  it('is the first one: a blind transfer, parking or holding changes nothing', () => {
    const answered = [arrives(0), phone(0), picksUp(2, 'leg')];
    const after: Line[] = [
      leaves(5, 'leg'),
      leaves(5, 'caller'),
      enters(5, 'caller', 'parking lot'),
      ...phone(6, 'later', 'PJSIP/102'),
      leaves(8, 'caller'),
      dialEnds(9, 'later', 'ANSWER', 'PJSIP/102'),
      enters(9, 'later', 'b2'),
      enters(9, 'caller', 'b2'),
      hangsUp(12),
    ];
    const facts = told([...answered, after]);
    expect(facts.filter((fact) => fact.kind === 'bridged')).toHaveLength(1);
    expect(viewOf(facts)).toMatchObject({ ringMs: 2_000, talkMs: 10_000 });
  });

  it('waits for a second answer in the queue that she is transferred to, which the site does not count', () => {
    const facts = told([
      arrives(0),
      phone(0),
      picksUp(2, 'leg'),
      leaves(5, 'caller'),
      hangsUp(5, 'leg'),
      joins(6, 'billing'),
      phone(7, 'later', 'PJSIP/102'),
      asksToHangUp(20),
      dialEnds(20, 'later', 'CANCEL', 'PJSIP/102'),
      leavesQueue(20, 'billing'),
      hangsUp(20),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', firstRing: 'met' });
    expect(viewOf(facts, 'queue:billing')).toMatchObject({ outcome: 'abandoned', offeredAt: nine + 6_000 });
  });

  it('stays with the call when an attended transfer links its channels to another', () => {
    const facts = told([
      arrives(0),
      phone(0),
      picksUp(2, 'leg'),
      [5, 'BridgeEnter', { Uniqueid: 'caller', Linkedid: 'an older call', BridgeUniqueid: 'b2' }],
      [9, 'Hangup', { Uniqueid: 'caller', Linkedid: 'an older call', Cause: '16' }],
    ]);
    expect(facts.at(-1)).toEqual({ kind: 'end', call: 'caller', at: nine + 9_000, why: 'hangup' });
  });

  it('is a mobile behind a trunk, too, on a call that is forwarded out of the house', () => {
    const facts = told([
      arrives(0),
      [
        0,
        'Newchannel',
        {
          Uniqueid: 'out',
          Linkedid: 'caller',
          Channel: 'SIP/carrier-0a',
          ChannelStateDesc: 'Down',
          Context: 'from-trunk',
        },
      ],
      [
        0,
        'DialBegin',
        { Uniqueid: 'caller', Linkedid: 'caller', DestUniqueid: 'out', DestChannel: 'SIP/carrier-0a' },
      ],
      rings(2, 'out', 'SIP/carrier'),
      picksUp(5, 'out', 'SIP/carrier'),
      hangsUp(9),
    ]);
    expect(facts.find((fact) => fact.kind === 'arrived')?.direction).toBe('in');
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 3_000 });
  });
});
