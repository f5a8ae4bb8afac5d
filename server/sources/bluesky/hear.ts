import type { Instant } from '../../../shared/time.ts';
import { type WordMatch, wordMatcher } from '../../../shared/word-match.ts';
import type { Post, PostDelete, PostFact } from '../../fact.ts';
import { listOf, member, textOf } from '../json-value.ts';
import { cleanText } from '../plain-text.ts';
import { fittingId, instantOf, languageOf, POST_CHARS_MAX } from '../post-parts.ts';
import type { BlueskyConfig } from './config.ts';
import { GONE, type Place } from './cursor.ts';
import {
  type AccountEvent,
  addresseesOf,
  type CommitEvent,
  didOf,
  type JetstreamEvent,
  POSTS,
  quotedIn,
  REPOSTS,
  tagsOf,
} from './event.ts';

type Wanted = Pick<BlueskyConfig, 'keywords' | 'hashtags' | 'accounts'>;

/** What a message of Jetstream means. What is known in `place` is told once, and again only when it was edited. */
export function createHearing(wanted: Wanted, place: Place): (event: JetstreamEvent) => PostFact[] {
  const { known } = place;
  const isAboutUs = aboutUs(wanted);
  const accounts = new Set(wanted.accounts);

  function hearPost(event: CommitEvent): PostFact[] {
    const before = known.get(event.uri);
    if (before === GONE || (before === undefined && !isAboutUs(event))) return [];
    const post = postOf(event);
    if (before !== undefined && before >= (post.edited ?? 0)) return [];
    known.set(event.uri, post.edited ?? 0);
    return [post];
  }

  function hearRepost(event: CommitEvent): PostFact[] {
    const subject = textOf(member(event.record, 'subject', 'uri'));
    const isOfOurs = accounts.has(didOf(subject)) || (known.get(subject) ?? GONE) !== GONE;
    if (!isOfOurs || known.get(event.uri) !== undefined) return [];
    known.set(event.uri, 0);
    return [repostOf(event)];
  }

  function gone(uri: string, at: Instant): PostDelete[] {
    const before = known.get(uri);
    if (before === undefined || before === GONE) return [];
    known.set(uri, GONE);
    return [{ kind: 'post_delete', network: 'bluesky', id: fittingId(uri), at }];
  }

  /** An account that is taken down, suspended, deleted or deactivated takes its posts with it. */
  function hearAccount({ did, active, timeUs }: AccountEvent): PostFact[] {
    if (active) return [];
    const own = known.last(Number.POSITIVE_INFINITY).filter(([uri]) => didOf(uri) === did);
    return own.flatMap(([uri]) => gone(uri, inMs(timeUs)));
  }

  return (event) => {
    if (event.kind === 'account') return hearAccount(event);
    if (event.kind !== 'commit') return [];
    if (event.operation === 'delete') return gone(event.uri, inMs(event.timeUs));
    if (event.collection === POSTS) return hearPost(event);
    return event.collection === REPOSTS && event.operation === 'create' ? hearRepost(event) : [];
  };
}

/** Jetstream cannot look into texts, so every post of the network is looked at here. */
function aboutUs({ keywords, hashtags, accounts }: Wanted): (event: CommitEvent) => boolean {
  const hasWord: WordMatch = wordMatcher([...keywords, ...hashtags.map((tag) => `#${tag}`)]);
  const ours = new Set(accounts);
  return ({ record }) => {
    if (hasWord(textOf(record.text))) return true;
    const tags = tagsOf(record);
    if (tags.length > 0 && hasWord(tags.map((tag) => `#${tag}`).join(' '))) return true;
    return ours.size > 0 && addresseesOf(record).some((did) => ours.has(did));
  };
}

/** The fact of a version of a post, without its author's name: that is asked for later. */
function postOf({ did, uri, operation, record, timeUs }: CommitEvent): Post {
  const seen = inMs(timeUs);
  const text = cleanText(textOf(record.text), POST_CHARS_MAX);
  const [lang, ...others] = listOf(record.langs).map(languageOf);
  const post: Post = {
    kind: 'post',
    network: 'bluesky',
    id: fittingId(uri),
    author: did,
    url: `https://bsky.app/profile/${did}/post/${uri.slice(uri.lastIndexOf('/') + 1)}`,
    type: quotedIn(record) !== '' ? 'quote' : member(record, 'reply') !== undefined ? 'reply' : 'post',
    visibility: 'public',
    at: instantOf(record.createdAt) ?? seen,
    seen,
  };
  if (text !== '') post.text = text;
  // A post in two languages is in neither alone: it is kept whatever is filtered.
  if (lang !== undefined && others.length === 0) post.lang = lang;
  if (operation === 'update') post.edited = seen;
  return post;
}

function repostOf({ did, uri, record, timeUs }: CommitEvent): Post {
  const seen = inMs(timeUs);
  const at = instantOf(record.createdAt) ?? seen;
  return {
    kind: 'post',
    network: 'bluesky',
    id: fittingId(uri),
    author: did,
    type: 'repost',
    visibility: 'public',
    at,
    seen,
  };
}

function inMs(timeUs: number): Instant {
  return Math.floor(timeUs / 1_000);
}
