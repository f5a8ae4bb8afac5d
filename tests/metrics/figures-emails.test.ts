import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { onWeekdays } from '../support/some-rules.ts';
import { anAnswer, anEmail, openSite, type Site } from './a-site.ts';

let site: Site | null = null;
const open = async (wanted: Parameters<typeof openSite>[0]): Promise<Site> => {
  site = await openSite(wanted);
  return site;
};

afterEach(async () => {
  await site?.close();
  site = null;
});

describe('emails', () => {
  const weekly = onWeekdays('09:00', '17:00');

  it('are open, at risk with a quarter of an hour left, then overdue', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T10:00:00Z', weekly });
    await say([anEmail('2026-11-17T10:00:00Z', 'm1')]);
    await snapshot();
    const live = async () => (await snapshot()).emails?.live;
    const dueAt = Date.parse('2026-11-17T11:00:00Z');
    expect(await live()).toMatchObject({
      open: 1,
      overdue: 0,
      atRisk: 0,
      next: { leftMs: 60 * MINUTE, dueAt, runsFrom: null },
    });
    expect(figures().nextChangeAt(clock.now())).toBe(dueAt - 15 * MINUTE);
    clock.set(dueAt - 15 * MINUTE - 1);
    expect(await live()).toMatchObject({ atRisk: 0 });
    clock.set(dueAt - 15 * MINUTE);
    expect(await live()).toMatchObject({ atRisk: 1, overdue: 0 });
    clock.set(dueAt + 1);
    expect(await live()).toMatchObject({ open: 1, atRisk: 0, overdue: 1, next: null, marks: [] });
    expect((await snapshot()).emails?.withinHour.tally).toEqual({ n: 0, d: 1 });
    await say([anAnswer('2026-11-17T11:00:00.001Z', 'm1')]);
    expect((await snapshot()).emails).toMatchObject({
      withinHour: { tally: { n: 0, d: 1 }, pending: 0 },
      received: 1,
      live: { open: 0, overdue: 0 },
    });
  });

  it('count down in open minutes: at closing the countdown rests until the next opening', async () => {
    const { clock, say, figures, snapshot } = await open({ at: '2026-11-17T16:40:00Z', weekly });
    await say([anEmail('2026-11-17T16:40:00Z', 'm1')]);
    clock.set(Date.parse('2026-11-17T16:59:00Z'));
    await snapshot();
    const closesAt = Date.parse('2026-11-17T17:00:00Z');
    expect(figures().nextChangeAt(clock.now())).toBe(closesAt);
    clock.set(closesAt);
    const { day, emails } = await snapshot();
    const opensAt = Date.parse('2026-11-18T09:00:00Z');
    expect(day).toMatchObject({ open: false, opensAt });
    const dueAt = Date.parse('2026-11-18T09:40:00Z');
    expect(emails?.live?.next).toEqual({ leftMs: 40 * MINUTE, dueAt, runsFrom: opensAt });
    clock.set(Date.parse('2026-11-18T09:25:00Z'));
    expect((await snapshot()).emails?.live).toMatchObject({
      atRisk: 1,
      next: { leftMs: 15 * MINUTE, runsFrom: null },
    });
  });

  it('list their countdowns soonest first', async () => {
    const { say, snapshot } = await open({ at: '2026-11-17T10:30:00Z', weekly });
    await say([
      anEmail('2026-11-17T10:20:00Z', 'b'),
      anEmail('2026-11-17T10:00:00Z', 'a'),
      anEmail('2026-11-17T09:00:00Z', 'late'),
    ]);
    const { emails } = await snapshot();
    expect(emails?.live?.marks.map(({ leftMs }) => leftMs / MINUTE)).toEqual([30, 50]);
    expect(emails?.live).toMatchObject({ open: 3, overdue: 1 });
    expect(emails?.withinHour).toMatchObject({ tally: { n: 0, d: 1 }, pending: 2 });
  });
});

describe('mentions and the quote', () => {
  const at = Date.parse('2026-11-17T10:00:00Z');
  const post = (id: string, when: number) =>
    ({
      kind: 'post',
      network: 'mastodon',
      id,
      author: 'lee',
      name: 'Lee',
      handle: '@lee',
      text: `text ${id}`,
      type: 'post',
      at: when,
      seen: when,
    }) as const;

  it('are read again when a commit changed them', async () => {
    const { say, snapshot, store, figures } = await open({ at: '2026-11-17T10:00:00Z' });
    expect((await snapshot()).mentions).toEqual({
      today: 0,
      latest: [],
      names: true,
      lastAt: null,
      feed: 'live',
      asOf: null,
    });
    await say([post('p1', at - 60_000), post('p0', at - 24 * 3_600_000)], 'social');
    const text = 'They picked up at once.';
    const taken = {
      date: '2026-11-17',
      at: at - 1,
      text,
      cite: 'by phone',
      post: null,
      why: 'Typed.',
      by: 'Ann',
    };
    await store().takeQuote(taken);
    figures().apply({ at, items: [], tallies: [], postsChanged: false, quotesChanged: true });
    const { mentions, quote } = await snapshot();
    expect(mentions).toMatchObject({ today: 1, lastAt: at - 24 * 3_600_000 });
    expect(mentions?.latest.map(({ id }) => id)).toEqual(['mastodon/p1', 'mastodon/p0']);
    expect(quote).toEqual({ text: 'They picked up at once.', cite: 'by phone', at: at - 1 });
    await say([{ kind: 'post_delete', network: 'mastodon', id: 'p1', at }], 'social');
    expect((await snapshot()).mentions).toMatchObject({ today: 0, latest: [{ id: 'mastodon/p0' }] });
  });
});
