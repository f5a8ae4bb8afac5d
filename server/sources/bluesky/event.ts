import { isObject, type JsonObject, listOf, member, parseJson, textOf } from '../json-value.ts';

/** A message of Jetstream (github.com/bluesky-social/jetstream, /subscribe), as far as it matters. */
export type JetstreamEvent = CommitEvent | AccountEvent | { kind: 'other'; timeUs: number };

export interface CommitEvent {
  kind: 'commit';
  /** When Jetstream saw it, µs since 1970; where to go on from. */
  timeUs: number;
  did: string;
  operation: 'create' | 'update' | 'delete';
  collection: string;
  /** `at://did/collection/rkey` */
  uri: string;
  /** Empty for a deletion. */
  record: JsonObject;
}

export interface AccountEvent {
  kind: 'account';
  timeUs: number;
  did: string;
  /** False: taken down, suspended, deleted or deactivated; not so for what passes by itself. */
  active: boolean;
}

export const POSTS = 'app.bsky.feed.post';
export const REPOSTS = 'app.bsky.feed.repost';

/** Null when it is no message of Jetstream. */
export function readEvent(text: string): JetstreamEvent | null {
  const value = parseJson(text);
  if (!isObject(value) || !Number.isSafeInteger(value.time_us)) return null;
  const timeUs = Number(value.time_us);
  const did = textOf(value.did);
  if (value.kind === 'account') {
    const active = member(value, 'account', 'active');
    if (did === '' || typeof active !== 'boolean') return null;
    const status = textOf(member(value, 'account', 'status'));
    return { kind: 'account', timeUs, did, active: active || passing.includes(status) };
  }
  if (value.kind !== 'commit') return { kind: 'other', timeUs };
  const operation = member(value, 'commit', 'operation');
  const collection = textOf(member(value, 'commit', 'collection'));
  const rkey = textOf(member(value, 'commit', 'rkey'));
  if (operation !== 'create' && operation !== 'update' && operation !== 'delete') return null;
  if (did === '' || collection === '' || rkey === '') return null;
  const record = member(value, 'commit', 'record');
  if (operation !== 'delete' && !isObject(record)) return null;
  const uri = `at://${did}/${collection}/${rkey}`;
  return { kind: 'commit', timeUs, did, operation, collection, uri, record: isObject(record) ? record : {} };
}

/** A host's own trouble with an account, not a word on its posts (atproto.com/specs/account, lexicon subscribeRepos). */
const passing: readonly string[] = ['desynchronized', 'throttled'];

/** DIDs that a post names, answers or quotes (lexicons app.bsky.feed.post, richtext.facet, embed.record). */
export function addresseesOf(record: JsonObject): string[] {
  const uris = [
    member(record, 'reply', 'parent', 'uri'),
    member(record, 'reply', 'root', 'uri'),
    quotedIn(record),
  ].map(textOf);
  const named = featuresOf(record).map((feature) => textOf(member(feature, 'did')));
  return [...named, ...uris.map(didOf)].filter((did) => did !== '');
}

/** Hashtags of a post, in its text and beside it, without the #. */
export function tagsOf(record: JsonObject): string[] {
  const inText = featuresOf(record).map((feature) => textOf(member(feature, 'tag')));
  return [...inText, ...listOf(record.tags).map(textOf)].filter((tag) => tag !== '');
}

/** The post that this one quotes, with or without pictures of its own; empty where it quotes none. */
export function quotedIn(record: JsonObject): string {
  const uri = textOf(member(record, 'embed', 'record', 'uri'));
  return uri === '' ? textOf(member(record, 'embed', 'record', 'record', 'uri')) : uri;
}

/** The account that a record belongs to. */
export function didOf(uri: string): string {
  return /^at:\/\/(did:[^/]+)\//.exec(uri)?.[1] ?? '';
}

/** More than a post may have: its text has at most 3,000 bytes. */
const FACETS_MAX = 200;

function featuresOf(record: JsonObject): unknown[] {
  return listOf(record.facets)
    .slice(0, FACETS_MAX)
    .flatMap((facet) => listOf(member(facet, 'features')));
}
