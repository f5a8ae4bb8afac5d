import { describe, expect, it } from 'vitest';
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
  leaves,
  leavesQueue,
  nine,
  picksUp,
  rings,
  told,
  tries,
  viewOf,
} from './made-call.ts';

const phone = (at: number, leg = 'leg', device = 'PJSIP/101'): Line[] => [
  ...tries(at, leg, device),
  rings(at, leg, device),
];

describe('what counts as ringing', () => {
  it('takes the first signal of ringing, whether Newstate, DialState or both, before or after DialBegin', () => {
    const state: Line = [
      1.2,
      'DialState',
      {
        Uniqueid: 'caller',
        Linkedid: 'caller',
        DestUniqueid: 'leg',
        DestChannel: 'PJSIP/101-0001',
        DialStatus: 'RINGING',
      },
    ];
    const [born, begun] = tries(1, 'leg', 'PJSIP/101');
    for (const lines of [
      [arrives(0), born!, begun!, state, rings(1.3, 'leg')],
      [arrives(0), born!, state, begun!, rings(1.3, 'leg')],
      [arrives(0), born!, rings(1.2, 'leg'), begun!, state],
    ]) {
      const alerts = told(lines).filter((fact) => fact.kind === 'alert');
      expect(alerts).toEqual([
        { kind: 'alert', call: 'caller', leg: 'leg', agent: 'PJSIP/101', at: nine + 1_200 },
      ]);
    }
  });

  it('lets a dead phone beside a slow one not start the clock', () => {
    const facts = told([
      arrives(0),
      tries(0, 'dead', 'PJSIP/102'),
      tries(0, 'leg', 'PJSIP/101'),
      rings(3, 'leg'),
      picksUp(5, 'leg'),
      hangsUp(9),
    ]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 2_000, firstRing: 'met' });
  });

  it('counts the attempt as the ring of a phone that answers without a word of ringing', () => {
    const facts = told([arrives(0), tries(1, 'leg', 'PJSIP/101'), picksUp(8, 'leg'), hangsUp(9)]);
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 7_000, firstRing: 'missed' });
  });

  it('starts the clock at the first of several phones, in a ring group one after the other', () => {
    const facts = told([
      arrives(0),
      phone(1, 'a', 'PJSIP/101'),
      dialEnds(11, 'a', 'NOANSWER'),
      phone(11, 'b', 'PJSIP/102'),
      dialEnds(21, 'b', 'NOANSWER', 'PJSIP/102'),
      phone(21, 'c', 'PJSIP/103'),
      picksUp(23, 'c', 'PJSIP/103'),
      hangsUp(30),
    ]);
    expect(viewOf(facts)).toMatchObject({
      outcome: 'answered',
      ringMs: 22_000,
      waitMs: 22_000,
      firstRing: 'missed',
    });
    expect(facts.filter((fact) => fact.kind === 'offered')).toHaveLength(1);
  });

  it('does not let a busy or do-not-disturb phone start the clock', () => {
    const facts = told([
      arrives(0),
      tries(0, 'busy', 'PJSIP/102'),
      dialEnds(0.1, 'busy', 'BUSY', 'PJSIP/102'),
      phone(4),
      picksUp(6, 'leg'),
      hangsUp(9),
    ]);
    expect(viewOf(facts)).toMatchObject({ ringMs: 2_000, firstRing: 'met' });
    expect(facts.some((fact) => fact.kind === 'alert_end')).toBe(false);
  });

  it('tells a declined call from one answered elsewhere and from one that rang out', () => {
    const facts = told([
      arrives(0),
      phone(0, 'declines', 'PJSIP/102'),
      phone(0, 'rings out', 'PJSIP/103'),
      phone(0),
      dialEnds(1, 'declines', 'BUSY', 'PJSIP/102'),
      dialEnds(2, 'rings out', 'NOANSWER', 'PJSIP/103'),
      dialEnds(2.1, 'rings out', 'CANCEL', 'PJSIP/103'),
      phone(2, 'elsewhere', 'PJSIP/104'),
      picksUp(3, 'leg'),
      dialEnds(3, 'elsewhere', 'CANCEL', 'PJSIP/104'),
      hangsUp(9),
    ]);
    const why = facts.filter((fact) => fact.kind === 'alert_end').map((fact) => [fact.leg, fact.why]);
    expect(why).toEqual([
      ['declines', 'reject'],
      ['rings out', 'no_answer'],
      ['elsewhere', 'cancel'],
    ]);
  });
});

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

