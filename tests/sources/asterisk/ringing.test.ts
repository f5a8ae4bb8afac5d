import { describe, expect, it } from 'vitest';
import {
  arrives,
  dialEnds,
  hangsUp,
  type Line,
  nine,
  phone,
  picksUp,
  rings,
  told,
  tries,
  viewOf,
} from './made-call.ts';

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
