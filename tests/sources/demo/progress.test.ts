import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTold, type Told, untold, withTold, writeTold } from '../../../server/sources/demo/progress.ts';

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

describe('what was told', () => {
  it('and what was not make up every instant, whatever was told in whatever order, also after a restart', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), span, (spans, asked) => {
        const told = readTold(writeTold(spans.reduce<Told>(withTold, [])));
        const left = untold(told, asked);
        for (let at = asked.from; at < asked.to; at++) {
          const was = spans.some(({ from, to }) => at >= from && at < to);
          expect(left.some(({ from, to }) => at >= from && at < to)).toBe(!was);
        }
        expect(left.every(({ from, to }) => from < to && from >= asked.from && to <= asked.to)).toBe(true);
      }),
    );
  });

  it('stays small while spans join', () => {
    const told = [0, 20, 10, 30].reduce<Told>(
      (before, from) => withTold(before, { from, to: from + 10 }),
      [],
    );
    expect(writeTold(told)).toBe('[[0,40]]');
  });
});
