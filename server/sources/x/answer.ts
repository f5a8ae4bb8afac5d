import { isId } from './ids.ts';

/** A post as X says it; only what we ask for. */
export interface XPost {
  id: string;
  text: string;
  authorId: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  lang: string | null;
  /** Every version, oldest first; never empty. */
  chain: readonly string[];
  refers: readonly ('retweeted' | 'quoted' | 'replied_to')[];
  withheldIn: readonly string[];
}

export interface XUser {
  id: string;
  name: string;
  username: string;
  avatar: string | null;
}

/** One message of the stream, or one page of a search or a look-up. */
export interface Answer {
  posts: XPost[];
  users: ReadonlyMap<string, XUser>;
  /** Ids of every post and user in it: each is paid for, readable or not. */
  paid: { posts: string[]; users: string[] };
  /** Posts asked for that are not there any more, or not for us. */
  gone: string[];
  /** Ids of the rules that matched, at least one; null where X does not say. */
  matched: readonly string[] | null;
  nextToken: string | null;
  /** What was not like a post. */
  unreadable: number;
  /** X says that it ends the connection, in its own word for why; null when it does not. */
  ending: string | null;
}

/** Reads what X answered. Nothing in it is trusted to be there. */
export function readAnswer(payload: unknown): Answer {
  const { data, includes, errors, meta, matching_rules: rules } = recordOf(payload);
  const entries = Array.isArray(data) ? data : data === undefined ? [] : [data];
  const posts = entries.map(postOf);
  const { users, tweets } = recordOf(includes);
  const known = listOf(users).flatMap((user) => userOf(user) ?? []);
  const { next_token: nextToken } = recordOf(meta);
  return {
    posts: posts.filter((post) => post !== null),
    users: new Map(known.map((user) => [user.id, user])),
    paid: { posts: idsOf([...entries, ...listOf(tweets)]), users: idsOf(listOf(users)) },
    gone: listOf(errors).flatMap((error) => goneOf(error) ?? []),
    matched: matchedBy(rules),
    nextToken: typeof nextToken === 'string' && nextToken !== '' ? nextToken : null,
    unreadable: posts.filter((post) => post === null).length,
    ending: endingOf(payload),
  };
}

function matchedBy(rules: unknown): readonly string[] | null {
  const ids = idsOf(listOf(rules));
  return ids.length === 0 ? null : ids;
}

function postOf(value: unknown): XPost | null {
  const post = recordOf(value);
  const { id, text, author_id: authorId, created_at: createdAt, lang } = post;
  if (!isId(id) || typeof text !== 'string' || !isId(authorId)) return null;
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return null;
  const { text: whole } = recordOf(post.note_tweet);
  const versions = idList(post.edit_history_tweet_ids);
  const { country_codes: countries } = recordOf(post.withheld);
  return {
    id,
    // A post of more than 280 characters is cut in `text` and whole in `note_tweet`.
    text: typeof whole === 'string' ? whole : text,
    authorId,
    createdAt,
    lang: typeof lang === 'string' ? lang : null,
    chain: versions.length === 0 ? [id] : versions,
    refers: listOf(post.referenced_tweets).flatMap((one) => referenceOf(recordOf(one).type)),
    withheldIn: listOf(countries).filter((code) => typeof code === 'string'),
  };
}

function referenceOf(type: unknown): XPost['refers'][number][] {
  return type === 'retweeted' || type === 'quoted' || type === 'replied_to' ? [type] : [];
}

function userOf(value: unknown): XUser | null {
  const { id, name, username, profile_image_url: avatar } = recordOf(value);
  if (!isId(id) || typeof name !== 'string' || typeof username !== 'string') return null;
  return { id, name, username, avatar: typeof avatar === 'string' ? avatar : null };
}

/** docs.x.com "Response codes and errors": a post that is deleted, protected, or whose author is suspended. */
const goneTypes =
  /\/problems\/(resource-not-found|not-authorized-for-resource|resource-unavailable|disallowed-resource)$/;

function goneOf(value: unknown): string | null {
  const { type, value: named, resource_id: id, parameter, resource_type: what } = recordOf(value);
  if (typeof type !== 'string' || !goneTypes.test(type)) return null;
  // An author or a quoted post that is not there says nothing of the post itself.
  if (parameter !== undefined && parameter !== 'ids' && parameter !== 'id') return null;
  if (what !== undefined && what !== 'tweet' && what !== 'post') return null;
  if (isId(id)) return id;
  return isId(named) ? named : null;
}

/** docs.x.com "Handling disconnections": said inside the stream, wrapped in `errors` or bare. */
function endingOf(payload: unknown): string | null {
  const { errors, data, title, type, connection_issue: issue, disconnect_type: why } = recordOf(payload);
  if (data !== undefined) return null;
  const [first] = listOf(errors);
  if (first !== undefined)
    return endingOf(first) ?? textOf(recordOf(first).title) ?? 'an error without a name';
  return textOf(issue) ?? textOf(why) ?? (textOf(type) === null ? null : textOf(title));
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function idsOf(entries: readonly unknown[]): string[] {
  return idList(entries.map((entry) => recordOf(entry).id));
}

function idList(value: unknown): string[] {
  return listOf(value).filter(isId);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