describe('calls that are not a customer calling', () => {
  const ours = {
    Channel: 'PJSIP/101-00000001',
    Context: 'from-internal',
    Exten: '95557001',
    CallerIDNum: '101',
  };
  const trunkLeg = (at: number, dialString: string): Line[] => [
    [
      at,
      'Newchannel',
      {
        Uniqueid: 'out',
        Linkedid: 'caller',
        Channel: 'PJSIP/trunk-2',
        ChannelStateDesc: 'Down',
        Context: 'from-pstn',
      },
    ],
    [
      at,
      'DialBegin',
      {
        Uniqueid: 'caller',
        Linkedid: 'caller',
        DestUniqueid: 'out',
        DestChannel: 'PJSIP/trunk-2',
        DialString: dialString,
      },
    ],
  ];

  it.each([
    ['5557001@trunk', undefined, '5557001'],
    ['trunk/15557001', undefined, '15557001'],
    ['trunk/sip:+15557001@carrier.example', undefined, '+15557001'],
    ['g0', undefined, '95557001'],
    ['95557001@trunk', '9', '5557001'],
    ['9175550100@trunk', '0', '9175550100'],
  ])('reads the number out of the dial string %s', (dialString, outsidePrefix, number) => {
    const facts = told(
      [arrives(0, ours), trunkLeg(1, dialString)],
      outsidePrefix === undefined ? {} : { outsidePrefix },
    );
    expect(facts[0]).toMatchObject({ kind: 'arrived', direction: 'out', number });
  });

  it('does not reach a customer whose phone only rings', () => {
    const facts = told([
      arrives(0, ours),
      trunkLeg(1, '5557001@trunk'),
      dialEnds(30, 'out', 'NOANSWER', 'PJSIP/trunk'),
      hangsUp(30),
    ]);
    expect(facts.some((fact) => fact.kind === 'pickup')).toBe(false);
  });

  it('reaches a customer whom Asterisk calls first and then gives to a queue', () => {
    const facts = told([
      arrives(0, { ChannelStateDesc: 'Down', Exten: 's', CallerIDNum: '' }),
      [
        0,
        'DialBegin',
        {
          DestUniqueid: 'caller',
          DestLinkedid: 'caller',
          DestChannel: 'PJSIP/trunk-1',
          DialString: '5557002@trunk',
        },
      ],
      [
        6,
        'DialEnd',
        {
          DestUniqueid: 'caller',
          DestLinkedid: 'caller',
          DestChannel: 'PJSIP/trunk-1',
          DialStatus: 'ANSWER',
        },
      ],
      joins(7, 'support'),
      hangsUp(30),
    ]);
    expect(facts[0]).toMatchObject({ kind: 'arrived', direction: 'out', number: '5557002' });
    expect(facts.find((fact) => fact.kind === 'pickup')).toMatchObject({ at: nine + 6_000 });
    expect(facts.every((fact) => fact.kind !== 'offered' || fact.queue === undefined)).toBe(true);
  });

  it('is internal when it never leaves the house', () => {
    const facts = told([
      arrives(0, { ...ours, Exten: '102' }),
      phone(0, 'leg', 'PJSIP/102'),
      picksUp(2, 'leg', 'PJSIP/102'),
      hangsUp(5),
    ]);
    expect(facts.map((fact) => fact.kind)).toEqual(['arrived', 'end']);
    expect(facts[0]).toMatchObject({ direction: 'internal' });
  });
});

describe('what it makes of odd events', () => {
  it('ignores those of calls that it does not know, and dial ends before any beginning', () => {
    expect(
      told([dialEnds(1, 'leg', 'CANCEL'), picksUp(2, 'leg'), leavesQueue(3, 'support'), hangsUp(4)]),
    ).toEqual([]);
    const facts = told([
      arrives(0),
      dialEnds(1, 'leg', 'CANCEL'),
      rings(2, 'leg'),
      picksUp(3, 'leg'),
      hangsUp(5),
    ]);
    expect(facts.some((fact) => fact.kind === 'pickup')).toBe(false);
  });

  it('takes a number that comes late, and none that was withheld', () => {
    const late = told([
      arrives(0, { CallerIDNum: '<unknown>' }),
      [0.5, 'NewCallerid', { Uniqueid: 'caller', Linkedid: 'caller', CallerIDNum: '5552001' }],
      joins(1, 'support'),
    ]);
    expect(late[0]).not.toHaveProperty('number');
    expect(late[1]).toMatchObject({ kind: 'offered', number: '5552001' });
    expect(told([arrives(0, { CallerIDNum: 'anonymous' })])[0]).not.toHaveProperty('number');
  });

  it('puts a direct call into the queue of its number, or into the default one', () => {
    const offered = (more: object) =>
      told([arrives(0), phone(1)], more).find((fact) => fact.kind === 'offered');
    expect(offered({ dids: { '5550101': 'reception' }, defaultQueue: 'other' })).toMatchObject({
      queue: 'reception',
    });
    expect(offered({ dids: {}, defaultQueue: 'other' })).toMatchObject({ queue: 'other' });
    expect(offered({})).not.toHaveProperty('queue');
  });
});
