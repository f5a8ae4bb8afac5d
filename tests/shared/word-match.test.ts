import { describe, expect, it } from 'vitest';
import { wordMatcher } from '../../shared/word-match.ts';

describe('a word', () => {
  it.each([
    ['harbor', 'The HARBOR, again', true],
    ['harbor', 'harbors and harborside', false],
    ['harbor', '#harbor', true],
    ['#harbor', 'the harbor', false],
    ['#harbor', 'at #Harbor!', true],
    ['harbor health', 'Harbor\n  Health', true],
    ['harbor health', 'harbor and health', false],
    ["o'hare", 'O’Hare is far', true],
    ['café', 'CAFE\u0301', true],
    ['über', 'ÜBER alles', true],
    ['ｆｕｌｌ', 'full', true],
    ['病院', 'この病院は親切', true],
    ['c++', 'I like C++.', true],
    ['a.b', 'axb', false],
    ['(', '()', true],
    ['$1', 'for $1 only', true],
    ['naïve', 'naive', false],
    ['is', 'istanbul', false],
    ['привет', 'Привет!', true],
    ['', 'anything', false],
  ])('%j in %j: %s', (word, text, found) => {
    expect(wordMatcher([word])(text)).toBe(found);
  });

  it('is found beside others, and none is found by no words', () => {
    expect(wordMatcher(['one', 'two'])('and two')).toBe(true);
    expect(wordMatcher([])('and two')).toBe(false);
  });

  it('is found by each of its forms among many, as alone', () => {
    const many = Array.from({ length: 500 }, (_, n) => `word${n} of many`);
    const matches = wordMatcher([...many, '#tag', '病院', '$1']);
    for (const text of ['so word17 of many!', '(#tag)', 'この病院は', 'for $1'])
      expect(matches(text)).toBe(true);
    for (const text of ['word17 of manya', 'tag', 'x#tags', 'for $12']) expect(matches(text)).toBe(false);
  });

  it('takes time by the length of the text alone', () => {
    const matches = wordMatcher(Array.from({ length: 1_000 }, (_, n) => `word ${'a'.repeat(n % 50)}${n}`));
    const began = performance.now();
    for (let n = 0; n < 20; n += 1) matches(`${'word a'.repeat(4_000)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
