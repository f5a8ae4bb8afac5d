import { describe, expect, it } from 'vitest';
import {
  arrives,
  dialEnds,
  hangsUp,
  joins,
  leavesQueue,
  phone,
  picksUp,
  rings,
  told,
  viewOf,
} from './made-call.ts';

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

  it('takes a line that was only reserved at first as a caller’s, once it rings in', () => {
    const facts = told([
      arrives(0, { Channel: 'DAHDI/i1/5552001-1', ChannelStateDesc: 'Rsrvd', CallerIDNum: '' }),
      [
        0.5,
        'Newstate',
        { Uniqueid: 'caller', Linkedid: 'caller', ChannelStateDesc: 'Ring', CallerIDNum: '5552001' },
      ],
      phone(1),
      picksUp(3, 'leg'),
      hangsUp(9),
    ]);
    expect(facts[0]).toMatchObject({ kind: 'arrived', direction: 'in', number: '5552001' });
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 2_000 });
  });

  it('puts a direct call into the queue of its number, or into the default one', () => {
    const offered = (more: object) =>
      told([arrives(0), phone(1)], more).find((fact) => fact.kind === 'offered');
    expect(offered({ dids: { '555 0101': 'reception' }, defaultQueue: 'other' })).toMatchObject({
      queue: 'reception',
    });
    expect(offered({ dids: {}, defaultQueue: 'other' })).toMatchObject({ queue: 'other' });
    expect(offered({})).not.toHaveProperty('queue');
  });
});
