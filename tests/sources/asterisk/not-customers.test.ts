import { describe, expect, it } from 'vitest';
import { arrives, dialEnds, hangsUp, joins, type Line, nine, phone, picksUp, told } from './made-call.ts';

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
