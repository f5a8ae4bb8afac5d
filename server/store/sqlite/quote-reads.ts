import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { MailMark, QuoteFact } from '../../fact.ts';
import type { KeptQuote, VoiceReads } from '../voice.ts';

type QuoteReads = Pick<VoiceReads, 'quote' | 'quotesTaken' | 'quotesSent' | 'mailMarks'>;

/** Quotes of the day that were taken and that were sent, and the marks of people on mail. */
export function quoteReads(db: Database.Database): QuoteReads {
  const current = db.prepare<[Instant, Instant], { text: string; cite: string; at: Instant }>(`
    SELECT text, cite, at FROM quotes_shown q
    WHERE at <= ? AND at > ? AND ${stands}
    ORDER BY date DESC, by IS NOT NULL DESC, at DESC, id DESC LIMIT 1`);
  const taken = db.prepare<[Instant], QuoteRow>(`
    SELECT q.*, ${stands} AS stands FROM quotes_shown q WHERE at >= ? ORDER BY at DESC, id DESC`);
  const sent = db.prepare<[Instant, Instant], { source: string; content: string }>(`
    SELECT source, content FROM facts
    WHERE kind = 'quote' AND json_extract(content, '$.at') >= ? AND json_extract(content, '$.at') < ?
    ORDER BY json_extract(content, '$.at') DESC LIMIT ${SENT_MAX}`);
  const marks = db.prepare<[number], { item: string; content: string }>(`
    SELECT item, content FROM facts
    WHERE kind IN ('waive', 'spam') ORDER BY json_extract(content, '$.at') DESC LIMIT ?`);
  return {
    quote: async (at, since) => current.get(at, since) ?? null,
    quotesTaken: async (since) => taken.all(since).map(quoteOf),
    async quotesSent({ from, to }) {
      return sent.all(from, to).map(({ source, content }) => {
        const { text, cite, at } = JSON.parse(content) as QuoteFact;
        return { source, text, cite, at };
      });
    },
    async mailMarks(limit) {
      return marks.all(limit).map(({ item, content }) => ({ ...(JSON.parse(content) as MailMark), item }));
    },
  };
}

/** Quotes that are looked at as one day's. */
const SENT_MAX = 50;

/** Not withdrawn, and not from a post that was deleted or hidden since. */
const stands = `(q.withdrawn_at IS NULL AND (q.post IS NULL OR EXISTS (
  SELECT 1 FROM items i
  WHERE i.key = coalesce((SELECT item FROM aliases WHERE name = 'post/' || q.post), 'post/' || q.post)
    AND i.mention_at IS NOT NULL
    AND i.key NOT IN (
      SELECT coalesce(a.item, m.post) FROM post_marks m LEFT JOIN aliases a ON a.name = m.post
      WHERE m.mark = 'hidden'))))`;

interface QuoteRow {
  id: number;
  date: string;
  at: Instant;
  text: string;
  cite: string;
  post: string | null;
  why: string;
  by: string | null;
  withdrawn_by: string | null;
  withdrawn_at: Instant | null;
  stands: number;
}

function quoteOf({ withdrawn_by: by, withdrawn_at: at, stands: isStanding, ...rest }: QuoteRow): KeptQuote {
  return { ...rest, withdrawn: by === null || at === null ? null : { by, at }, stands: isStanding === 1 };
}
