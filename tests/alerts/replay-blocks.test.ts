import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK } from '../../server/alerts/replay/blocks.ts';
import { pastOf } from '../../server/alerts/replay/past.ts';
import { onLooks } from '../../server/alerts/replay/series.ts';
import { compile } from '../../server/alerts/step.ts';
import { isWorse } from '../../server/alerts/worse.ts';
import { aRule } from './a-rule.ts';

const SIZE = 5 * BLOCK + 17;

/** A walk that stays on one side for long, so that whole blocks say the same, and crosses now and then. */
const walks = fc
  .array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -1, max: 1 })), {
    minLength: SIZE,
    maxLength: SIZE,
  })
  .map((steps) => {
    const series = {
      size: SIZE,
      t: new Float64Array(SIZE),
      n: new Float64Array(SIZE),
      d: new Float64Array(SIZE),
    };
    let [n, d] = [12, 16];
    for (const [i, [met, more]] of steps.entries()) {
      d = Math.max(0, Math.min(60, d + more));
      n = Math.max(0, Math.min(d, n + met));
      series.t[i] = i;
      series.n[i] = n;
      series.d[i] = d;
    }
    return series;
  });

const rules = fc.constantFrom(
  aRule({ warning: 75, critical: 40, margin: 3, minItems: 10 }),
  aRule({ warning: null, critical: 30, margin: 0, minItems: 1 }),
  aRule({ metric: 'abandonment', direction: 'above', warning: 60, critical: 95, margin: 5, minItems: 12 }),
  aRule({ metric: 'callsOffered', direction: 'above', warning: 20, critical: 40, margin: 2, minItems: 0 }),
  aRule({
    metric: 'burnRate',
    direction: 'above',
    warning: 1.5,
    critical: 4,
    margin: 0,
    target: 80,
    minItems: 5,
  }),
);

describe('looks that are passed over in blocks', () => {
  it('are the ones that say the same, and the worst of them is known', () => {
    fc.assert(
      fc.property(walks, rules, fc.nat(SIZE - 1), fc.nat(SIZE), (series, rule, from, until) => {
        const past = pastOf(series, compile(rule), 1);
        const said = past.said(from, from);
        let plain = SIZE;
        for (let i = from + 1; i < SIZE && i < until; i += 1)
          if (past.said(i, i) !== said) {
            plain = i;
            break;
          }
        expect(past.scan(from + 1, until, said)).toBe(plain);
        const pairAt = (i: number) => past.reading(i, i).pairs[0] ?? { n: 0, d: 0 };
        const worst = past.worst(from, until);
        for (let i = from; i < until; i += 1)
          expect(worst >= 0 ? isWorse(rule, pairAt(i), pairAt(worst)) : pairAt(i).d > 0).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('are on whole and half seconds: what comes and goes between two is not seen', () => {
    const all = {
      size: 4,
      t: Float64Array.of(10_000, 10_600, 10_900, 12_001),
      n: Float64Array.of(9, 5, 9, 8),
      d: Float64Array.of(10, 10, 10, 10),
    };
    const { size, t, n } = onLooks(all);
    expect([size, Array.from(t.subarray(0, size)), Array.from(n.subarray(0, size))]).toEqual([
      3,
      [10_000, 11_000, 12_500],
      [9, 9, 8],
    ]);
  });
});
