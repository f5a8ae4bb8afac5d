import type { FigureId, Mention, Network, Quote } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { MailMark, Post } from '../fact.ts';
import type { Live } from '../judge/verdict.ts';
import type { ItemKey, KeptFact } from './store.ts';

/** Who said so, and when. */
export interface Said {
  by: string;
  at: Instant;
}

/** What a person may say of a post: that no board shows it, or that every board shows it first. */
export type PostMark = 'hidden' | 'pinned';

/** A post as it is shown now, with what people decided of it. */
export interface ListedPost extends Omit<Mention, 'pinned'> {
  author: string;
  /** Where it can be read; null when not known. */
  url: string | null;
  hidden: Said | null;
  pinned: Said | null;
}

/** Where a list of posts goes on: after this one, newest first. */
export interface PostPlace {
  at: Instant;
  id: string;
}

/** A quote of the day, as it was taken. */
export interface TakenQuote extends Quote {
  /** The local date it was taken for. */
  date: string;
  /** The post it is from, by its `Mention.id`; null when it was sent or typed. */
  post: string | null;
  /** What it was taken for, in words. */
  why: string;
  /** Who chose it; null: the rule. */
  by: string | null;
}

export interface KeptQuote extends TakenQuote {
  id: number;
  withdrawn: Said | null;
  /** False when it was withdrawn, or its post is no longer shown. */
  stands: boolean;
}

export interface Picture {
  /** Media type. */
  type: string;
  bytes: Uint8Array;
}

/** A thread of mail and what is open in it. */
export interface MailThread {
  key: ItemKey;
  source: string;
  live: Live[];
}

/** A mark of a person's on a mail, as it is kept. */
export type KeptMark = MailMark & { item: ItemKey };

/** What customers say, what people decided of it, and the pictures beside it. */
export interface VoiceReads {
  /**
   * What boards show: those pinned, then the newest, `limit` of them and as many that are not from X. Hidden, deleted
   * and private ones and our own are left out.
   */
  mentions(limit: number): Promise<Mention[]>;
  /**
   * The quote of the newest day that stands, taken not after `at` and after `since`; of one day what a person chose goes
   * before what the rule took, then the newest. Null when there is none.
   */
  quote(at: Instant, since: Instant): Promise<Quote | null>;
  /** Posts newest first, those hidden too; all, or those with a mark. */
  posts(asked: { after: PostPlace | null; limit: number; mark: PostMark | null }): Promise<ListedPost[]>;
  /** Null when it is not there or may not be shown. */
  post(id: string): Promise<ListedPost | null>;
  /** Posts that are shown and counted from `since` on, with what their authors said of them; newest first. */
  freshPosts(since: Instant, limit: number): Promise<{ id: string; at: Instant; post: Post }[]>;
  /** How many posts bear each mark. */
  marked(): Promise<Record<PostMark, number>>;
  /** Newest first, withdrawn ones too. */
  quotesTaken(since: Instant): Promise<KeptQuote[]>;
  /** Quotes that sources sent, dated inside the span; newest first. */
  quotesSent(span: Span): Promise<{ source: string; text: string; cite: string; at: Instant }[]>;
  /** By its id; null when it is not kept. */
  picture(id: string): Promise<Picture | null>;
  /** Addresses of the newest posts' pictures that were neither had nor tried since `triedSince`. */
  picturesWanted(limit: number, triedSince: Instant): Promise<string[]>;
  /** Everything said of these items. */
  factsOf(items: readonly ItemKey[]): Promise<Map<ItemKey, KeptFact[]>>;
  /** Threads of mail with something open, as of one moment, however long that takes. */
  openMail(): Promise<MailThread[]>;
  /** The newest marks of people on mail. */
  mailMarks(limit: number): Promise<KeptMark[]>;
  /** What of each source's items counts inside the span, by figure, as the site sees it: the sum of n. */
  countedBySource(
    span: Span,
    figures: readonly FigureId[],
  ): Promise<Map<string, Partial<Record<FigureId, number>>>>;
}

export interface VoiceWrites {
  /** Null takes the mark away. */
  markPost(id: string, mark: PostMark, said: Said | null): Promise<void>;
  takeQuote(quote: TakenQuote): Promise<void>;
  withdrawQuote(id: number, said: Said): Promise<void>;
  /** A picture, or why there was none to be had. The longest kept make room for it. */
  keepPicture(url: string, had: Picture | { trouble: string }, at: Instant): Promise<void>;
}

/** X asks that its posts are shown with author, name and mark or not at all. */
export function needsItsAuthor(network: Network): boolean {
  return network === 'x';
}
