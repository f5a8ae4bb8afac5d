import { setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../../problem.ts';

/** Items of one feed that are read, in its order. */
export const ITEMS_MAX = 500;
/** Characters of one item; a longer one is no review and no post. */
export const ITEM_CHARS_MAX = 128 * 1024;
const HEAD_CHARS_MAX = 64 * 1024;
/** Marks looked at between two turns of the event loop. */
const MARKS_PER_TURN = 10_000;

/** A feed cut into what can be read piece by piece. */
export interface Split {
  format: 'rss' | 'atom';
  /** What stands before the first item. */
  head: string;
  items: string[];
  /** Items that were too long. */
  refused: number;
  /** False: the document was cut off. */
  isWhole: boolean;
}

/**
 * Cuts a feed (RSS 0.9 to 2.0, RDF, Atom) into its items without reading them. Time grows with its length alone. Throws
 * a Problem when it is no feed, or declares entities of its own: no feed needs to, and bombs are made of them.
 */
export async function splitFeed(xml: string): Promise<Split> {
  const split: Split = { format: 'rss', head: '', items: [], refused: 0, isWhole: false };
  let root: string | null = null;
  let rootAt = 0;
  let itemAt = -1;
  let marks = 0;
  for (let at = xml.indexOf('<'); at >= 0; ) {
    marks += 1;
    if (marks % MARKS_PER_TURN === 0) await nextTurn();
    const tag = tagAt(xml, at);
    if (tag === null) break;
    if (tag.name !== '') {
      if (root === null) {
        root = tag.name;
        rootAt = at;
        split.format = formatOf(root);
      }
      const isItem = localName(tag.name) === (split.format === 'atom' ? 'entry' : 'item');
      if (isItem && !tag.isEnd && itemAt < 0) {
        itemAt = at;
        if (split.head === '') split.head = xml.slice(rootAt, Math.min(at, rootAt + HEAD_CHARS_MAX));
      } else if (isItem && tag.isEnd && itemAt >= 0) {
        addItem(split, xml.slice(itemAt, tag.end));
        itemAt = -1;
      } else if (tag.isEnd && tag.name === root) split.isWhole = true;
    }
    at = xml.indexOf('<', tag.end);
  }
  if (root === null) throw notAFeed('It is no XML.');
  if (split.head === '') split.head = xml.slice(rootAt, rootAt + HEAD_CHARS_MAX);
  return split;
}

/** `dc:creator` → `creator`. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function addItem(split: Split, item: string): void {
  if (split.items.length >= ITEMS_MAX) return;
  if (item.length > ITEM_CHARS_MAX) split.refused += 1;
  else split.items.push(item);
}

function formatOf(root: string): Split['format'] {
  const name = localName(root);
  if (name === 'rss' || name === 'RDF') return 'rss';
  if (name === 'feed') return 'atom';
  throw notAFeed(
    name.toLowerCase() === 'html' ? 'It is a web page.' : `It begins with <${name.slice(0, 40)}>.`,
  );
}

function notAFeed(why: string): Problem {
  return new Problem('invalid', `is not an RSS or Atom feed. ${why} Check url.`);
}

interface Tag {
  /** Empty: a comment, CDATA, a declaration. */
  name: string;
  isEnd: boolean;
  end: number;
}

/** What begins at the < there; null when it does not end. */
function tagAt(xml: string, at: number): Tag | null {
  const skipTo = (mark: string, from: number): Tag | null => {
    const found = xml.indexOf(mark, from);
    return found < 0 ? null : { name: '', isEnd: false, end: found + mark.length };
  };
  if (xml.startsWith('<!--', at)) return skipTo('-->', at + 4);
  if (xml.startsWith('<![CDATA[', at)) return skipTo(']]>', at + 9);
  if (xml.startsWith('<?', at)) return skipTo('?>', at + 2);
  if (xml.startsWith('<!', at)) {
    const declaration = skipTo('>', at + 2);
    if (declaration !== null && xml.slice(at, declaration.end).includes('['))
      throw new Problem(
        'invalid',
        'declares entities of its own, as attacks do and no feed needs to. It is not read.',
      );
    return declaration;
  }
  nameAt.lastIndex = at;
  const [whole, slash, name] = nameAt.exec(xml) ?? [];
  if (whole === undefined || name === undefined) return { name: '', isEnd: false, end: at + 1 };
  const end = endOfTag(xml, at + whole.length);
  return end === null ? null : { name, isEnd: slash === '/', end };
}

const nameAt = /<(\/?)([A-Za-z_][\w.:-]{0,60})/y;

/** After the > that is not inside quotes. */
function endOfTag(xml: string, from: number): number | null {
  for (let at = from; at < xml.length; at += 1) {
    const character = xml[at];
    if (character === '>') return at + 1;
    if (character !== '"' && character !== "'") continue;
    const close = xml.indexOf(character, at + 1);
    if (close < 0) return null;
    at = close;
  }
  return null;
}
