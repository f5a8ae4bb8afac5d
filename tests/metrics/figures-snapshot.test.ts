import { afterEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../shared/time.ts';
import { wireSnapshot } from '../../shared/wire-snapshot.ts';
import { onWeekdays } from '../support/some-rules.ts';
import { aCall, anEmail, healthOf, openSite, type Site } from './a-site.ts';

let site: Site | null = null;
const open = async (wanted: Parameters<typeof openSite>[0]): Promise<Site> => {
  site = await openSite(wanted);
  return site;
};

afterEach(async () => {
  await site?.close();
  site = null;
});

describe('a snapshot', () => {
  it('is what the API document says, in every state', async () => {
    const { say, snapshot } = await open({
      at: '2026-11-17T10:00:00Z',
      weekly: onWeekdays('09:00', '10:30'),
    });
    expect(wireSnapshot.parse(await snapshot())).toEqual(await snapshot());
    await say(aCall('2026-11-17T09:10:00Z', { menuMs: 7_000 }));
    await say(aCall('2026-11-10T09:10:00Z'));
    await say(aCall('2026-11-17T09:30:00Z', { ringMs: null, endMs: 30_000, number: '+15550100' }));
    await say([anEmail('2026-11-17T09:40:00Z', 'm1')]);
    const lost = healthOf('pbx', {
      state: 'lost',
      heardAt: Date.parse('2026-11-17T09:35:00Z'),
      trouble: 'It does not answer.',
    });
    for (const health of [[], [lost]]) {
      const shown = await snapshot('all', health);
      expect(shown.calls?.menu).toEqual({ p50Ms: 0, p90Ms: 7_000 });
      expect(wireSnapshot.parse(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
    }
  });
});

describe('a lost source', () => {
  it('freezes its figures at its last sign of life and leaves no live count', async () => {
    const { clock, say, fold, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-17T09:00:00Z'));
    await say(aCall('2026-11-17T10:00:00Z', { ringMs: null, endMs: null }));
    await say([anEmail('2026-11-17T09:00:30Z', 'm1')], 'mailbox');
    const heardAt = Date.parse('2026-11-17T10:00:05Z');
    clock.set(heardAt + 70 * SECOND);
    const lost = healthOf('pbx', { state: 'lost', since: heardAt + 60 * SECOND, heardAt });
    const mailbox = healthOf('mailbox', { feeds: ['emails'], heardAt });
    const frozen = await snapshot('help', [lost, mailbox]);
    expect(frozen.calls?.firstRing).toMatchObject({
      tally: { n: 1, d: 1 },
      pending: 1,
      feed: 'lost',
      asOf: heardAt,
    });
    expect(frozen.calls?.live).toBeNull();
    expect(frozen.callbacks?.live).toBeNull();
    expect(frozen.emails?.withinHour).toMatchObject({ tally: { n: 0, d: 1 }, feed: 'live', asOf: null });
    expect(frozen.emails?.live).toMatchObject({ open: 1, overdue: 1 });
    await fold();
    expect((await snapshot('help', [lost, mailbox])).calls?.firstRing, 'after a fold').toEqual(
      frozen.calls?.firstRing,
    );
    const back = await snapshot('help', [healthOf('pbx', { heardAt: clock.now() }), mailbox]);
    expect(back.calls?.firstRing).toMatchObject({
      tally: { n: 1, d: 2 },
      pending: 0,
      feed: 'live',
      asOf: null,
    });
    expect(back.calls?.live).toMatchObject({ waiting: 1 });
  });

  it('that is only late says so, and one that waits to connect again after a start counts as late', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:00:00Z' });
    await say(aCall('2026-11-17T09:00:00Z'));
    const heardAt = Date.parse('2026-11-17T09:59:40Z');
    for (const state of ['late', 'waiting'] as const) {
      const { calls } = await snapshot('help', [healthOf('pbx', { state, heardAt })]);
      expect(calls).toMatchObject({ firstRing: { feed: 'late', asOf: heardAt }, live: null });
    }
    const fresh = await snapshot('help', [healthOf('pbx', { state: 'waiting', heardAt: null })]);
    expect(fresh.calls).toMatchObject({ firstRing: { feed: 'live', asOf: null }, live: { waiting: 0 } });
  });
});
