import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../server/fact.ts';
import { openFakeX } from '../../support/fake-x.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';
import { aPost, fakeX, xAt } from './x-bench.ts';

const ids = (facts: readonly Fact[]): string[] =>
  [...new Set(facts.flatMap((fact) => (fact.kind === 'post' ? [fact.id] : [])))].sort();

eachSourceCheck('x', async () => {
  const fake = await openFakeX();
  const begun = Date.now() - 60_000;
  const posts = [1, 2, 3, 4].map((n) => aPost(begun + n * 1_000, n));
  const has = (count: number) => (facts: readonly Fact[]) => ids(facts).length === count;
  return {
    make: () => xAt(fake),
    async firstHalf() {
      await fake.streaming();
      for (const post of posts.slice(0, 2)) fake.say(post);
    },
    async secondHalf() {
      await fake.streaming();
      for (const post of posts.slice(2)) fake.say(post);
    },
    isFirst: has(2),
    isWhole: has(4),
    close: () => fake.close(),
  };
});

describe('an X over HTTP', () => {
  it('hands over a post of the stream', async () => {
    const fake = await fakeX();
    const source = start(xAt(fake), null);
    await fake.streaming();
    const post = aPost(Date.now());
    fake.say(post);
    await source.until((facts) => facts.length === 1);
    await source.stop();
    expect(source.facts[0]).toMatchObject({ kind: 'post', network: 'x', id: post.id, handle: '@author4001' });
  });
});
