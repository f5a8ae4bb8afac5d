import { describe, expect, it } from 'vitest';
import { STALL_MS } from '../../../server/sources/x/listen.ts';
import { WAITING_MAX } from '../../../server/sources/x/outbox.ts';
import { LATE_AFTER_MS } from '../../../server/sources/x/source.ts';
import { type FakeX, paths, said } from '../../support/fake-x.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';
import { start } from '../each-source-check.ts';
import { aPost, config, fakeX, soon, xAt } from './x-bench.ts';
import { createXClock } from './x-clock.ts';

type Started = ReturnType<typeof start>;

const texts = (facts: readonly object[]) => facts.flatMap((fact) => ('text' in fact ? [fact.text] : []));

/** Lets time go by on a line that X keeps alive. */
async function pass(clock: TestClock, fake: FakeX, source: Started, ms: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += 20_000) {
    const signs = source.signs();
    await clock.advance(20_000);
    fake.write('\r\n');
    await source.until(() => source.signs() > signs);
  }
}

/** A source that is live, with nothing missed. */
async function liveX(more: Partial<typeof config> = {}) {
  const fake = await fakeX();
  const source = start(xAt(fake, more), null);
  await fake.streaming();
  await source.until(() => source.signs() > 0);
  return { fake, source };
}

