import { afterEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { onWeekdays } from '../support/some-rules.ts';
import { aCall, openSite, type Site } from './a-site.ts';

let site: Site | null = null;
const open = async (wanted: Parameters<typeof openSite>[0]): Promise<Site> => {
  site = await openSite(wanted);
  return site;
};

afterEach(async () => {
  await site?.close();
  site = null;
});

const time = (instant: number): string => new Date(instant).toISOString().slice(11, 16);

describe('the comparison day', () => {
  it('is the same weekday last week up to the same local time, exact to the millisecond', async () => {
    const { clock, say, snapshot } = await open({ at: '2026-11-17T10:07:00Z' });
    await say(aCall('2026-11-10T09:00:00Z'));
    await say(aCall('2026-11-10T10:06:59.999Z'));
    await say(aCall('2026-11-10T10:07:00.000Z', { ringMs: 9_000 }));
    await say(aCall('2026-11-10T10:14:59.999Z'));
    await say(aCall('2026-11-10T10:15:00.000Z'));
    const baseline = async () => (await snapshot()).calls?.firstRing.baseline;
    expect(await baseline()).toEqual({ tally: { n: 2, d: 2 }, date: '2026-11-10', change: null });
    clock.set(Date.parse('2026-11-17T10:07:00.001Z'));
    expect((await baseline())?.tally).toEqual({ n: 2, d: 3 });
    clock.set(Date.parse('2026-11-17T10:15:00.000Z'));
    expect((await baseline())?.tally).toEqual({ n: 3, d: 4 });
    clock.set(Date.parse('2026-11-17T10:15:00.001Z'));
    expect((await baseline())?.tally).toEqual({ n: 4, d: 5 });
  });

  it('is restated by facts that come a week late, in whole quarter-hours and in the one that is cut', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:07:00Z' });
    await say(aCall('2026-11-10T09:00:00Z'));
    await snapshot();
    await say(aCall('2026-11-10T09:30:00Z', { ringMs: 9_000 }));
    await say(aCall('2026-11-10T10:06:00Z'));
    await say(aCall('2026-11-10T10:08:00Z'));
    expect((await snapshot()).calls?.firstRing.baseline?.tally).toEqual({ n: 2, d: 3 });
  });

  it('follows the local clock across a change of summer time', async () => {
    const { say, snapshot } = await open({ at: '2026-03-30T09:00:00.000Z' });
    await say(aCall('2026-03-23T09:59:59.999Z'));
    await say(aCall('2026-03-23T10:00:00.000Z'));
    expect((await snapshot()).calls?.firstRing.baseline).toMatchObject({
      tally: { n: 1, d: 1 },
      date: '2026-03-23',
    });
  });

  it('steps back a week over a holiday, and is none where nothing was counted', async () => {
    const { say, snapshot } = await open({
      at: '2026-11-17T10:00:00Z',
      weekly: onWeekdays('08:00', '18:00'),
      holidays: ['2026-11-10'],
    });
    expect((await snapshot()).calls?.firstRing.baseline).toBeNull();
    await say(aCall('2026-11-03T09:00:00Z', { ringMs: 9_000 }));
    expect((await snapshot()).calls?.firstRing.baseline).toMatchObject({
      tally: { n: 0, d: 1 },
      date: '2026-11-03',
    });
  });
});

describe('half-hour steps', () => {
  it('run from opening to closing, with the whole of the comparison day beside them', async () => {
    const { say, snapshot } = await open({
      at: '2026-11-17T10:00:00Z',
      weekly: onWeekdays('08:15', '17:45'),
    });
    await say(aCall('2026-11-17T08:20:00Z'));
    await say(aCall('2026-11-17T09:29:59.999Z', { ringMs: 9_000 }));
    await say(aCall('2026-11-10T16:10:00Z'));
    const { calls, day } = await snapshot();
    const steps = calls?.firstRing.steps ?? [];
    expect(steps.map(({ from }) => time(from)).slice(0, 3)).toEqual(['08:00', '08:30', '09:00']);
    expect([time(steps[0]?.from ?? 0), time(steps.at(-1)?.to ?? 0)]).toEqual(['08:00', '18:00']);
    expect(day.axis).toEqual({ from: steps[0]?.from, to: steps.at(-1)?.to });
    expect(steps[0]?.today).toEqual({ n: 1, d: 1 });
    expect(steps[2]?.today).toEqual({ n: 0, d: 1 });
    expect(steps.find(({ from }) => time(from) === '16:00')?.last).toEqual({ n: 1, d: 1 });
  });

  it('cover the usual ten hours on a day that is closed', async () => {
    const { snapshot } = await open({ at: '2026-11-21T10:00:00Z', weekly: onWeekdays('09:00', '17:00') });
    const { day } = await snapshot();
    expect([time(day.axis.from), time(day.axis.to), day.open]).toEqual(['08:00', '18:00', false]);
    expect(day.opensAt).toBe(Date.parse('2026-11-23T09:00:00Z'));
  });

  it('are 50 on the long day of autumn and 46 on the short one of spring, and count every call once', async () => {
    const { clock, say, snapshot } = await open({ at: '2026-10-25T12:00:00Z' });
    for (const at of ['2026-10-25T00:10:00Z', '2026-10-25T01:10:00Z']) await say(aCall(at));
    await say(aCall('2026-10-18T00:10:00Z'));
    const long = (await snapshot()).calls?.firstRing;
    expect(long?.steps).toHaveLength(50);
    expect(long?.tally).toEqual({ n: 2, d: 2 });
    const sum = (pick: 'today' | 'last') => long?.steps.reduce((all, step) => all + step[pick].d, 0);
    expect([sum('today'), sum('last')]).toEqual([2, 1]);
    clock.set(Date.parse('2026-03-29T12:00:00Z'));
    expect((await snapshot()).calls?.firstRing.steps).toHaveLength(46);
  });
});

