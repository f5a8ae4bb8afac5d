import type { Instant } from '../../../shared/time.ts';
import type { ItemKey } from '../store.ts';
import type { MailThread, VoiceReads } from '../voice.ts';
import { decodeLive, liveColumn } from './judged-json.ts';
import { readStepwise } from './stepwise.ts';

/** Threads read before others get their turn: so many hold the process for a few milliseconds. */
const PAGE = 250;

/** Threads with something open. */
export function openMailOf(file: string): VoiceReads['openMail'] {
  return () =>
    readStepwise(file, function* openMail(db) {
      const page = db.prepare<[Instant, ItemKey], Row>(pageSql);
      const threads: MailThread[] = [];
      let last: Row | undefined;
      do {
        const rows = page.all(last?.wake_at ?? Number.MIN_SAFE_INTEGER, last?.key ?? '');
        for (const { key, source, live } of rows) threads.push({ key, source, live: decodeLive(live) });
        yield;
        last = rows.length < PAGE ? undefined : rows.at(-1);
      } while (last !== undefined);
      return threads;
    });
}

interface Row {
  key: ItemKey;
  source: string;
  wake_at: Instant;
  live: string | null;
}

const pageSql = `
  SELECT key, source, wake_at, ${liveColumn} AS live FROM items
  WHERE wake_at IS NOT NULL AND (wake_at, key) > (?, ?) AND key > 'thread/' AND key < 'thread0'
  ORDER BY wake_at, key LIMIT ${PAGE}`;