describe('the filtered stream', () => {
  it('asks for what has to stand beside a post, and nothing else that is paid for', async () => {
    const { fake, source } = await liveX();
    const [asked] = fake.requests(paths.stream);
    expect(asked?.query.get('expansions')).toBe('author_id');
    expect(asked?.query.get('user.fields')).toBe('name,username,profile_image_url');
    expect(asked?.query.get('tweet.fields')?.split(',')).toContain('note_tweet');
    expect(fake.requests(paths.search)[0]?.query.get('expansions')).toBe('author_id');
    await source.stop();
  });

  it('reads a post whose bytes are cut everywhere, also inside a character', async () => {
    const { fake, source } = await liveX();
    const post = aPost(Date.now(), 1, { text: 'Café 📞 „gut“ 電話' });
    const bytes = Buffer.from(`${JSON.stringify({ data: fake.json(post) })}\r\n`);
    for (const byte of bytes) {
      fake.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await source.until((facts) => facts.length === 1);
    expect(texts(source.facts)).toEqual(['Café 📞 „gut“ 電話']);
    await source.stop();
  });

  it('reads many posts in one chunk, keep-alives between them, and skips what is no JSON', async () => {
    const { fake, source } = await liveX();
    const line = (n: number): string => JSON.stringify({ data: fake.json(aPost(Date.now(), n)) });
    fake.write(`\r\n${line(1)}\r\n\r\n\r\n{"half\r\n${line(2)}\r\n[1,2]\r\n"text"\r\n${line(3)}\r\n`);
    await source.until((facts) => facts.length === 3);
    await source.stop();
    expect(texts(source.facts)).toEqual([1, 2, 3].map((n) => `Thanks, @harborhealth (${n})`));
    expect(source.refused.slice(0, 1)).toEqual(['a line that is no JSON']);
    expect(source.refused.length).toBeGreaterThanOrEqual(2);
  });

  it('hands a post over once that comes twice, and a second version of it as one', async () => {
    const { fake, source } = await liveX();
    const first = aPost(Date.now() - 60_000, 1);
    const second = aPost(Date.now(), 2, { text: 'Edited' });
    second.chain = [first.id, second.id];
    for (const post of [first, first, second, first]) fake.say(post);
    await source.until((facts) => facts.length === 2);
    await source.stop();
    expect(source.facts).toMatchObject([{ id: first.id }, { id: second.id, chain: [first.id, second.id] }]);
  });

  it('counts nothing that only somebody else’s rule asked for, says so, and leaves the rule alone', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    fake.rules.push({ id: '77', value: 'cats' });
    fake.say(aPost(clock.now(), 1, { text: 'cats' }), ['77']);
    fake.say(aPost(clock.now(), 2, { text: 'both' }), ['77', fake.rules[0]?.id ?? '']);
    await source.until((facts) => facts.length === 1);
    expect(texts(source.facts)).toEqual(['both']);
    await pass(clock, fake, source, 17 * 60_000);
    expect(fake.rules.map(({ value }) => value)).toEqual([...config.rules, 'cats']);
    expect(source.notices.some((words) => words?.includes('an app of its own'))).toBe(true);
    await soon(() => expect(source.notices.at(-1)).toContain('("cats")'));
    await source.stop();
  });

  it('puts its own rules back when somebody removed them, and reads what they would have found', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await source.until(() => source.signs() > 0);
    await pass(clock, fake, source, 120_000);
    fake.rules = [];
    const missed = aPost(clock.now(), 1);
    fake.add(missed);
    await pass(clock, fake, source, 15 * 60_000);
    await source.until((facts) => facts.length === 1);
    expect(source.facts[0]).toMatchObject({ id: missed.id });
    expect(fake.rules.map(({ value }) => value)).toEqual([...config.rules]);
    await source.stop();
  });

  it('is not broken by a search that fails beside it', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await source.until(() => source.signs() > 0);
    fake.failNext(paths.search, { status: 429, body: { title: 'Too Many Requests' } }, 2);
    await pass(clock, fake, source, 10 * 60_000);
    // One at the beginning; then after a minute, at least one more, at least two more; and then no more.
    expect(fake.requests(paths.search)).toHaveLength(4);
    expect([fake.streams(), fake.requests(paths.stream).length]).toEqual([1, 1]);
    await source.stop();
  });

  it('takes a post for ours when X names the rules in a way that is new to us', async () => {
    const { fake, source } = await liveX();
    const data = fake.json(aPost(Date.now(), 1));
    fake.write(`${JSON.stringify({ data, matching_rules: [{ id: 1_166_916_266 }] })}\r\n`);
    await source.until((facts) => facts.length === 1);
    await source.stop();
  });

  it('is not read on while more waits to be saved than may, and then loses nothing', async () => {
    const fake = await fakeX();
    const gate = Promise.withResolvers<void>();
    const cap = { posts: 100_000, microUsd: 1e12 };
    const source = start(xAt(fake, { cap }), null, () => gate.promise);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    const count = 4 * WAITING_MAX;
    const text = 'x'.repeat(2_000);
    for (let n = 0; n < count; n += 1) fake.say(aPost(Date.now(), n, { text }));
    let signs = -1;
    while (signs !== source.signs()) {
      signs = source.signs();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    gate.resolve();
    await source.until((facts) => facts.length === count);
    // Much was still to be read.
    expect(source.signs()).toBeGreaterThan(1.5 * signs);
    await source.stop();
  });

  it.each([
    ['an operational disconnect', said.operationalDisconnect, /UpstreamOperationalDisconnect/],
    ['too many connections, said inside', said.tooManyConnections, /already open, and it allows one/],
  ])('ends with %s', async (_, message, words) => {
    const { fake, source } = await liveX();
    fake.write(`${JSON.stringify(message)}\r\n`);
    await expect(source.ended).rejects.toThrow(words);
    await soon(() => expect(fake.streams()).toBe(0));
  });

  it('ends when the connection is reset in the middle of a post, and reads that post after it', async () => {
    const fake = await fakeX();
    const source = xAt(fake);
    const before = start(source, null);
    await fake.streaming();
    await before.until(() => before.signs() > 0);
    const [whole, torn] = [aPost(Date.now() - 2_000, 1), aPost(Date.now() - 1_000, 2)];
    fake.say(whole);
    await before.until((facts) => facts.length === 1);
    fake.add(torn);
    fake.write(JSON.stringify({ data: fake.json(torn) }).slice(0, 40));
    fake.cut();
    await expect(before.ended).rejects.toMatchObject({ code: 'unavailable' });
    const after = start(source, before.cursor());
    await after.until((facts) => facts.length === 1);
    await after.stop();
    expect(texts([...before.facts, ...after.facts])).toEqual(
      [1, 2].map((n) => `Thanks, @harborhealth (${n})`),
    );
  });

  it('ends when X closes it in order', async () => {
    const { fake, source } = await liveX();
    fake.end();
    await expect(source.ended).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('takes what a rule still finds that it removed itself for nobody else’s', async () => {
    const fake = await fakeX();
    fake.rules = [{ id: '5', value: 'of last year', tag: 'first-ring' }];
    const source = start(xAt(fake), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    fake.say(aPost(Date.now(), 1), ['5']);
    fake.say(aPost(Date.now(), 2), [fake.rules[0]?.id ?? '']);
    await source.until((facts) => facts.length === 1);
    await source.stop();
    expect(source.notices.some((words) => words?.includes('an app of its own'))).toBe(false);
  });

  it('waits a whole keep-alive for the first one, however long connecting took', async () => {
    const clock = createTestClock(Date.now());
    const fake = await fakeX();
    fake.delayNext(paths.stream);
    const source = start(xAt(fake, {}, clock), null);
    await soon(() => expect(fake.requests(paths.stream)).toHaveLength(1));
    await clock.advance(10_000);
    fake.letGo();
    await source.until(() => source.signs() > 0);
    await clock.advance(20_000);
    const signs = source.signs();
    fake.write('\r\n');
    await source.until(() => source.signs() > signs);
    await source.stop();
  });

  it('takes each keep-alive for a sign of life, and notices a half-open connection within 25 s', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    for (let i = 0; i < 4; i += 1) {
      const signs = source.signs();
      await clock.advance(20_000);
      // Two in one chunk: after a pause of ours they come together.
      fake.write(i % 2 === 0 ? '\r\n' : '\r\n\r\n');
      await source.until(() => source.signs() > signs);
    }
    let ended = false;
    source.ended.catch(() => {
      ended = true;
    });
    await clock.advance(STALL_MS - 1);
    expect(ended).toBe(false);
    await clock.advance(1);
    await expect(source.ended).rejects.toThrow('silent for 24 s');
    expect(STALL_MS).toBeLessThan(LATE_AFTER_MS);
    expect(LATE_AFTER_MS).toBe(25_000);
    await soon(() => expect(fake.streams()).toBe(0));
  });

  it('is not taken for silent when half a post comes every while', async () => {
    const clock = createXClock(Date.now());
    const fake = await fakeX();
    const source = start(xAt(fake, {}, clock), null);
    await fake.streaming();
    await source.until(() => source.signs() > 0);
    for (const piece of ['{"data"', ':{}', '}']) {
      const signs = source.signs();
      await clock.advance(20_000);
      fake.write(piece);
      await source.until(() => source.signs() > signs);
    }
    await source.stop();
  });
});

describe('asking X', () => {
  it.each([
    ['a wrong token', 401, { title: 'Unauthorized' }, 'forbidden', /new bearer token/],
    ['no credits left', 402, { title: 'CreditsDepleted' }, 'forbidden', /buy credits/],
    ['a plan without it', 403, { title: 'Forbidden', type: 'x/client-forbidden' }, 'forbidden', /plan/],
    ['a failure of X’s', 503, undefined, 'unavailable', /503.*tried again/],
    [
      'the month’s cap',
      429,
      { title: 'UsageCapExceeded', type: 'x/usage-capped' },
      'forbidden',
      /month's cap/,
    ],
  ])('says what to do about %s, and never the token', async (_, status, body, code, words) => {
    const fake = await fakeX();
    fake.failNext(paths.rules, { status, body });
    const { ended } = start(xAt(fake), null);
    await expect(ended).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    await expect(ended).rejects.toMatchObject({ message: expect.not.stringContaining(config.token) });
  });

  it.each([paths.rules, paths.stream, paths.search])(
    'gives up %s after 15 s without an answer',
    async (path) => {
      const clock = createTestClock(Date.now());
      const fake = await fakeX();
      fake.failNext(path, { status: 0, hang: true });
      const source = start(xAt(fake, {}, clock), null);
      await soon(() => expect(fake.requests(path)).toHaveLength(1));
      await clock.advance(15_000);
      await expect(source.ended).rejects.toThrow('did not answer');
      await soon(() => expect(fake.streams()).toBe(0));
    },
  );

  it('says that nobody is there', async () => {
    const fake = await fakeX();
    await fake.close();
    await expect(start(xAt(fake), null).ended).rejects.toThrow(/ECONNREFUSED.*network/);
  });

  it('stops in the middle of a question', async () => {
    const fake = await fakeX();
    fake.failNext(paths.search, { status: 0, hang: true });
    const source = start(xAt(fake), null);
    await soon(() => expect(fake.requests(paths.search)).toHaveLength(1));
    await source.stop();
    await soon(() => expect(fake.streams()).toBe(0));
  });
});