describe('the turn of the day', () => {
  it('starts from nothing at local midnight and keeps what was yesterday out', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-07-14T22:59:00Z' });
    await say(aCall('2026-07-14T22:30:00Z', { ringMs: 1_000, endMs: 301_000 }));
    await say(aCall('2026-07-07T23:10:00Z'));
    expect((await snapshot()).calls?.firstRing.tally).toEqual({ n: 1, d: 1 });
    const midnight = Date.parse('2026-07-14T23:00:00Z');
    expect(figures().nextChangeAt(clock.now())).toBe(midnight);
    clock.set(midnight);
    const { day, calls, longest } = await snapshot();
    expect(day).toMatchObject({ date: '2026-07-15', from: midnight });
    expect(calls?.firstRing).toMatchObject({
      tally: { n: 0, d: 0 },
      baseline: { date: '2026-07-08', tally: { n: 0, d: 0 } },
    });
    expect(calls?.preRing).toBeNull();
    expect(longest).toEqual({ ms: 300_000, since: null, date: '2026-07-14' });
    clock.set(midnight + 10 * MINUTE + 1);
    expect((await snapshot()).calls?.firstRing.baseline?.tally).toEqual({ n: 1, d: 1 });
  });

  it('counts a call offered just before midnight and lost after it on the day of its offer', async () => {
    const { clock, say, fold, snapshot } = await open({ at: '2026-11-17T23:59:58Z' });
    await snapshot();
    await say(aCall('2026-11-17T23:59:58Z', { ringMs: null, endMs: null }));
    clock.set(Date.parse('2026-11-18T00:00:03Z'));
    expect((await snapshot()).calls?.firstRing).toMatchObject({ tally: { n: 0, d: 0 }, pending: 0 });
    clock.set(Date.parse('2026-11-18T00:00:10Z'));
    await fold();
    await say(aCall('2026-11-18T00:00:05Z', { ringMs: null, endMs: null }));
    expect((await snapshot()).calls?.firstRing).toMatchObject({ tally: { n: 0, d: 0 }, pending: 1 });
    clock.set(Date.parse('2026-11-18T00:00:11Z'));
    expect((await snapshot()).calls?.firstRing).toMatchObject({ tally: { n: 0, d: 1 }, pending: 0 });
  });

  it('goes on for weeks without a restart, each day compared with the one a week before', async () => {
    const { clock, say, snapshot } = await open({ at: '2026-11-02T12:00:00Z' });
    for (let day = 0; day < 17; day += 1) {
      clock.set(Date.parse('2026-11-02T12:00:00Z') + day * 24 * HOUR);
      await snapshot();
      for (let call = 0; call <= day; call += 1) await say(aCall(clock.now() - HOUR));
      const { calls } = await snapshot();
      expect(calls?.firstRing.tally, `day ${day}`).toEqual({ n: day + 1, d: day + 1 });
      expect(calls?.firstRing.baseline?.tally ?? null, `day ${day}`).toEqual(
        day < 7 ? null : { n: day - 6, d: day - 6 },
      );
    }
  });
});

describe('figures that were not prepared', () => {
  it('are refused rather than shown', async () => {
    const { clock, figures, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    expect(() => figures().snapshot('help', clock.now(), [])).toThrow('not prepared');
    await snapshot();
    clock.set(clock.now() + 16 * MINUTE);
    expect(() => figures().snapshot('help', clock.now(), [])).toThrow('not prepared');
    await figures().prepare(clock.now());
    expect(() => figures().snapshot('kitchen', clock.now(), [])).toThrow('no board "kitchen"');
  });
});
