import { wordLists } from './praise-words.ts';

/** What speaks for a text as the quote of the day: a point for every different word. */
export interface Praise {
  points: number;
  /** Words that praise, as the rule's lists have them. */
  praise: string[];
  /** Words of what this wall promises: calls answered, emails replied to. */
  about: string[];
}

/** Fewer letters say too little; more do not fit the wall. */
export const QUOTE_CHARS_MIN = 20;
export const QUOTE_CHARS_MAX = 120;

/**
 * What speaks for a text as the quote of the day, or null: the rule of docs/mentions.md. It must praise in words of one
 * of the lists, and hold no word of complaint or doubt, no link, no question and nobody's handle; `ownAccounts` (lower
 * case, without @) may be named. It is a list of words and no judge of people: what it takes a person may take down.
 */
export function praiseOf(text: string, ownAccounts: readonly string[]): Praise | null {
  const whole = text.trim();
  if (whole.length < QUOTE_CHARS_MIN || whole.length > QUOTE_CHARS_MAX) return null;
  if (/https?:|www\.|[?¿\n]|\p{Extended_Pictographic}/u.test(whole) || hasStrangeSigns(whole)) return null;
  const plain = whole.toLowerCase().replace(/[‘’]/g, "'");
  for (const [, name = ''] of plain.matchAll(/@([\w.-]+(?:@[\w.-]+)?)/g)) {
    if (!isOurs(name.replace(/[.-]+$/, ''), ownAccounts)) return null;
  }
  const found = wordLists
    .map((list) => ({ list, praise: wordsIn(plain, list.praise) }))
    .sort((a, b) => b.praise.length - a.praise.length)[0];
  if (found === undefined || found.praise.length === 0) return null;
  if (wordLists.some(({ complaint }) => wordsIn(plain, complaint).length > 0)) return null;
  const about = wordsIn(plain, found.list.about);
  return { points: found.praise.length + about.length, praise: found.praise, about };
}

/** Our accounts may be written with their server or without it. */
function isOurs(name: string, ownAccounts: readonly string[]): boolean {
  return ownAccounts.some((own) => own === name || own.startsWith(`${name}@`));
}

/** Texts that are the same to a reader have the same key. */
export function sameWordsKey(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Signs that steer the direction of writing, pile up on a letter or cannot be seen. */
function hasStrangeSigns(text: string): boolean {
  return /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]|\p{M}{3,}/u.test(text);
}

/** The patterns of the lists, each made when it is first looked for. */
const patterns = new Map<string, RegExp>();

function wordsIn(plain: string, words: readonly string[]): string[] {
  return words.filter((word) => {
    const pattern = patterns.get(word) ?? patternOf(word);
    patterns.set(word, pattern);
    return pattern.test(plain);
  });
}

/** The whole word, or the beginning of one where the list has a `*`. */
function patternOf(word: string): RegExp {
  const open = word.endsWith('*');
  const body = open ? word.slice(0, -1) : word;
  return new RegExp(`(?<![\\p{L}\\p{N}])${body}${open ? '' : '(?![\\p{L}\\p{N}])'}`, 'u');
}
