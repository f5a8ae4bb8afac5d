import { describe, expect, it } from 'vitest';
import { NOTHING_DUE_MS } from '../../shared/alert.ts';
import { valueText } from '../../shared/rule-words.ts';

describe('a value in words', () => {
  it('says that no email waits, rather than that one is due in thirty years', () => {
    const rule = { metric: 'nextEmailDue', direction: 'below' } as const;
    expect(valueText(rule, { n: NOTHING_DUE_MS, d: 1 })).toBe('none');
    expect(valueText(rule, { n: 90_000, d: 1 })).toBe('1:30');
  });
});
