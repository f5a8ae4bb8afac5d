import { setImmediate as nextTurn } from 'node:timers/promises';
import { citeOf } from '../../shared/cite.ts';
import type { Network } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { localDay } from '../judge/local-day.ts';
import { type Praise, praiseOf, sameWordsKey } from '../judge/praise.ts';
import type { KeptQuote, TakenQuote, VoiceReads, VoiceWrites } from '../store/voice.ts';
import { needsItsAuthor } from '../store/voice.ts';

/** Praise and quotes that were sent are fresh for this long. */
export const FRESH_MS = 72 * HOUR;
/** No words are taken twice within this. */
export const NOT_AGAIN_MS = 60 * 24 * HOUR;
/** Posts that are looked at for one choice. */
const POSTS_MAX = 300;
/** Posts looked at before others get their turn. */
const PER_TURN = 20;

export interface QuoteNeeds {
  store: Pick<VoiceReads, 'quotesTaken' | 'quotesSent' | 'freshPosts'> & Pick<VoiceWrites, 'takeQuote'>;
  /** IANA zone of the site: a quote is for one local day. */
  zone: string;
  /** Lower case, without the leading @. */
  ownAccounts: readonly string[];
}

/**
 * Takes the quote of the day when there is one to take: nothing where a person chose, else the newest that was sent,
 * else the best fresh praise. What was taken stays for the day. Resolves true when one was taken. docs/mentions.md has
 * the rule.
 */
export async function takeQuoteOfTheDay(needs: QuoteNeeds, now: Instant): Promise<boolean> {
  const { store, zone } = needs;
  const today = localDay(now, zone);
  const taken = await store.quotesTaken(now - NOT_AGAIN_MS);
  const current = currentOf(taken, today.date);
  if (current !== null && current.by !== null) return false;
  const used = new Set(taken.map(({ text }) => sameWordsKey(text)));
  const isCurrent = (text: string): boolean =>
    current !== null && sameWordsKey(text) === sameWordsKey(current.text);

  const sent = (await store.quotesSent({ from: now - FRESH_MS, to: now + 1 })).find(
    ({ text }) => isCurrent(text) || !used.has(sameWordsKey(text)),
  );
  if (sent !== undefined && isCurrent(sent.text)) return false;
  if (sent !== undefined && (current === null || sent.at >= today.from)) {
    const why = `Sent by ${sent.source}.`;
    await store.takeQuote({ ...pick(sent), date: today.date, post: null, why, by: null, at: now });
    return true;
  }
  if (current !== null) return false;
  const best = await bestPraise(needs, now, taken);
  if (best === null) return false;
  await store.takeQuote({ ...best, date: today.date, by: null, at: now });
  return true;
}

/** The quote of this local day, of those taken, newest first: what a person chose goes before what the rule took. */
export function currentOf(taken: readonly KeptQuote[], date: string): KeptQuote | null {
  const standing = taken.filter((quote) => quote.date === date && quote.stands);
  return standing.find(({ by }) => by !== null) ?? standing[0] ?? null;
}

interface Candidate {
  id: string;
  network: Network;
  at: Instant;
  text: string;
  praise: Praise;
}

async function bestPraise(
  { store, ownAccounts }: QuoteNeeds,
  now: Instant,
  taken: readonly KeptQuote[],
): Promise<Pick<TakenQuote, 'text' | 'cite' | 'post' | 'why'> | null> {
  const words = new Set(taken.map(({ text }) => sameWordsKey(text)));
  const posts = new Set(taken.map(({ post }) => post));
  const candidates: Candidate[] = [];
  for (const [i, { id, at, post }] of (await store.freshPosts(now - FRESH_MS, POSTS_MAX)).entries()) {
    if (i % PER_TURN === PER_TURN - 1) await nextTurn();
    const { network, text = '', visibility = 'public' } = post;
    const mayBeTaken = !needsItsAuthor(network) && visibility === 'public' && at <= now;
    if (!mayBeTaken || posts.has(id) || words.has(sameWordsKey(text))) continue;
    const praise = praiseOf(text, ownAccounts);
    if (praise !== null) candidates.push({ id, network, at, text: text.trim(), praise });
  }
  const best = candidates.sort(inOrder)[0];
  if (best === undefined) return null;
  return { text: best.text, cite: citeOf(best.network), post: best.id, why: whyOf(best.praise) };
}

function inOrder(a: Candidate, b: Candidate): number {
  return b.praise.points - a.praise.points || b.at - a.at || (a.id < b.id ? -1 : 1);
}

function whyOf({ points, praise, about }: Praise): string {
  const said = `Taken by the rule: it praises (${plainWords(praise)})`;
  const of = about.length === 0 ? '' : ` and speaks of what the wall promises (${plainWords(about)})`;
  return `${said}${of}. ${points} ${points === 1 ? 'point' : 'points'}, more than any other praise of the last three days.`;
}

function plainWords(words: readonly string[]): string {
  return words.map((word) => word.replace('*', '…')).join(', ');
}

function pick({ text, cite }: { text: string; cite: string }): { text: string; cite: string } {
  return { text, cite };
}
