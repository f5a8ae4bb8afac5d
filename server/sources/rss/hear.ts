import { createHash } from 'node:crypto';
import type { Instant } from '../../../shared/time.ts';
import { wordMatcher } from '../../../shared/word-match.ts';
import type { Post } from '../../fact.ts';
import { cleanText } from '../plain-text.ts';
import { fittingId } from '../post-parts.ts';
import type { RssConfig } from './config.ts';
import type { Place } from './cursor.ts';
import type { Head, Item } from './item.ts';

/**
 * What the items of a feed mean. A known item is told again only when its words changed. At the first reading of a feed
 * items without a date are only learned: they may be of any age.
 */
export function createHearing(
  config: Pick<RssConfig, 'url' | 'name' | 'keywords'>,
  place: Place,
): (item: Item, head: Head, seen: Instant) => Post | null {
  const isWanted = config.keywords.length === 0 ? () => true : wordMatcher(config.keywords);
  const isFirst = !place.wasRead;
  return (item, head, seen) => {
    const text = wordsOf(item);
    const hash = shortHash(text);
    const id = idOf(item, config.url, hash);
    const before = place.known.get(shortHash(id));
    if (before?.hash === hash) return null;
    const edited = before === undefined ? undefined : editedAt(item, before.edited, seen);
    place.known.set(shortHash(id), { hash, edited: edited ?? 0 });
    if (!isWanted(`${text} ${item.author}`) && before === undefined) return null;
    if (isFirst && item.at === null) return null;
    return postOf({ item, head, id, text, edited, seen, name: config.name });
  };
}

interface Told {
  item: Item;
  head: Head;
  id: string;
  text: string;
  edited: Instant | undefined;
  seen: Instant;
  name: string | null;
}

function postOf({ item, head, id, text, edited, seen, name }: Told): Post {
  const feed = name ?? (head.title === '' ? 'feed' : head.title);
  const author = item.author === '' ? feed : item.author;
  const post: Post = {
    kind: 'post',
    network: 'rss',
    id,
    author,
    name: author,
    type: 'post',
    visibility: 'public',
    at: item.at ?? seen,
    seen,
  };
  const lang = item.lang ?? head.lang;
  if (text !== '') post.text = text;
  if (lang !== undefined) post.lang = lang;
  if (item.url !== undefined) post.url = item.url;
  if (edited !== undefined) post.edited = edited;
  return post;
}

/** The title and what follows it, unless that begins with the title. */
function wordsOf({ title, text }: Item): string {
  if (title === '' || text === '') return title || text;
  return text.toLowerCase().startsWith(title.toLowerCase()) ? text : cleanText(`${title}\n${text}`, 1_300);
}

/**
 * The feed's own name of the item; one that is no address is only unique within the feed. Without a name, its address;
 * without that, its words, so that an edit of it is another item.
 */
function idOf({ id, url }: Item, feed: string, hash: string): string {
  if (id === null) return fittingId(url ?? `${feed}#${hash}`);
  return fittingId(/^[a-z][a-z0-9+.-]*:\S/i.test(id) ? id : `${feed}#${id}`);
}

/** Later than every version before, so that the newest words are those that are shown. */
function editedAt({ updatedAt }: Item, before: Instant, seen: Instant): Instant {
  return updatedAt !== null && updatedAt > before && updatedAt <= seen
    ? updatedAt
    : Math.max(seen, before + 1);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
