import { describe, expect, it } from 'vitest';
import { createMeter, inDollars, nextDayAt, REMEMBERED_MAX } from '../../../server/sources/x/meter.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const midnight = Date.parse('2026-11-23T00:00:00Z');
const prices = { post: 5_000, user: 10_000 };
const meterOf = (posts = 500, microUsd = 5_000_000) => createMeter({ posts, microUsd }, prices);

describe('the spend meter', () => {
  it('counts a post and a user once a UTC day, however often they are read', () => {
    const meter = meterOf();
    for (let i = 0; i < 3; i += 1) meter.count({ posts: ['1', '2'], users: ['9'] }, noon);
    expect(meter.spent(noon)).toEqual({ day: '2026-11-22', posts: 2, users: 1, microUsd: 20_000 });
    expect(inDollars(20_000)).toBe('$0.02');
  });

  it('begins anew at midnight UTC, to the millisecond', () => {
    const meter = meterOf();
    meter.count({ posts: ['1'], users: [] }, midnight - 1);
    expect(meter.spent(midnight - 1).posts).toBe(1);
    meter.count({ posts: ['1'], users: [] }, midnight);
    expect(meter.spent(midnight)).toMatchObject({ day: '2026-11-23', posts: 1 });
    expect(nextDayAt(midnight - 1)).toBe(midnight);
    expect(nextDayAt(midnight)).toBe(midnight + 86_400_000);
  });

  it('does not forget the day when the clock is set back over midnight', () => {
    const meter = meterOf();
    meter.count({ posts: ['1'], users: [] }, midnight);
    expect(meter.spent(midnight - 60_000)).toMatchObject({ day: '2026-11-23', posts: 1 });
  });

  it.each([
    ['by posts', 12, 100_000_000, true, 12],
    ['by money, with an author each', 500, 100_000, true, 6],
    ['by money, without', 500, 100_000, false, 20],
  ])('knows what can still be afforded: %s', (_, posts, microUsd, withAuthors, expected) => {
    expect(meterOf(posts, microUsd).affordable(noon, withAuthors)).toBe(expected);
  });

  it.each([
    ['posts', 2, 5_000_000, '2 posts'],
    ['money', 500, 40_000, '$0.04'],
  ])('says when the cap in %s is used up, and not one read before', (_, posts, microUsd, words) => {
    const meter = meterOf(posts, microUsd);
    meter.count({ posts: ['1'], users: ['a'] }, noon);
    expect(meter.usedUp(noon)).toBeNull();
    meter.count({ posts: ['2'], users: ['b'] }, noon);
    expect(meter.usedUp(noon)).toBe(words);
    expect(meter.usedUp(midnight)).toBeNull();
  });

  it('goes on after a restart where it was, and knows what was paid for', () => {
    const before = meterOf();
    before.count({ posts: ['1', '2'], users: ['9'] }, noon);
    const after = meterOf();
    after.restore(before.save(noon));
    after.count({ posts: ['2', '3'], users: ['9'] }, noon);
    expect(after.spent(noon)).toMatchObject({ posts: 3, users: 1 });
    expect([after.isPaid('1', noon), after.isPaid('4', noon)]).toEqual([true, false]);
    expect(after.spent(midnight).posts).toBe(0);
  });

  it('remembers the newest of many, and never a smaller spend', () => {
    const before = meterOf(1_000_000, 1e12);
    const ids = Array.from({ length: REMEMBERED_MAX + 5 }, (_, i) => String(i));
    before.count({ posts: ids, users: [] }, noon);
    const saved = before.save(noon);
    expect(saved.postIds).toHaveLength(REMEMBERED_MAX);
    const after = meterOf(1_000_000, 1e12);
    after.restore(saved);
    after.count({ posts: ids, users: [] }, noon);
    expect(after.spent(noon).posts).toBe(REMEMBERED_MAX + 10);
  });
});
