import { describe, expect, it } from 'vitest';
import { judgeCall } from '../../../server/judge/call.ts';
import {
  answers,
  arrives,
  asksToHangUp,
  dialEnds,
  endOf,
  enters,
  hangsUp,
  joins,
  type Line,
  leavesQueue,
  phone,
  rings,
  told,
  tries,
  viewOf,
} from './made-call.ts';
import { rules } from './rules.ts';

const statesOf = (facts: ReturnType<typeof told>) =>
  judgeCall(facts, rules).live.map((live) => 'state' in live && live.state);

describe('an agent who hangs up during the announcement', () => {
  // The words of app_queue.c: AgentDump, one more DialEnd, and the queue goes on to try its phones.
  const dumped: (Line | Line[])[] = [
    arrives(0),
    answers(0),
    joins(1, 'support'),
    phone(1),
    dialEnds(3, 'leg', 'ANSWER'),
    [5, 'AgentDump', { Uniqueid: 'caller', Linkedid: 'caller', DestUniqueid: 'leg', Queue: 'support' }],
    dialEnds(5, 'leg', 'NOANSWER'),
    hangsUp(5, 'leg'),
  ];

  it('has not answered: the caller waits, and her first ring is open again', () => {
    expect(statesOf(told(dumped.slice(0, 5)))).toEqual(['talking']);
    expect(statesOf(told(dumped))).toEqual(['waiting']);
    expect(viewOf(told(dumped))).toMatchObject({ outcome: 'present', firstRing: 'pending' });
  });

  it('leaves a caller in the queue who gives up there', () => {
    const facts = told([...dumped, asksToHangUp(12), leavesQueue(12, 'support'), hangsUp(12)]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'abandoned', waitMs: 11_000 });
  });

  it('does not stop the clock of the first phone for the one who answers', () => {
    const facts = told([
      ...dumped,
      phone(10, 'b', 'PJSIP/102'),
      dialEnds(12, 'b', 'ANSWER', 'PJSIP/102'),
      leavesQueue(12, 'support'),
      enters(12, 'b'),
      enters(12, 'caller'),
      hangsUp(30),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', firstRing: 'missed', ringMs: 11_000 });
  });
});

describe('a phone that was lifted and never connected', () => {
  it('is taken back when a mobile’s mailbox does not press the key to accept', () => {
    const facts = told([
      arrives(0),
      phone(0, 'mobile', 'PJSIP/carrier'),
      dialEnds(4, 'mobile', 'ANSWER', 'PJSIP/carrier'),
      hangsUp(12, 'mobile'),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'present' });
    expect(statesOf(facts)).toEqual(['waiting']);
  });

  it('waits for the caller when it took the call of a Local channel from another phone', () => {
    const facts = told([
      arrives(0),
      answers(0),
      joins(1, 'support'),
      tries(1, 'local', 'Local/101@from-queue'),
      tries(1, 'leg', 'PJSIP/101', 'inner'),
      rings(1.1, 'leg'),
      dialEnds(3, 'picker', 'ANSWER', 'PJSIP/102', 'inner'),
      enters(3, 'picker', 'b0'),
      dialEnds(3, 'local', 'ANSWER', 'Local/101@from-queue'),
      leavesQueue(6, 'support'),
      enters(6, 'caller', 'b1'),
      hangsUp(9),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 1_900, waitMs: 5_000 });
  });
});

describe('a caller who is let go', () => {
  it('is not held by a Local channel that leads to a machine, such as a phone forwarded to voicemail', () => {
    const facts = told([
      arrives(0),
      tries(0, 'leg', 'PJSIP/101'),
      dialEnds(0.1, 'leg', 'CANCEL'),
      tries(0.1, 'local', 'Local/mailbox@from-internal'),
      dialEnds(0.2, 'local', 'ANSWER', 'Local/mailbox@from-internal'),
      answers(0.2),
      enters(0.2, 'local'),
      enters(0.2, 'caller'),
      asksToHangUp(15),
      hangsUp(15),
    ]);
    expect(endOf(facts)).toBe('voicemail');
    expect(viewOf(facts)).toMatchObject({ outcome: 'flow_out', firstRing: 'missed' });
  });

  it('has given up when her phones are called off and her line ends at once, though it asked for nothing', () => {
    const rung = (how: string) => [
      arrives(0, { Channel: 'DAHDI/1-1' }),
      phone(0),
      dialEnds(4, 'leg', how),
      hangsUp(4.01, 'leg'),
      hangsUp(4.02),
    ];
    expect(viewOf(told(rung('CANCEL')))).toMatchObject({ outcome: 'short_abandon' });
    expect(viewOf(told(rung('NOANSWER')))).toMatchObject({ outcome: 'flow_out' });
  });
});
