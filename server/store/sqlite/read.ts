import type Database from 'better-sqlite3';
import type { AlertWrites } from '../alerts.ts';
import type { ListReads, ListWrites } from '../lists.ts';
import type { NoteWrites } from '../notes.ts';
import type { ReportWrites } from '../reports.ts';
import type { Page, SourceCounts, Store } from '../store.ts';
import type { TrendReads } from '../trends.ts';
import type { VoiceWrites } from '../voice.ts';
import { alertReads } from './alert-reads.ts';
import { askOn } from './ask.ts';
import { type ItemRow, itemColumns, itemOf } from './item-row.ts';
import { lookups } from './lookups.ts';
import { noteReads } from './note-rows.ts';
import { postReads } from './post-reads.ts';
import { quoteReads } from './quote-reads.ts';
import { reportReads } from './report-rows.ts';
import { settledIn } from './settled-in.ts';
import { tallyReads } from './tally-reads.ts';

/** Each on a connection of its own. */
type LongReads = 'callViews' | 'countedBySource' | 'openMail' | 'verdicts';

/** The part of the port that only reads. */
export type Reads = Omit<
  Store,
  | 'write'
  | 'writeAhead'
  | 'pause'
  | 'pack'
  | 'forgetVerdicts'
  | 'setMeta'
  | 'ping'
  | 'close'
  | 'audit'
  | LongReads
  | keyof TrendReads
  | keyof ListReads
  | keyof ListWrites
  | keyof NoteWrites
  | keyof ReportWrites
  | keyof VoiceWrites
  | keyof AlertWrites
>;

/** Everything that is read outside a transaction, on the reading connection: nothing uncommitted is ever seen. */
export function createReads(db: Database.Database): Reads {
  const look = lookups(askOn(db));
  const open = db.prepare<[], ItemRow>(`SELECT ${itemColumns} FROM items WHERE wake_at IS NOT NULL`);
  const cursor = db.prepare<[string], string>('SELECT cursor FROM cursors WHERE source = ?').pluck();
  const counts = db.prepare<[], SourceCounts & { source: string }>('SELECT * FROM source_counts');
  const meta = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();

  return {
    ...tallyReads(db),
    openItems: async () => open.all().map(itemOf),
    settledIn: settledIn(db),
    ...postReads(db),
    ...quoteReads(db),
    ...noteReads(db),
    ...reportReads(db),
    ...alertReads(db),
    factsOf: (items) => look.facts(items),
    cursor: async (source) => cursor.get(source) ?? null,
    async sourceCounts() {
      return new Map(counts.all().map(({ source, ...rest }) => [source, rest]));
    },
    meta: async (name) => meta.get(name) ?? null,
    itemKeys: (page: Page) => look.itemKeys(page.after, page.limit),
  };
}
