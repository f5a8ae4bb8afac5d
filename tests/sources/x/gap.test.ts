import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../server/fact.ts';
import { judgePost } from '../../../server/judge/mention.ts';
import { MICRO_USD } from '../../../server/sources/x/config.ts';
import { readCursor } from '../../../server/sources/x/cursor.ts';
import { idAt } from '../../../server/sources/x/ids.ts';
import { londonRules, openIntake } from '../../support/an-intake.ts';
import { paths } from '../../support/fake-x.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { start } from '../each-source-check.ts';
import { aPost, fakeX, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const idsOf = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.kind === 'post' ? [fact.id] : []));

describe('a gap', () => {
  it('is filled before the source is live, over as many pages as it takes', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const missed = Array.from({ length: 230 }, (_, n) => aPost(noon - 1_000 * (n + 1), n));
    fake.add(...missed);
    const source = xAt(fake, {}, clock);
    const run = start(source, null);
    await run.until((facts) => facts.length > 0);
    // In one delivery: after the first page alone it would have passed for live.
    expect(idsOf(run.facts)).toHaveLength(230);
    await run.stop();
    const pages = fake.requests(paths.search);
    expect(pages.map(({ query }) => query.get('next_token'))).toEqual([null, '100', '200']);
    expect(new Set(pages.map(({ query }) => query.get('since_id')))).toEqual(
      new Set([idAt(noon - 3_600_000)]),
    );
  });

  it('holds back what the stream says until what was missed is known too', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    fake.failNext(paths.search, { status: 503 });
    const source = xAt(fake, {}, clock);
    const before = start(source, null);
    await fake.streaming();
    const [missed, heard] = [aPost(noon - 600_000, 1), aPost(noon, 2)];
    fake.add(missed);
    fake.say(heard);
    await expect(before.ended).rejects.toThrow('503');
    expect([before.facts, before.signs(), before.cursor()]).toEqual([[], 0, null]);
    const after = start(source, null);
    await clock.advance(5_000);
    await after.until((facts) => facts.length === 2);
    expect(idsOf(after.facts).sort()).toEqual([missed.id, heard.id].sort());
    await after.stop();
  });

  it('is looked at a second time a minute later, for what search did not know yet', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await source.until(() => source.signs() > 0);
    const late = aPost(noon - 2_000, 1);
    const heard = aPost(noon + 1_000, 2);
    fake.say(heard);
    await source.until((facts) => facts.length === 1);
    fake.add(late);
    // Until then a restart would begin before it.
    expect(BigInt(readCursor(source.cursor())?.sinceId ?? 0)).toBeLessThan(BigInt(late.id));
    for (let i = 0; i < 3; i += 1) {
      const signs = source.signs();
      await clock.advance(20_000);
      fake.write('\r\n');
      await source.until(() => source.signs() > signs);
    }
    await source.until((facts) => facts.length === 2);
    await source.stop();
    expect(idsOf(source.facts)).toEqual([heard.id, late.id]);
    expect(readCursor(source.cursor())?.sinceId).toBe(heard.id);
  });

  it('of more than an hour may take half of what is left of the day, and says what it leaves out', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    for (let n = 1; n <= 60; n += 1) fake.add(aPost(noon - 60_000 * n, n));
    const cap = { posts: 40, microUsd: 100 * MICRO_USD };
    const spent = { day: '2026-11-21', posts: 0, users: 0, postIds: [], userIds: [] };
    const cursor = JSON.stringify({ v: 1, since: idAt(noon - 10 * 3_600_000), spent });
    const source = start(xAt(fake, { cap }, clock), cursor);
    await source.until((facts) => facts.length > 0);
    expect(source.facts).toHaveLength(20);
    expect(source.notices.at(-1)).toContain('Some posts since 2026-11-22 01:59 UTC were left out');
    await source.stop();
  });

  it('after hours without any post is as short as the link was away', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const cap = { posts: 40, microUsd: 100 * MICRO_USD };
    const source = xAt(fake, { cap }, clock);
    const first = start(source, null);
    await first.until(() => first.signs() > 0);
    fake.say(aPost(noon, 1));
    await first.until((facts) => facts.length === 1);
    for (let n = 0; n < 6 * 60; n += 1) {
      const signs = first.signs();
      await clock.advance(20_000);
      fake.write('\r\n');
      await first.until(() => first.signs() > signs);
    }
    fake.cut();
    await first.ended.catch(() => undefined);
    for (let n = 1; n <= 30; n += 1) fake.add(aPost(clock.now() + n, n));
    const again = start(source, first.cursor());
    await clock.advance(1_000);
    await again.until((facts) => facts.length === 30);
    expect(again.notices.some((words) => words?.includes('left out'))).toBe(false);
    await again.stop();
  });

  it('is read without a rule that only the stream takes, which says so and goes on', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const missed = aPost(noon - 60_000, 1);
    fake.add(missed);
    const rules = ['@harborhealth', 'sample:10 harbor'];
    const source = start(xAt(fake, { rules }, clock), null);
    await source.until((facts) => facts.length === 1);
    expect(source.notices.at(-1)).toContain(
      'does not take "sample:10 harbor" (Reference to invalid operator',
    );
    fake.say(aPost(noon + 1_000, 2), [fake.rules[1]?.id ?? '']);
    await source.until((facts) => facts.length === 2);
    expect(idsOf(source.facts)[0]).toBe(missed.id);
    await source.stop();
  });

  it('of a month is not asked for beyond what search knows', async () => {
    const clock = createXClock(noon);
    const fake = await fakeX();
    const spent = { day: '2026-10-21', posts: 0, users: 0, postIds: [], userIds: [] };
    const cursor = JSON.stringify({ v: 1, since: idAt(noon - 30 * 86_400_000), spent });
    const source = start(xAt(fake, {}, clock), cursor);
    await source.until(() => source.signs() > 0);
    await source.stop();
    expect(fake.requests(paths.search)[0]?.query.get('since_id')).toBe(
      idAt(noon - 7 * 86_400_000 + 3_600_000),
    );
  });

  it('loses and doubles nothing, through cuts and restarts, in a real database', async () => {
    using folder = temporaryFolder();
    await using it = await openIntake(`${folder.path}/x.sqlite`, { at: noon, rules: londonRules() });
    const { intake, store } = it;
    const clock = createXClock(noon);
    const fake = await fakeX();
    const all = Array.from({ length: 60 }, (_, n) => aPost(noon + n * 500, n));
    let source = xAt(fake, {}, clock);
    for (let round = 0; round < 6; round += 1) {
      // Every second round is a new process: all it knows is the cursor.
      if (round % 2 === 0) source = xAt(fake, {}, clock);
      const stopping = new AbortController();
      let live = (): void => undefined;
      const isLive = new Promise<void>((resolve) => {
        live = resolve;
      });
      const ended = source.run({
        cursor: await store.cursor('x'),
        deliver: async (facts, cursor) => void (await intake.save('x', facts, cursor)),
        live,
        notice: () => undefined,
        refuse: () => undefined,
        stop: stopping.signal,
      });
      await clock.advance(1_000);
      await isLive;
      const [heard, missed] = [
        all.slice(round * 10, round * 10 + 6),
        all.slice(round * 10 + 6, round * 10 + 10),
      ];
      for (const post of heard) fake.say(post);
      // In the middle of it the line is cut, at whatever has come through by then.
      if (round % 3 === 2) stopping.abort();
      else fake.cut();
      await ended.catch(() => undefined);
      fake.add(...missed);
      clock.set(noon + (round + 1) * 10 * 500);
    }
    const last = start(xAt(fake, {}, clock), await store.cursor('x'));
    await last.until(() => last.signs() > 0);
    await last.stop();
    await intake.save('x', last.facts, last.cursor() ?? undefined);
    const kept = await store.write(async (tx) => tx.facts(all.map(({ id }) => `post/x/${id}`)));
    expect([...kept.keys()]).toHaveLength(60);
    const counted = [...kept.values()].map((facts) =>
      judgePost(facts.map(({ fact }) => fact) as Parameters<typeof judgePost>[0], it.rules),
    );
    expect(
      counted.flatMap(({ settled }) => settled).filter(({ figure }) => figure === 'mentions'),
    ).toHaveLength(60);
    expect((await store.sourceCounts()).get('x')).toMatchObject({ conflict: 0 });
    expect(fake.streamsMax()).toBe(1);
  });
});
