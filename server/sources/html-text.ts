import { cleanText } from './plain-text.ts';

/** HTML that is looked at; beyond it the text ends. */
const HTML_LOOKED_AT_MAX = 100_000;
/** Characters that may become one: a reference, white space. What comes after so many for each would be cut anyway. */
const CHARS_PER_CHAR = 12;

/**
 * The words of an HTML fragment: paragraphs, breaks and list items become lines, character references characters, tags
 * nothing. What browsers do not show (scripts, styles, comments, Mastodon's shortened beginnings and ends of links) is
 * left out. Any input gives a text, in time that grows with its length alone.
 */
export function htmlToText(html: string, charsMax: number): string {
  const read = html.length > HTML_LOOKED_AT_MAX ? html.slice(0, HTML_LOOKED_AT_MAX) : html;
  let text = '';
  let at = 0;
  while (at < read.length && text.length < charsMax * CHARS_PER_CHAR) {
    const open = read.indexOf('<', at);
    text += read.slice(at, open < 0 ? read.length : open);
    if (open < 0) break;
    const next = skipped(read, open);
    // A < that begins no tag is a character like any other.
    text += next.isText ? '<' : next.leaves;
    at = next.end;
  }
  return cleanText(decodeReferences(text), charsMax);
}

/** Character references, once: `&amp;lt;` is the text `&lt;`. Unknown names stay as they are written. */
export function decodeReferences(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,10}));/g,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : '';
    },
  );
}

const blockTags = new Set([
  'p',
  'br',
  'div',
  'li',
  'ul',
  'ol',
  'tr',
  'blockquote',
  'pre',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
]);
const paragraphTags = new Set([
  'p',
  'div',
  'blockquote',
  'ul',
  'ol',
  'pre',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
]);
/** Their content is no text. */
const silentTags = new Set([
  'script',
  'style',
  'template',
  'head',
  'title',
  'textarea',
  'iframe',
  'noscript',
  'svg',
  'math',
  'object',
]);

interface Skipped {
  end: number;
  leaves: string;
  isText: boolean;
}

/** What begins with the < at `open`: where it ends, and what it leaves in the text. */
function skipped(html: string, open: number): Skipped {
  if (html.startsWith('<!--', open)) return upTo(html, '-->', open + 4);
  if (html[open + 1] === '!' || html[open + 1] === '?') return upTo(html, '>', open + 2);
  if (!/[A-Za-z/]/.test(html[open + 1] ?? '')) return { end: open + 1, leaves: '', isText: true };
  const tag = /^<(\/?)([A-Za-z][A-Za-z0-9-]{0,30})/.exec(html.slice(open, open + 34));
  if (tag === null) return { end: open + 1, leaves: '', isText: true };
  const name = (tag[2] ?? '').toLowerCase();
  const isEnd = tag[1] === '/';
  const end = tagEnd(html, open + tag[0].length);
  const written = html.slice(open, Math.min(end, open + ATTRIBUTES_LOOKED_AT_MAX));
  if (!isEnd && silentTags.has(name)) return upTo(html, `</${name}`, end, true);
  // Mastodon hides the beginning and the end of a link in spans of these classes (docs.joinmastodon.org, Status).
  if (!isEnd && name === 'span' && /\bclass\s*=\s*["'][^"']*\binvisible\b/.test(written))
    return upTo(html, '</span', end, true);
  if (!isEnd && name === 'span' && /\bclass\s*=\s*["'][^"']*\bellipsis\b/.test(written)) {
    const inside = html.slice(end, end + LINK_CHARS_MAX).split('</span')[0] ?? '';
    return { end: end + inside.length, leaves: `${inside}…`, isText: false };
  }
  if (!blockTags.has(name)) return { end, leaves: '', isText: false };
  const lines = paragraphTags.has(name) ? '\n\n' : isEnd ? '' : '\n';
  return { end, leaves: lines, isText: false };
}

const ATTRIBUTES_LOOKED_AT_MAX = 500;
/** Of a shortened link; Mastodon shows 30. */
const LINK_CHARS_MAX = 100;

/** After the next `mark`, or, where it is an end tag, after the whole of it; the end of the text where it is missing. */
function upTo(html: string, mark: string, from: number, isTag = false): Skipped {
  const at = isTag ? indexOfTag(html, mark, from) : html.indexOf(mark, from);
  const end = at < 0 ? html.length : isTag ? tagEnd(html, at + mark.length) : at + mark.length;
  return { end, leaves: '', isText: false };
}

function indexOfTag(html: string, mark: string, from: number): number {
  const found = new RegExp(`${mark.replace('/', '\\/')}\\b`, 'i').exec(html.slice(from));
  return found === null ? -1 : from + found.index;
}

/** After the > that ends a tag; one inside quotes does not. */
function tagEnd(html: string, from: number): number {
  let at = from;
  for (;;) {
    const rest = /[>"']/g;
    rest.lastIndex = at;
    const found = rest.exec(html);
    if (found === null) return html.length;
    if (found[0] === '>') return found.index + 1;
    const close = html.indexOf(found[0], found.index + 1);
    // An open quote runs to the end of the text: then it was no quote.
    at = close < 0 ? found.index + 1 : close + 1;
    if (close < 0) return plainTagEnd(html, at);
  }
}

function plainTagEnd(html: string, from: number): number {
  const close = html.indexOf('>', from);
  return close < 0 ? html.length : close + 1;
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  euro: '€',
  pound: '£',
  yen: '¥',
  cent: '¢',
  copy: '©',
  reg: '®',
  trade: '™',
  deg: '°',
  times: '×',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  ntilde: 'ñ',
  iexcl: '¡',
  iquest: '¿',
};
