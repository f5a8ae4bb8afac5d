import { createInTurn } from '../../shared/in-turn.ts';
import { PINNED_MAX, POSTS_PER_PAGE } from '../../shared/limits-desk.ts';
import type { Instant } from '../../shared/time.ts';
import type { PostAct, QuotesAnswer, WirePost } from '../../shared/wire-desk.ts';
import { localDay } from '../judge/local-day.ts';
import { sameWordsKey } from '../judge/praise.ts';
import { Problem } from '../problem.ts';
import {
  type KeptQuote,
  type ListedPost,
  needsItsAuthor,
  type PostMark,
  type Said,
  type VoiceReads,
  type VoiceWrites,
} from '../store/voice.ts';
import { currentOf, NOT_AGAIN_MS } from './quote-desk.ts';

/** What people decide of posts and of the quote of the day. Each command is kept with who gave it. */
export interface Moderation {
  /** A page of posts, newest first; `after` is the `next` of the page before. */
  posts(asked: {
    after: string | null;
    mark: PostMark | null;
  }): Promise<{ posts: WirePost[]; next: string | null; marked: Record<PostMark, number> }>;
  /** Throws a Problem when the post is gone, or when too many are pinned. Doing the same again changes nothing. */
  act(post: string, act: PostAct, said: Said): Promise<void>;
  quotes(now: Instant): Promise<QuotesAnswer>;
  /** Throws a Problem when the words are not the post's own, or when it may not be quoted. */
  choose(quote: { text: string; cite: string; post: string | null }, said: Said): Promise<void>;
  /** Throws a Problem when it was never taken. Doing it again changes nothing. */
  withdraw(id: number, said: Said): Promise<void>;
}

export function createModeration(needs: {
  store: VoiceReads & VoiceWrites;
  zone: string;
  /** What boards show has changed. */
  changed: () => void;
}): Moderation {
  const { store, zone, changed } = needs;
  const inTurn = createInTurn();
  const found = async (id: string): Promise<ListedPost> => {
    const post = await store.post(id);
    if (post !== null) return post;
    throw new Problem(
      'not_found',
      'This post is gone: it was deleted, or may not be shown. Load the page again.',
    );
  };
  return {
    async posts({ after, mark }) {
      const posts = await store.posts({ after: placeOf(after), limit: POSTS_PER_PAGE, mark });
      const last = posts.at(-1);
      const next = last === undefined || posts.length < POSTS_PER_PAGE ? null : `${last.at}/${last.id}`;
      return { posts, next, marked: await store.marked() };
    },
    act: (id, act, said) =>
      inTurn(async () => {
        const post = await found(id);
        if (act === 'pin') await refuseToPin(store, post);
        const mark = act === 'hide' || act === 'restore' ? 'hidden' : 'pinned';
        await store.markPost(post.id, mark, act === 'hide' || act === 'pin' ? said : null);
        changed();
      }),
    async quotes(now) {
      const { date: today } = localDay(now, zone);
      const taken = await store.quotesTaken(now - NOT_AGAIN_MS);
      return { now, zone, today, current: currentOf(taken, today), taken: taken.map(withoutGone) };
    },
    async choose({ text, cite, post }, said) {
      if (post !== null) refuseToQuote(await found(post), text);
      await store.takeQuote({
        date: localDay(said.at, zone).date,
        at: said.at,
        text,
        cite,
        post,
        why: post === null ? `Typed by ${said.by}.` : `Chosen by ${said.by}.`,
        by: said.by,
      });
      changed();
    },
    async withdraw(id, said) {
      const taken = await store.quotesTaken(said.at - NOT_AGAIN_MS);
      if (!taken.some((quote) => quote.id === id))
        throw new Problem('not_found', 'There is no such quote. Load the page again.');
      await store.withdrawQuote(id, said);
      changed();
    },
  };
}

/** Words that a customer took back are not shown to anybody any more; nor are those of a hidden post. */
function withoutGone(quote: KeptQuote): KeptQuote {
  const gone = quote.post !== null && !quote.stands && quote.withdrawn === null;
  return gone ? { ...quote, text: '' } : quote;
}

async function refuseToPin(store: Pick<VoiceReads, 'posts'>, post: ListedPost): Promise<void> {
  if (post.hidden !== null)
    throw new Problem('invalid', 'This post is hidden. Restore it before you pin it.');
  const pinned = await store.posts({ after: null, limit: PINNED_MAX + 1, mark: 'pinned' });
  if (pinned.length < PINNED_MAX || pinned.some(({ id }) => id === post.id)) return;
  throw new Problem(
    'invalid',
    `${PINNED_MAX} posts are pinned, and more would leave no room for news. Unpin one first.`,
  );
}

function refuseToQuote(post: ListedPost, text: string): void {
  if (post.hidden !== null)
    throw new Problem('invalid', 'This post is hidden. Restore it before you quote it.');
  if (needsItsAuthor(post.network))
    throw new Problem(
      'invalid',
      'X asks that its posts are shown whole, with their author. A quote names nobody: pin the post instead.',
    );
  // Nothing that a customer did not say: a part of a post is her words without a change.
  if (!` ${sameWordsKey(post.text)} `.includes(` ${sameWordsKey(text)} `))
    throw new Problem('invalid', 'These are not the words of the post. Take a part of it as it was written.');
}

/** What `next` was written as; null for the first page. */
function placeOf(after: string | null): { at: Instant; id: string } | null {
  if (after === null) return null;
  const parts = /^(\d{1,15})\/(.{1,600})$/s.exec(after);
  if (parts === null) throw new Problem('invalid', 'after: must be the `next` of the page before.');
  return { at: Number(parts[1]), id: parts[2] ?? '' };
}
