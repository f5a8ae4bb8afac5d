import { useCallback, useEffect, useRef, useState } from 'react';
import { ITEMS_PER_PAGE } from '../../../shared/limits-items.ts';
import type { ItemRow, ItemsAnswer } from '../../../shared/wire-items.ts';
import { ApiProblem, read } from '../../api.ts';

/** Rows that the page holds; a file holds more. */
export const ROWS_MAX = 1_000;
/** Requests in a row for one page: each looks through much where little is found. */
const LOOKS_MAX = 5;
/** Nothing is said of loading for this long. */
const BLANK_MS = 400;

/** A list as far as it was read. */
export interface Items {
  rows: readonly ItemRow[];
  /** Of the newest page; null before the first. */
  answer: Pick<ItemsAnswer, 'now' | 'zone' | 'demo'> | null;
  hasMore: boolean;
  /** How far was looked, where that ended before the page was full. */
  lookedTo: number | null;
  problem: string | null;
  /** It is being read, for long enough to say so. */
  slow: boolean;
  busy: boolean;
  more: () => void;
  /** From the first row on. */
  again: () => void;
  /** Says of rows that are shown what was just kept of them. */
  putCause: (keys: ReadonlySet<string>, cause: string | null) => void;
}

interface Held {
  query: string;
  subject: string;
  rows: readonly ItemRow[];
  answer: ItemsAnswer | null;
  problem: string | null;
  busy: boolean;
}

/** Reads a list page by page. Another order of the same subject stands when it is there, another subject begins anew. */
export function useItems(query: string, subject: string): Items {
  const [held, setHeld] = useState<Held>(() => fresh(query, subject));
  const [late, setLate] = useState(false);
  const running = useRef<AbortController | null>(null);

  const load = useCallback(
    async (after: string | null) => {
      running.current?.abort();
      const stop = new AbortController();
      running.current = stop;
      const blank = window.setTimeout(() => setLate(true), BLANK_MS);
      setLate(false);
      setHeld((last) => ({
        ...(last.subject === subject ? last : fresh(query, subject)),
        busy: true,
        problem: null,
      }));
      try {
        const page = await readPage(query, after, stop.signal);
        if (stop.signal.aborted) return;
        setHeld((last) => {
          const before = after === null ? [] : last.rows;
          return {
            query,
            subject,
            rows: [...before, ...page.rows],
            answer: page,
            problem: null,
            busy: false,
          };
        });
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
        setHeld((last) => ({
          ...(last.query === query ? last : fresh(query, subject)),
          problem: error.message,
          busy: false,
        }));
      } finally {
        window.clearTimeout(blank);
      }
    },
    [query, subject],
  );
  useEffect(() => {
    void load(null);
    return () => running.current?.abort();
  }, [load]);

  const now = held.subject === subject ? held : fresh(query, subject);
  const { rows, answer, problem, busy } = now;
  return {
    rows,
    answer,
    problem,
    busy,
    slow: busy && late,
    hasMore: answer?.next != null && rows.length < ROWS_MAX,
    lookedTo: answer?.lookedTo ?? null,
    more: () => {
      if (!busy && held.query === query && answer?.next != null) void load(answer.next);
    },
    again: () => void load(null),
    putCause: (keys, cause) =>
      setHeld((last) => ({
        ...last,
        rows: last.rows.map((row) => (keys.has(row.key) ? { ...row, cause } : row)),
      })),
  };
}

function fresh(query: string, subject: string): Held {
  return { query, subject, rows: [], answer: null, problem: null, busy: true };
}

/** A page, from as many requests as it takes to fill it, within reason. */
async function readPage(query: string, after: string | null, stop: AbortSignal): Promise<ItemsAnswer> {
  const rows: ItemRow[] = [];
  let next = after;
  for (let looks = 1; ; looks += 1) {
    const words = new URLSearchParams(query);
    if (next !== null) words.set('after', next);
    words.set('limit', String(ITEMS_PER_PAGE - rows.length));
    const page = await read<ItemsAnswer>(`/api/items?${words}`, stop);
    rows.push(...page.rows);
    next = page.next;
    if (next === null || rows.length >= ITEMS_PER_PAGE || looks === LOOKS_MAX) return { ...page, rows };
  }
}
