import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../server/fact.ts';
import { createCalls } from '../../../server/sources/asterisk/calls.ts';
import { doubtAll, type ListedChannel, resume } from '../../../server/sources/asterisk/resume.ts';
import { config } from './follow-recording.ts';
import {
  answers,
  arrives,
  asksToHangUp,
  endOf,
  hangsUp,
  joins,
  type Line,
  leavesQueue,
  messageOf,
  nine,
  phone,
  picksUp,
  rings,
  tries,
  viewOf,
} from './made-call.ts';

const listed = (id: string, more: Partial<ListedChannel> = {}): ListedChannel => ({
  id,
  linked: 'caller',
  name: id === 'caller' ? 'PJSIP/trunk-1' : 'PJSIP/101-1',
  state: id === 'caller' ? 'Up' : 'Ringing',
  context: id === 'caller' ? 'from-trunk' : 'from-internal',
  exten: '5550101',
  number: '5552001',
  bridged: false,
  ...more,
});

/** Lines, a gap in the link, what is up after it, and lines again. */
function acrossGap(
  before: readonly (Line | Line[])[],
  up: readonly ListedChannel[] | null,
  after: readonly (Line | Line[])[],
  waiting: ReadonlyMap<string, string> = new Map(),
): CallFact[] {
  const calls = createCalls(config);
  const facts: CallFact[] = [];
  const read = (lines: readonly (Line | Line[])[]): void => {
    const flat = lines.flatMap((line) => (typeof line[0] === 'number' ? [line as Line] : (line as Line[])));
    for (const line of flat) facts.push(...calls.read(messageOf(line), 0));
  };
  read(before);
  doubtAll(calls.book);
  resume(calls.book, up === null ? null : { channels: up, waiting }, (fact) => facts.push(fact));
  read(after);
  return facts;
}

const inSupport = new Map([['caller', 'support']]);
const waits = [arrives(0), answers(0), joins(1, 'support')];

describe('a call across a gap in the link', () => {
  it('is measured as ever when it had been ringing before and is answered after', () => {
    const facts = acrossGap(
      [...waits, phone(2)],
      [listed('caller'), listed('leg')],
      [picksUp(6, 'leg'), hangsUp(20)],
      inSupport,
    );
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', ringMs: 4_000, firstRing: 'met' });
  });

  it('has no first ring when a phone may have rung unseen, but its wait is known', () => {
    const facts = acrossGap(
      waits,
      [listed('caller')],
      [phone(30), picksUp(32, 'leg'), hangsUp(60)],
      inSupport,
    );
    expect(viewOf(facts)).toMatchObject({ outcome: 'answered', firstRing: 'none', waitMs: 31_000 });
  });

  it('is abandoned as ever when the caller only waited on', () => {
    const facts = acrossGap(
      waits,
      [listed('caller')],
      [asksToHangUp(40), leavesQueue(40, 'support'), hangsUp(40)],
      inSupport,
    );
    expect(viewOf(facts)).toMatchObject({ outcome: 'abandoned', firstRing: 'missed' });
  });

  it.each([
    ['a first phone began to ring in it', waits, [listed('caller'), listed('leg')], inSupport],
    [
      'a phone was answered in it',
      [...waits, phone(2)],
      [listed('caller', { bridged: true }), listed('leg', { state: 'Up' })],
      undefined,
    ],
    ['the caller left the queue in it', [...waits, phone(2)], [listed('caller')], undefined],
    ['it ended in it', [...waits, phone(2)], [], undefined],
    ['nobody may tell what is up', [...waits, phone(2)], null, undefined],
  ])('is unknown when %s, and nothing later changes that', (_why, before, up, waiting) => {
    const facts = acrossGap(before, up, [picksUp(50, 'leg'), hangsUp(60)], waiting);
    expect(viewOf(facts)).toMatchObject({ outcome: 'unknown' });
    expect(facts.filter((fact) => fact.kind === 'end')).toHaveLength(1);
  });

  it('talks on when it was answered before and is still up, and ended at the gap when it is not', () => {
    const talks = [...waits, phone(2), picksUp(4, 'leg')];
    const goesOn = acrossGap(talks, [listed('caller', { bridged: true })], [hangsUp(60)]);
    expect(viewOf(goesOn)).toMatchObject({ outcome: 'answered', talkMs: 56_000 });
    const other = arrives(30, { Uniqueid: 'other', Linkedid: 'other' });
    const ended = acrossGap([...talks, other], [], []);
    expect(viewOf(ended)).toMatchObject({ outcome: 'answered', talkMs: 26_000 });
  });

  it('is judged by its end alone when events come before the listing does', () => {
    const calls = createCalls(config);
    const facts = [...waits, ...phone(2)].flatMap((line) => calls.read(messageOf(line), 0));
    doubtAll(calls.book);
    facts.push(...calls.read(messageOf(hangsUp(30)), 0));
    expect(endOf(facts)).toBe('unknown');
  });

  it('still reaches the customer when the far end picks up after it', () => {
    const ours = arrives(0, { Channel: 'PJSIP/101-1', Context: 'from-internal', Exten: '5557001' });
    const [, begun] = tries(1, 'out', 'PJSIP/trunk');
    const born: Line = [
      1,
      'Newchannel',
      { Uniqueid: 'out', Linkedid: 'caller', Channel: 'PJSIP/trunk-2', Context: 'from-trunk' },
    ];
    const facts = acrossGap(
      [ours, born, begun!, rings(2, 'out', 'PJSIP/trunk')],
      [
        listed('caller', { state: 'Ring', context: 'from-internal' }),
        listed('out', { context: 'from-trunk' }),
      ],
      [picksUp(8, 'out', 'PJSIP/trunk')],
    );
    expect(facts.find((fact) => fact.kind === 'pickup')).toMatchObject({ at: nine + 8_000 });
  });
});

describe('a call that began unseen', () => {
  const id = '1795326688.148';
  const unseen = listed(id, {
    linked: id,
    name: 'PJSIP/trunk-9',
    state: 'Up',
    context: 'from-trunk',
    number: '5552020',
  });

  it('is told once, as unknown, in the queue in which it waits', () => {
    const calls = createCalls(config);
    const facts: CallFact[] = [];
    const listing = { channels: [unseen], waiting: new Map([[id, 'support']]) };
    for (let links = 0; links < 2; links += 1) resume(calls.book, listing, (fact) => facts.push(fact));
    expect(facts.map((fact) => fact.kind)).toEqual(['arrived', 'offered', 'end']);
    expect(facts[1]).toMatchObject({ at: 1_795_326_688_000, queue: 'support' });
    expect(viewOf(facts, 'queue:support', id)).toMatchObject({ outcome: 'unknown' });
  });

  it('is not told of our own phones, nor of what is called out', () => {
    const calls = createCalls(config);
    const facts: CallFact[] = [];
    const channels = [
      { ...unseen, context: 'from-internal' },
      { ...unseen, name: 'Local/101@from-queue-1;1' },
      { ...unseen, state: 'Down' },
    ];
    resume(calls.book, { channels, waiting: new Map() }, (fact) => facts.push(fact));
    expect(facts).toEqual([]);
  });
});
