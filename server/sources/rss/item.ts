import { XMLParser } from 'fast-xml-parser';
import { HOUR, type Instant, MINUTE } from '../../../shared/time.ts';
import { decodeReferences, htmlToText } from '../html-text.ts';
import { isObject, listOf, member, textOf } from '../json-value.ts';
import { cleanLine, cleanText, httpsAddress } from '../plain-text.ts';
import { instantOf, languageOf, NAME_CHARS_MAX } from '../post-parts.ts';
import type { Split } from './split.ts';

/** Longer items are cut: a wall shows a post whole or not at all. */
export const ITEM_TEXT_CHARS_MAX = 1_000;

/** One item of a feed, as plain text. */
export interface Item {
  /** As the feed names it; null where it does not. */
  id: string | null;
  title: string;
  text: string;
  author: string;
  /** When it was written; null where the feed does not say. */
  at: Instant | null;
  updatedAt: Instant | null;
  url: string | undefined;
  lang: string | undefined;
}

/** What the feed says of itself. */
export interface Head {
  title: string;
  lang: string | undefined;
  /** How long it need not be read again (RSS 2.0, ttl); 0 where it does not say. */
  freshMs: number;
}

/** The item in a piece of XML; null when it cannot be read. */
export function readItem(xml: string, format: Split['format']): Item | null {
  const item = firstElement(parsed(xml));
  if (item === null) return null;
  const title = format === 'rss' ? html(item.title, 300) : ofType(item.title, 300);
  const body =
    format === 'rss'
      ? html(pick(item, 'content:encoded', 'description'), ITEM_TEXT_CHARS_MAX)
      : atomBody(item);
  const author =
    plain(member(firstOf(item.author), 'name')) ||
    plain(pick(item, 'dc:creator', 'creator')) ||
    personOf(plain(item.author));
  return {
    id: plain(pick(item, 'guid', 'id', '@rdf:about')) || null,
    title: cleanLine(title, 300),
    text: body,
    author: cleanLine(author, NAME_CHARS_MAX),
    at: dateOf(pick(item, 'published', 'pubDate', 'dc:date', 'date', 'issued', 'updated')),
    updatedAt: dateOf(pick(item, 'updated', 'dcterms:modified', 'modified')),
    url: httpsAddress(linkOf(item)),
    lang: languageOf(plain(pick(item, '@xml:lang', 'dc:language'))),
  };
}

/** What stands before the first item; nothing of it must be there. */
export function readHead(xml: string): Head {
  const root = firstElement(parsed(xml));
  const channel = isObject(root?.channel) ? root.channel : root;
  const ttl = Number(plain(member(channel, 'ttl')));
  return {
    title: cleanLine(html(member(channel, 'title'), NAME_CHARS_MAX), NAME_CHARS_MAX),
    lang: languageOf(plain(member(channel, 'language')) || plain(member(root, '@xml:lang'))),
    freshMs: Number.isFinite(ttl) && ttl > 0 ? Math.min(ttl * MINUTE, 24 * HOUR) : 0,
  };
}

/** Kept as they are written: whether their marks are text or HTML depends on the format. */
const rawNames = ['title', 'description', 'content:encoded', 'summary', 'content'];

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // Pieces have no DOCTYPE: there are no entities but XML's own five, and numbers, which are read here.
  processEntities: false,
  stopNodes: rawNames.map((name) => `*.${name}`),
  maxNestedTags: 50,
});

function parsed(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch (error) {
    // Whatever it stumbles over is in the piece; the rest of the feed is read.
    if (error instanceof Error) return null;
    throw error;
  }
}

function firstElement(document: unknown): Record<string, unknown> | null {
  if (!isObject(document)) return null;
  const found = Object.entries(document).find(([name, value]) => !name.startsWith('?') && isObject(value));
  return found !== undefined && isObject(found[1]) ? found[1] : null;
}

function pick(item: Readonly<Record<string, unknown>>, ...names: string[]): unknown {
  const found = names.find((name) => Object.hasOwn(item, name) && rawOf(item[name]).trim() !== '');
  return found === undefined ? undefined : item[found];
}

/** The content of an element, with attributes or without; of the first, where there are several. */
function rawOf(value: unknown): string {
  if (Array.isArray(value)) return rawOf(value[0]);
  return typeof value === 'string' ? value : textOf(member(value, '#text'));
}

function plain(value: unknown): string {
  return decodeReferences(rawOf(value)).trim();
}

/** XML's own level of writing taken off: CDATA, and references outside of it. */
function unwritten(raw: string): string {
  return raw
    .split('<![CDATA[')
    .map((part, n) => {
      if (n === 0) return decodeReferences(part);
      const end = part.indexOf(']]>');
      return end < 0 ? part : part.slice(0, end) + decodeReferences(part.slice(end + 3));
    })
    .join('');
}

function html(value: unknown, charsMax: number): string {
  return htmlToText(unwritten(rawOf(value)), charsMax);
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

/**
 * RFC 4287, 3.1 and 4.1.3: text is text, html is written HTML, xhtml is HTML as it stands. Of what else there may be
 * (pictures in Base64, XML of other kinds) nothing is words.
 */
function ofType(value: unknown, charsMax: number): string {
  const first = firstOf(value);
  const type = textOf(member(first, '@type')).toLowerCase();
  if (type.includes('/') && !type.startsWith('text/')) return '';
  if (type === 'xhtml') return htmlToText(rawOf(first), charsMax);
  if (type === 'html' || type === 'text/html') return html(first, charsMax);
  return cleanText(unwritten(rawOf(first)), charsMax);
}

function atomBody(item: Readonly<Record<string, unknown>>): string {
  const content = ofType(item.content, ITEM_TEXT_CHARS_MAX);
  return content === '' ? ofType(item.summary, ITEM_TEXT_CHARS_MAX) : content;
}

/** RSS: the text of `link`. Atom: the `href` of the link that is the page itself. */
function linkOf(item: Readonly<Record<string, unknown>>): string {
  const links = listOf(Array.isArray(item.link) ? item.link : [item.link]);
  const own = links.find((link) => ['', 'alternate'].includes(textOf(member(link, '@rel'))));
  const address = textOf(member(own, '@href'));
  return address === '' ? plain(own) : decodeReferences(address);
}

/** RSS 2.0 has an address there: `lee@cust.example (Ann Lee)`; only the name is kept. */
function personOf(written: string): string {
  const named = /\(([^()]+)\)\s*$/.exec(written)?.[1];
  return named ?? (written.includes('@') ? '' : written);
}

/** RFC 822 or ISO 8601; what names no zone is taken as UTC, wherever this runs. */
function dateOf(value: unknown): Instant | null {
  const written = plain(value);
  if (written === '' || written.length > 60) return null;
  const hasZone = /([+-]\d{2}:?\d{2}|Z|\b[A-Z]{1,4})$/i.test(written) || /^\d{4}(-\d{2}){0,2}$/.test(written);
  return instantOf(
    hasZone ? written : /\d:\d/.test(written) ? `${written}${written.includes('T') ? 'Z' : ' UTC'}` : written,
  );
}
