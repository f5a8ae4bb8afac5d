import { describe, expect, it } from 'vitest';
import { createBackOff, type TroubleKind, waitMs } from '../../../server/sources/x/back-off.ts';
import { readCursor, writeCursor } from '../../../server/sources/x/cursor.ts';
import { idAt, madeAt, newerOf } from '../../../server/sources/x/ids.ts';
import { createMark, OVERLAP_MS, SEARCH_KNOWS_MS } from '../../../server/sources/x/mark.ts';
import { createTestClock } from '../../support/test-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const trouble = (kind: TroubleKind, until: number | null = null) => ({ kind, until });

describe('the waits of X’s table', () => {
  it.each<[TroubleKind, number[]]>([
    ['network', [250, 500, 750, 1_000]],
    ['http', [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 320_000]],
    ['rate', [60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000]],
  ])('%s', (kind, expected) => {
    expect(expected.map((_, i) => waitMs(kind, i + 1))).toEqual(expected);
  });

  it('end at 16 s for the network', () => {
    expect([waitMs('network', 64), waitMs('network', 65), waitMs('network', 10_000)]).toEqual([
      16_000, 16_000, 16_000,
    ]);
  });

  it('last until the instant that X names, when that is later', () => {
    const backOff = createBackOff();
    backOff.failed(trouble('rate', noon + 900_000), noon);
    expect([backOff.isOver(noon + 899_999), backOff.isOver(noon + 900_000)]).toEqual([false, true]);
    backOff.failed(trouble('rate', noon + 1_000), noon);
    expect([backOff.isOver(noon + 119_999), backOff.isOver(noon + 120_000)]).toEqual([false, true]);
  });

  it('are the shortest again after it recovered', () => {
    const backOff = createBackOff();
    for (let i = 0; i < 5; i += 1) backOff.failed(trouble('http'), noon);
    backOff.recovered();
    backOff.failed(trouble('http'), noon);
    expect([backOff.isOver(noon + 4_999), backOff.isOver(noon + 5_000)]).toEqual([false, true]);
  });

  it('are waited out once more, and no longer, when the clock is set back', async () => {
    const clock = createTestClock(noon);
    const backOff = createBackOff();
    backOff.failed(trouble('http'), noon);
    clock.set(noon - 86_400_000);
    let isOver = false;
    const over = backOff.over(clock, new AbortController().signal).then(() => {
      isOver = true;
    });
    await clock.advance(4_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await over;
  });

  it('end at once when told to stop', async () => {
    const backOff = createBackOff();
    backOff.failed(trouble('rate'), noon);
    await backOff.over(createTestClock(noon), AbortSignal.abort());
  });
});

describe('an id of X', () => {
  it('holds the millisecond it was made at', () => {
    // The worked example of the article on snowflake ids in the English Wikipedia.
    expect(new Date(madeAt('1541815603606036480')).toISOString()).toBe('2022-06-28T16:07:40.105Z');
    expect(madeAt(idAt(noon))).toBe(noon);
    expect(idAt(0)).toBe('0');
  });

  it('is compared as a number of any length', () => {
    expect(newerOf('999', '1000')).toBe('1000');
    expect(newerOf('1541815603606036481', '1541815603606036480')).toBe('1541815603606036481');
  });
});

describe('the mark up to which everything was read', () => {
  it('begins a look-back ago, then an overlap before the newest post', () => {
    const mark = createMark();
    expect([mark.sinceId(), madeAt(mark.searchFrom(noon, 3_600_000))]).toEqual([null, noon - 3_600_000]);
    mark.read([idAt(noon - 10_000), idAt(noon - 20_000)]);
    expect(mark.sinceId()).toBe(idAt(noon - 10_000));
    expect(madeAt(mark.searchFrom(noon, 0))).toBe(noon - 10_000 - OVERLAP_MS);
  });

  it('stays where something may be missing, until that was looked at', () => {
    const mark = createMark();
    mark.read([idAt(noon - 10_000)]);
    mark.doubtFrom(idAt(noon - 5_000));
    mark.read([idAt(noon)]);
    expect(mark.sinceId()).toBe(idAt(noon - 5_000));
    expect(madeAt(mark.searchFrom(noon, 0))).toBe(noon - 5_000);
    mark.doubtFrom(idAt(noon));
    expect(mark.sinceId(), 'the older doubt').toBe(idAt(noon - 5_000));
    mark.doubtFrom(null);
    expect(mark.sinceId()).toBe(idAt(noon));
  });

  it('never asks search for more than it knows', () => {
    const mark = createMark();
    mark.restore(idAt(noon - 30 * 86_400_000));
    expect(madeAt(mark.searchFrom(noon, 0))).toBe(noon - SEARCH_KNOWS_MS);
  });
});

describe('the cursor', () => {
  const remembered = {
    sinceId: idAt(noon),
    spent: { day: '2026-11-22', posts: 2, users: 1, postIds: ['1', '2'], userIds: ['9'] },
  };

  it('comes back as it was written', () => {
    expect(readCursor(writeCursor(remembered))).toEqual(remembered);
    expect(readCursor(writeCursor({ ...remembered, sinceId: null }))?.sinceId).toBeNull();
  });

  it.each([
    null,
    '',
    'rubbish',
    '{',
    'null',
    '[]',
    '{"v":2}',
    '{"v":1}',
    '{"v":1,"spent":{"day":"x","posts":1,"users":1,"postIds":[],"userIds":[]}}',
    '{"v":1,"spent":{"day":"2026-11-22","posts":"1","users":1,"postIds":[],"userIds":[]}}',
  ])('is as if there were none when it reads %j', (text) => {
    expect(readCursor(text)).toBeNull();
  });

  it('drops ids that are none', () => {
    const text =
      '{"v":1,"since":"x","spent":{"day":"2026-11-22","posts":1,"users":1,"postIds":[1,"2"],"userIds":[null]}}';
    expect(readCursor(text)).toMatchObject({ sinceId: null, spent: { postIds: ['2'], userIds: [] } });
  });
});
