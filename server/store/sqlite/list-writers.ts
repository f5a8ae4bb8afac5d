import type Database from 'better-sqlite3';
import type { Instant } from '../../../shared/time.ts';
import type { ListedItem, ListPage } from '../lists.ts';
import type { ItemKey } from '../store.ts';

/** Received mails of one thread that are looked at for who wrote one of them. */
const RECEIVED_MAX = 500;

interface Received {
  at: Instant;
  sender: string;
}

/** Says of each email on a page who wrote it: as it is kept, a keyed hash before the @ unless the mailbox says otherwise. */
export function withWriters(db: Database.Database): (page: ListPage) => ListPage {
  const received = db.prepare<[ItemKey], Received>(`
    SELECT json_extract(content, '$.at') AS at, json_extract(content, '$.from') AS sender FROM facts
    WHERE item = ? AND kind = 'mail_in' ORDER BY at, subject LIMIT ${RECEIVED_MAX}`);
  return (page) => {
    const known = new Map<ItemKey, Received[]>();
    const of = (key: ItemKey): Received[] => {
      const found = known.get(key) ?? received.all(key);
      known.set(key, found);
      return found;
    };
    const items = page.items.map((item) =>
      item.key.startsWith('thread/') ? { ...item, person: writerOf(item, of(item.key)) } : item,
    );
    return { ...page, items };
  };
}

/** Where nothing came just then (a mark, an answer) it is who began the thread. */
function writerOf({ at, reply }: ListedItem, received: readonly Received[]): string | null {
  const inAt = reply?.inAt ?? at;
  return (received.find((mail) => mail.at === inAt) ?? received[0])?.sender ?? null;
}
