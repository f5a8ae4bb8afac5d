/** Whether a text holds one of the words. */
export type WordMatch = (text: string) => boolean;

/** Characters of a text that are looked at: as long as the longest post. */
const TEXT_LOOKED_AT_MAX = 25_000;

/**
 * Finds words and phrases in texts: whole words, whatever their case, width or spacing. A word that begins with # finds
 * only the hashtag; one without finds both. Scripts that put no space between words (Chinese, Japanese, Thai) are
 * found anywhere. No words find nothing. However many words there are, a text is gone through once.
 */
export function wordMatcher(words: readonly string[]): WordMatch {
  const wanted = [...new Set(words.map(plain))].filter((word) => word !== '');
  const byFirst = Map.groupBy(wanted, firstWordOf);
  // What begins with no letter, or stands anywhere, is looked for in every place.
  const elsewhere = byFirst.get('') ?? [];
  byFirst.delete('');
  const anywhere = elsewhere.length === 0 ? null : new RegExp(elsewhere.map(patternOf).join('|'), 'u');
  if (wanted.length === 0) return () => false;
  return (text) => {
    const read = plain(text.slice(0, TEXT_LOOKED_AT_MAX));
    if (anywhere?.test(read) === true) return true;
    if (byFirst.size === 0) return false;
    for (const { 0: word, index } of read.matchAll(WORDS))
      if (byFirst.get(word)?.some((phrase) => standsAt(read, phrase, index)) === true) return true;
    return false;
  };
}

/** Characters that are part of a word, and scripts whose words stand side by side. */
const WORD = '[\\p{L}\\p{N}\\p{M}_]';
const WORDS = new RegExp(`${WORD}+`, 'gu');
const FIRST_WORD = new RegExp(`^#?(${WORD}+)`, 'u');
const BEGINS_A_WORD = new RegExp(`^${WORD}`, 'u');
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[‘’]/g, "'").replace(/\s+/g, ' ').trim();
}

/** The word that a phrase or a hashtag begins with; empty where it must be looked for in every place. */
function firstWordOf(phrase: string): string {
  if (UNSPACED.test(phrase)) return '';
  return FIRST_WORD.exec(phrase)?.[1] ?? '';
}

/** The phrase begins with the word at `index`, which begins there, and ends with a word's end. */
function standsAt(text: string, phrase: string, index: number): boolean {
  const from = phrase.startsWith('#') ? index - 1 : index;
  const end = from + phrase.length;
  return text.startsWith(phrase, from) && !BEGINS_A_WORD.test(text.slice(end, end + 2));
}

function patternOf(word: string): string {
  const first = /^./u.exec(word)?.[0] ?? '';
  const last = /.$/u.exec(word)?.[0] ?? '';
  const before = UNSPACED.test(first) ? '' : `(?<!${WORD})`;
  const after = UNSPACED.test(last) ? '' : `(?!${WORD})`;
  return `${before}${word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${after}`;
}
