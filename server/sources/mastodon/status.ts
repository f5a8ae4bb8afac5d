import type { Instant } from '../../../shared/time.ts';
import type { Post } from '../../fact.ts';
import { htmlToText } from '../html-text.ts';
import { isObject, type JsonObject, listOf, member, textOf } from '../json-value.ts';
import { cleanLine, cleanText, httpsAddress } from '../plain-text.ts';
import { fittingId, instantOf, languageOf, NAME_CHARS_MAX, POST_CHARS_MAX } from '../post-parts.ts';

/** A status as far as it matters (docs.joinmastodon.org, entities/Status), checked. */
export interface Status {
  /** Of this server alone. */
  id: string;
  /** The same on every server. */
  uri: string;
  createdAt: Instant | null;
  editedAt: Instant | null;
  /** As plain text, with its warning. */
  text: string;
  /** Names of hashtags, for matching. */
  tags: string[];
  json: JsonObject;
}

/** Null when it is no status: an id, a uri and an account must be there. */
export function readStatus(value: unknown): Status | null {
  if (!isObject(value)) return null;
  const [id, uri] = [textOf(value.id), textOf(value.uri)];
  if (id === '' || uri === '' || textOf(member(value, 'account', 'acct')) === '') return null;
  const warning = cleanText(textOf(value.spoiler_text), POST_CHARS_MAX);
  const content = htmlToText(textOf(value.content), POST_CHARS_MAX);
  return {
    id,
    uri,
    createdAt: instantOf(value.created_at),
    editedAt: instantOf(value.edited_at),
    text: warning === '' ? content : cleanText(`${warning}\n\n${content}`, POST_CHARS_MAX),
    tags: listOf(value.tags).map((tag) => textOf(member(tag, 'name'))),
    json: value,
  };
}

/** The fact of a version of a status. `host` is that of the server whose accounts are written without one. */
export function postOf(status: Status, host: string, seen: Instant): Post {
  const { json, createdAt, editedAt } = status;
  const account = member(json, 'account');
  const acct = accountOf(account, host);
  const visibility = visibilityOf(json.visibility);
  const isPublic = visibility === 'public' || visibility === 'unlisted';
  const post: Post = {
    kind: 'post',
    network: 'mastodon',
    id: fittingId(status.uri),
    author: acct,
    handle: `@${acct}`,
    type: typeOf(json),
    visibility,
    at: createdAt ?? seen,
    seen,
  };
  const name = displayName(account);
  const [lang, url, avatar] = [
    languageOf(json.language),
    httpsAddress(json.url),
    httpsAddress(member(account, 'avatar_static')),
  ];
  if (name !== '') post.name = name;
  if (lang !== undefined) post.lang = lang;
  if (url !== undefined) post.url = url;
  if (avatar !== undefined) post.avatar = avatar;
  if (editedAt !== null) post.edited = editedAt;
  // What was not said to everybody is not kept; a post of pictures alone has no words to show.
  if (isPublic && status.text !== '') post.text = status.text;
  return post;
}

/** A boost of a post of ours, as the notification of it tells: it has no address of its own. */
export function boostOf(notification: JsonObject, host: string, seen: Instant): Post {
  const account = notification.account;
  const acct = accountOf(account, host);
  return {
    kind: 'post',
    network: 'mastodon',
    id: fittingId(`${host}/notifications/${textOf(notification.id)}`),
    author: acct,
    handle: `@${acct}`,
    type: 'repost',
    visibility: 'public',
    at: instantOf(notification.created_at) ?? seen,
    seen,
  };
}

/** `user` of this server, `user@host` of another: always with its host. */
function accountOf(account: unknown, host: string): string {
  const acct = cleanLine(textOf(member(account, 'acct')), 200);
  return acct.includes('@') ? acct : `${acct}@${host}`;
}

/** Without the server's own small pictures, which are written `:name:`. */
function displayName(account: unknown): string {
  const codes = new Set(listOf(member(account, 'emojis')).map((emoji) => textOf(member(emoji, 'shortcode'))));
  const name = textOf(member(account, 'display_name'));
  return cleanLine(
    name.slice(0, 500).replace(/:([A-Za-z0-9_]+):/g, (whole, code: string) => (codes.has(code) ? '' : whole)),
    NAME_CHARS_MAX,
  );
}

function typeOf(json: JsonObject): Post['type'] {
  if (isObject(json.reblog)) return 'repost';
  if (isObject(json.quote)) return 'quote';
  return typeof json.in_reply_to_id === 'string' ? 'reply' : 'post';
}

/** What is not known to be for all is taken to be for few. */
function visibilityOf(written: unknown): NonNullable<Post['visibility']> {
  return written === 'public' || written === 'unlisted' || written === 'direct' ? written : 'private';
}
