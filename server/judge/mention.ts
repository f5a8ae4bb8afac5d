import type { FigureId } from '../../shared/figure.ts';
import type { Post, PostFact } from '../fact.ts';
import type { MentionRules, Rules } from './rules.ts';
import { type Judged, nothingJudged } from './verdict.ts';

/** The verdict on one post, every version and deletion of it: a mention, reach, or left out and why. */
export function judgePost(facts: readonly PostFact[], rules: Rules): Judged {
  const post = currentOf(facts);
  if (post === null) return nothingJudged;
  const figure = leftOut(facts, post, rules) ?? (post.type === 'repost' ? 'reach' : 'mentions');
  return { ...nothingJudged, settled: [{ figure, scope: 'site', at: countedAt(facts), n: 1, d: 0 }] };
}

/**
 * `<network>/<id>` of the post's first version: what every version is counted under. A deletion names only one
 * version, so its root is that of the version it is tied to.
 */
export function rootOf(fact: PostFact): string {
  const first = fact.kind === 'post' ? (fact.chain?.[0] ?? fact.id) : fact.id;
  return `${fact.network}/${first}`;
}

/** `<network>/<id>` of every version that this fact tells of; each is the same post. */
export function versionsOf(fact: PostFact): string[] {
  const ids = fact.kind === 'post' ? [...(fact.chain ?? []), fact.id] : [fact.id];
  return [...new Set(ids)].map((id) => `${fact.network}/${id}`);
}

/**
 * The current version of a post, to be shown whole and unaltered; null when it may not be shown: it was deleted, is
 * not public, is a repost, or one of `ownAccounts` wrote it (lower case, without the leading @).
 */
export function shownPost(facts: readonly PostFact[], ownAccounts: readonly string[] = []): Post | null {
  const post = currentOf(facts);
  if (post === null || post.type === 'repost' || !isPublic(facts)) return null;
  return isDeleted(facts) || isBy(facts, ownAccounts) ? null : post;
}

/** Why a post is not counted, the first that applies; null when it is. */
function leftOut(facts: readonly PostFact[], post: Post, rules: Rules): FigureId | null {
  if (isDeleted(facts)) return 'mentionsDeleted';
  if (!isPublic(facts)) return 'mentionsNotPublic';
  if (isBy(facts, rules.ownAccounts)) return 'mentionsOwn';
  if (isBy(facts, rules.mentions.mutedAccounts)) return 'mentionsMutedAccount';
  if (rules.mentions.hasMutedWord(post.text ?? '')) return 'mentionsMutedWord';
  return isInLanguage(post.lang, rules.mentions) ? null : 'mentionsOtherLanguage';
}

/**
 * `en` takes in `en-GB`. Unknown languages are kept: none, `und`, `mul`, `zxx`, and X's own `q…` for posts without
 * words (docs.x.com, lang).
 */
function isInLanguage(lang: string | undefined, { languages }: MentionRules): boolean {
  const tag = lang?.toLowerCase() ?? 'und';
  if (languages.length === 0 || /^(und|mul|zxx|q[a-t][a-z])\b/.test(tag)) return true;
  return languages.some((wanted) => tag === wanted || tag.startsWith(`${wanted}-`));
}

/** The version with the longest chain of edits, then the one edited last, then the one seen last. */
function currentOf(facts: readonly PostFact[]): Post | null {
  let current: Post | null = null;
  for (const fact of facts) {
    if (fact.kind === 'post' && (current === null || isNewer(fact, current))) current = fact;
  }
  return current;
}

function isNewer(a: Post, b: Post): boolean {
  const edits = (a.chain?.length ?? 1) - (b.chain?.length ?? 1);
  if (edits !== 0) return edits > 0;
  if (a.edited !== b.edited) return (a.edited ?? 0) > (b.edited ?? 0);
  if (a.seen !== b.seen) return a.seen > b.seen;
  if (a.at !== b.at) return a.at > b.at;
  return JSON.stringify(a) < JSON.stringify(b);
}

function isPublic(facts: readonly PostFact[]): boolean {
  return facts.every(
    (fact) => fact.kind !== 'post' || (fact.visibility !== 'private' && fact.visibility !== 'direct'),
  );
}

/** Deleting one version deletes the chain. */
function isDeleted(facts: readonly PostFact[]): boolean {
  return facts.some((fact) => fact.kind === 'post_delete');
}

/** Did one of these accounts write it? By its id or its handle, on whatever network. */
function isBy(facts: readonly PostFact[], accounts: readonly string[]): boolean {
  return facts.some(
    (fact) =>
      fact.kind === 'post' &&
      [fact.author, fact.handle ?? ''].some((name) =>
        accounts.includes(name.toLowerCase().replace(/^@/, '')),
      ),
  );
}

/** Forged dates in the future would pin a post to the top, so it counts when we saw it at the latest. */
function countedAt(facts: readonly PostFact[]): number {
  let at = Number.POSITIVE_INFINITY;
  for (const fact of facts) if (fact.kind === 'post') at = Math.min(at, fact.at, fact.seen);
  return at;
}
