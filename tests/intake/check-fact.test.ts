import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import { checkFact, FUTURE_MAX_MS } from '../../server/intake/check-fact.ts';
import { EARLIEST_AT } from '../../shared/wire.ts';

const now = Date.parse('2026-03-10T10:00:00Z');
const arrived = (at: number): Fact => ({ kind: 'arrived', call: 'c', at });
const post = (at: number, seen: number): Fact => ({
  kind: 'post',
  network: 'bluesky',
  id: '1',
  author: 'u',
  type: 'post',
  at,
  seen,
});

describe('a fact', () => {
  it('is taken up to five minutes ahead, and not a millisecond more', () => {
    expect(checkFact(arrived(now + FUTURE_MAX_MS), now)).toBeNull();
    expect(checkFact(arrived(now + FUTURE_MAX_MS + 1), now)).toMatch(/^at: .*more than 5 minutes ahead/);
  });

  it('is taken from the year 2000 on', () => {
    expect(checkFact(arrived(EARLIEST_AT), now)).toBeNull();
    expect(checkFact(arrived(EARLIEST_AT - 1), now)).toMatch(/^at: .*before the year 2000/);
    expect(checkFact(arrived(now / 1000), now)).toMatch(/^at: /);
    expect(checkFact(arrived(Number.NaN), now)).toMatch(/^at: not a whole number/);
  });

  it('may be a post that its author dated ahead, as long as it was not seen ahead', () => {
    expect(checkFact(post(Date.parse('2031-01-01T00:00:00Z'), now), now)).toBeNull();
    expect(checkFact(post(now, now + FUTURE_MAX_MS + 1), now)).toMatch(/^seen: /);
    expect(checkFact(post(0, now), now)).toMatch(/^at: /);
  });
});
