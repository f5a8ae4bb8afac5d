/** Texts of others made into plain text: what is left can neither run, nor fetch, nor turn the words around it. */

/**
 * One text without what would break out of its place: control characters, marks that turn the direction of what
 * follows, invisible ones, towers of accents. Ends of lines stay, at most two together. Longer texts end with an ellipsis.
 */
export function cleanText(text: string, charsMax: number): string {
  const clean = text
    .replace(/\r\n?/g, '\n')
    .replace(/[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(FORBIDDEN, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/ +/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .toWellFormed();
  return clean.length <= charsMax ? clean : cut(clean, charsMax);
}

/** The same on one line: names, titles. */
export function cleanLine(text: string, charsMax: number): string {
  return cleanText(text.replace(/[\r\n\u2028\u2029]+/g, ' '), charsMax);
}

/** A web address that may be kept with a post; undefined when it is none, not https, or too long. */
export function httpsAddress(written: unknown): string | undefined {
  if (typeof written !== 'string' || written.length > ADDRESS_CHARS_MAX || !URL.canParse(written))
    return undefined;
  const url = new URL(written);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain && /^[!#-;=?-[\]_a-z~%]+$/.test(url.href) ? url.href : undefined;
}

const ADDRESS_CHARS_MAX = 2_000;

/** Controls but the end of a line; zero-width but the joiners that emoji and scripts need; bidi marks. */
const FORBIDDEN = /(?!\n)[\p{Cc}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** At a word's end where one is near, never inside a character. */
function cut(text: string, charsMax: number): string {
  const kept = text.slice(0, charsMax - 1).replace(/[\ud800-\udbff]$/, '');
  const space = kept.lastIndexOf(' ');
  return `${(space > charsMax * 0.8 ? kept.slice(0, space) : kept).trimEnd()}…`;
}
