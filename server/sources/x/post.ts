import { HOUR, type Instant } from '../../../shared/time.ts';
import { CHAIN_MAX, NAME_MAX, POST_TEXT_MAX, WEB_ADDRESS_MAX } from '../../../shared/wire.ts';
import type { Post } from '../../fact.ts';
import type { Answer, XPost, XUser } from './answer.ts';
import { madeAt } from './ids.ts';

/** Edits are possible for half an hour, for some an hour; what is further apart is no chain of edits. */
const EDITED_WITHIN_MS = HOUR;

/** The posts of an answer as facts: those withheld in the country are left out. The same post always gives the same fact. */
export function postsOf({ posts, users }: Pick<Answer, 'posts' | 'users'>, country: string): Post[] {
  return posts
    .filter((post) => !isWithheld(post, country))
    .map((post) => factOf(post, users.get(post.authorId) ?? null));
}

/** Whether X withholds the post there: XX stands for every country, XY for a complaint about copyright. */
export function isWithheld({ withheldIn }: XPost, country: string): boolean {
  return withheldIn.some((code) => code === 'XX' || code === 'XY' || code === country.toUpperCase());
}

function factOf(post: XPost, author: XUser | null): Post {
  const at = writtenAt(post);
  const text = unescaped(post.text);
  return {
    kind: 'post',
    network: 'x',
    id: post.id,
    ...(post.chain.length > 1 ? { chain: post.chain.slice(0, CHAIN_MAX) } : {}),
    author: post.authorId,
    ...(author === null ? {} : namesOf(author)),
    // A post is shown whole or not at all.
    ...(text.length > POST_TEXT_MAX ? {} : { text }),
    ...(post.lang !== null && /^[A-Za-z0-9-]{2,35}$/.test(post.lang) ? { lang: post.lang } : {}),
    url: `https://x.com/${author?.username ?? 'i'}/status/${post.id}`,
    type: typeOf(post),
    visibility: 'public',
    at,
    // X's clock dates the post, not its author's, so nothing forged needs to be outweighed by when we saw it; and
    // what comes twice, by stream and by search, says the same.
    seen: at,
  };
}

function namesOf({ name, username, avatar }: XUser): Pick<Post, 'name' | 'handle' | 'avatar'> {
  return {
    name: name.slice(0, NAME_MAX),
    handle: `@${username}`.slice(0, NAME_MAX),
    ...(avatar !== null && avatar.length <= WEB_ADDRESS_MAX && /^https:\/\/[^\s"'<>\\]+$/.test(avatar)
      ? { avatar }
      : {}),
  };
}

/** An edited post counts when its first version was written, whichever of them we have seen. */
function writtenAt({ createdAt, chain }: XPost): Instant {
  const created = Date.parse(createdAt);
  const [first] = chain;
  if (chain.length < 2 || first === undefined) return created;
  const begun = madeAt(first);
  return begun <= created && created - begun <= EDITED_WITHIN_MS ? begun : created;
}

function typeOf({ refers }: XPost): Post['type'] {
  if (refers.includes('retweeted')) return 'repost';
  if (refers.includes('quoted')) return 'quote';
  return refers.includes('replied_to') ? 'reply' : 'post';
}

/** X escapes these three in `text`; the author wrote the characters. The ampersand comes last, or `&amp;lt;` would be undone twice. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
