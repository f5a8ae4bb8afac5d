import { describe, expect, it } from 'vitest';
import { readLevel } from '../../client/thresholds/draft.ts';
import { NOTHING_DUE_MS } from '../../shared/alert.ts';
import { levelText, valueText } from '../../shared/rule-words.ts';

describe('a value in words', () => {
  it('says that no email waits, rather than that one is due in thirty years', () => {
    const rule = { metric: 'nextEmailDue', direction: 'below' } as const;
    expect(valueText(rule, { n: NOTHING_DUE_MS, d: 1 })).toBe('none');
    expect(valueText(rule, { n: 90_000, d: 1 })).toBe('1:30');
  });

  it('is never rounded onto the limit that it is beyond', () => {
    const wait = { metric: 'longestWaiting', direction: 'above' } as const;
    expect(valueText(wait, { n: 120_001, d: 1 }, 120)).toBe('2:01');
    expect(valueText(wait, { n: 120_000, d: 1 }, 120)).toBe('2:00');
    expect(valueText(wait, { n: 119_900, d: 1 }, 120)).toBe('1:59');
    const answer = { metric: 'speedOfAnswer', direction: 'above' } as const;
    expect(valueText(answer, { n: 60_400, d: 3 }, 20)).toBe('0:21');
    const due = { metric: 'nextEmailDue', direction: 'below' } as const;
    expect(valueText(due, { n: 299_900, d: 1 }, 300)).toBe('4:59');
    const rate = { metric: 'mentionRate', direction: 'above' } as const;
    expect(valueText(rate, { n: 2_003, d: 1_000 }, 200)).toBe('201%');
  });

  it('stands beside a limit that keeps its tenth of a second, and can be typed over as it stands', () => {
    for (const [level, words] of [
      [2.5, '0:02.5'],
      [120, '2:00'],
      [59.9, '0:59.9'],
      [3_600.1, '1:00:00.1'],
    ] as const) {
      expect(levelText('speedOfAnswer', level)).toBe(words);
      expect(readLevel('speedOfAnswer', words)).toBe(level);
    }
  });

  it('of a burn rate can be typed over as it stands', () => {
    for (const level of [1, 2.5]) expect(readLevel('burnRate', levelText('burnRate', level))).toBe(level);
  });
});
