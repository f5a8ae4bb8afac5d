import type { FigureId, Scope, Tally } from '../../shared/figure.ts';
import type { Instant, Span } from '../../shared/time.ts';
import type { Fact } from '../fact.ts';
import type { CallView, Contact, Judged, Settled } from '../judge/verdict.ts';
import type { AlertReads, AlertWrites } from './alerts.ts';
import type { ListReads, ListWrites } from './lists.ts';
import type { NoteReads, NoteWrites } from './notes.ts';
import type { ReportReads, ReportWrites } from './reports.ts';
import type { EpochDay, Measure, SpreadDelta, TrendReads } from './trends.ts';
import type { VerdictReads } from './verdict-reads.ts';
import type { VoiceReads, VoiceWrites } from './voice.ts';

/**
 * An item is what is judged as one: a call `call/<source>/<call>`, a thread `thread/<id>`, a person owed a call
 * `person/<hash>`, a post `post/<network>/<root>`, a quote `quote/<source>/<id>`.
 */
export type ItemKey = string;

/** A fact as it is kept: its key, the item it belongs to, and its content. */
export interface KeptFact {
  item: ItemKey;
  source: string;
  subject: string;
  part: string;
  fact: Fact;
}

/** `conflict`: the same key with different content; the earlier instant won, a tie went to the smaller canonical JSON. */
export type PutOutcome = 'stored' | 'repeat' | 'conflict';

/** An item's verdict as it is counted in the tallies now. */
export interface Item {
  key: ItemKey;
  /** Where its facts came from; figures of a lost source are true as of its last sign of life. */
  source: string;
  /** Keyed hash of the customer's number, for calls and people. */
  person: string | null;
  /** Its earliest counted instant, for lists. */
  at: Instant;
  judged: Judged;
  /**
   * Pending verdicts up to this instant are already folded into the stored tallies as missed.
   */
  foldedTo: Instant;
}

/** What one call or text says of what is owed to its person, and of having reached her. */
export interface ItemContacts {
  key: ItemKey;
  source: string;
  contacts: Contact[];
}

/** A change to one stored tally. */
export interface TallyDelta {
  figure: FigureId;
  scope: Scope;
  /** Start of the quarter-hour. */
  quarter: Instant;
  n: number;
  d: number;
}

export interface ItemChange {
  key: ItemKey;
  before: Item | null;
  after: Item | null;
}

/**
 * What one transaction changed, told after its commit, in the order of the commits, and before the turn of the event
 * loop in which `write` resolved is over: who then holds the next `write` has heard of every commit before.
 */
export interface Committed {
  at: Instant;
  items: ItemChange[];
  tallies: TallyDelta[];
  /** Posts or quotes changed: what the wall shows of them must be read again. */
  postsChanged: boolean;
  quotesChanged: boolean;
}

export interface TallyRow {
  figure: FigureId;
  scope: Scope;
  quarter: Instant;
  n: number;
  d: number;
}

/** How many facts of a source had which fate, since records are kept. */
export type SourceCounts = Record<PutOutcome | 'refused', number>;

/** A page of a list in order of a key: what comes after the last key seen. */
export interface Page {
  after: string | null;
  limit: number;
}

/** Everything that may be asked of the database. Asynchronous, so that a server database can stand behind it. */
export interface Store
  extends VoiceReads,
    VoiceWrites,
    ListReads,
    ListWrites,
    TrendReads,
    NoteReads,
    NoteWrites,
    ReportReads,
    ReportWrites,
    AlertReads,
    AlertWrites,
    VerdictReads {
  /**
   * Runs `work` alone, then commits. Durable when it resolves; nothing of it happened when it throws. The store's own
   * reads (tallies, openItems, …) may be made inside `work` and never wait for it: nothing else is committed between
   * them, so that together they are one picture.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same, but the next `writeAhead` may begin its work while this one is still on its way to the disk: it reads what
   * this one wrote, and fails when this one fails. They resolve in the order in which they were called.
   */
  writeAhead<T>(work: (tx: Tx) => Promise<T>): Promise<T>;

  /** Runs `work` when every write before is over, and begins none after until it is done. Writes nothing itself. */
  pause<T>(work: () => Promise<T>): Promise<T>;

  /**
   * Packs some of the tallies of quarter-hours before `quarter`, and of the lengths of local days before `day`, which
   * changes no figure: packed they take little room and are read fast. True while there is more to pack.
   */
  pack(before: { quarter: Instant; day: EpochDay }): Promise<boolean>;
  /** Drops every verdict and everything counted from them; facts stay. To be judged again before anything is shown. */
  forgetVerdicts(): Promise<void>;

  /** Stored tallies whose quarter-hour starts inside the span; every scope, or those named. */
  tallies(span: Span, scopes?: readonly Scope[]): Promise<TallyRow[]>;
  /**
   * Every verdict counted inside the span, to the millisecond, of these figures and scopes: what is settled, and what
   * is pending and already folded (lostAt <= foldedTo), as (0, 1). For a span that cuts a quarter-hour; short spans only.
   */
  settledIn(span: Span, figures: readonly FigureId[], scopes: readonly Scope[]): Promise<Settled[]>;
  /** Items with something pending or live. */
  openItems(): Promise<Item[]>;
  /**
   * Every call view that may belong to the span, in pages, as of the moment at which the first page is read, however
   * long that takes; what lies outside is for the reader to leave out.
   */
  callViews(span: Span): AsyncIterable<CallView[]>;
  cursor(source: string): Promise<string | null>;
  sourceCounts(): Promise<ReadonlyMap<string, SourceCounts>>;
  /** Small settings that outlive a restart: the hash key, the lock. */
  meta(name: string): Promise<string | null>;
  setMeta(name: string, value: string): Promise<void>;
  /** Every item's key in order, those of facts that nothing was judged from too, in pages. */
  itemKeys(page: Page): Promise<ItemKey[]>;
  allTallies(): AsyncIterable<TallyRow>;
  /** Reads everything as it is at one moment, however long that takes, while writing goes on. */
  audit<T>(work: (reading: Reading) => Promise<T>): Promise<T>;
  /** Throws when the database cannot be written just now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * What may be done inside one transaction, in batches. Reads see what was written before them. A write may be on its way
 * still when its promise resolves: whatever went wrong is told by the next read, or by the commit.
 */
export interface Tx {
  /** Keeps facts whose keys are not stored yet; the transaction fails where one is. */
  add(facts: readonly KeptFact[]): Promise<void>;
  /** Gives facts whose keys are stored another content; the transaction fails where one is not. */
  replace(facts: readonly KeptFact[]): Promise<void>;
  facts(items: readonly ItemKey[]): Promise<Map<ItemKey, KeptFact[]>>;
  items(keys: readonly ItemKey[]): Promise<Map<ItemKey, Item>>;
  /** Contacts of the calls and texts of these people, for the obligations to call back; items without any left out. */
  contactsOf(people: readonly string[]): Promise<Map<string, ItemContacts[]>>;
  /** Writes what each item is now, or drops it; `before` must be what is stored. */
  save(changes: readonly ItemChange[]): Promise<void>;
  /**
   * Items with a pending verdict lost, or something live that ended of itself, at or before `now` and not yet folded:
   * the earliest first, from the one after `after` on.
   */
  due(now: Instant, limit: number, after?: Item): Promise<Item[]>;
  addTallies(deltas: readonly TallyDelta[]): Promise<void>;
  addSpreads(deltas: readonly SpreadDelta[]): Promise<void>;
  /** Takes away what is packed of a month. */
  dropMonth(month: DamagedMonth): Promise<void>;
  /**
   * Aliases tie other names to an item: a Message-ID to its thread, a post's version to its root.
   * Returns what each name is tied to; names never tied are absent.
   */
  aliases(names: readonly string[]): Promise<Map<string, ItemKey>>;
  tie(names: readonly string[], item: ItemKey): Promise<void>;
  /** Moves all facts and aliases of `from` to `to` (threads that turn out to be one). */
  merge(from: ItemKey, to: ItemKey): Promise<void>;
  setCursor(source: string, cursor: string): Promise<void>;
  addCounts(source: string, counts: Partial<SourceCounts>): Promise<void>;
}

/** The whole of the database at one moment, for a recount. */
export interface Reading {
  itemKeys(page: Page): Promise<ItemKey[]>;
  facts(items: readonly ItemKey[]): Promise<Map<ItemKey, KeptFact[]>>;
  items(keys: readonly ItemKey[]): Promise<Map<ItemKey, Item>>;
  /** Everybody with a call, a text or an obligation, in order. */
  people(page: Page): Promise<string[]>;
  contactsOf(people: readonly string[]): Promise<Map<string, ItemContacts[]>>;
  aliases(names: readonly string[]): Promise<Map<string, ItemKey>>;
  /** Adds to tallies and lengths of this reading alone, which begin empty; they may be more than memory holds. */
  count(deltas: readonly TallyDelta[], spreads: readonly SpreadDelta[]): Promise<void>;
  /** How many of the counted tallies are not nought. */
  counted(): Promise<number>;
  /** Tallies whose stored value is not the counted one. */
  unequal(): AsyncIterable<UnequalTally>;
  /** Lengths whose stored count is not the counted one. */
  unequalSpreads(): AsyncIterable<UnequalSpread>;
  /** Packed months that could not be read as the unequal were looked for, and were taken for nothing there. */
  damaged(): readonly DamagedMonth[];
}

/** Months are counted from January 1970. */
export type DamagedMonth = { scope: Scope; month: number } & (
  | { of: 'tallies'; figure: FigureId }
  | { of: 'lengths'; measure: Measure }
);

export interface UnequalSpread extends Omit<SpreadDelta, 'count'> {
  stored: number;
  counted: number;
}

export interface UnequalTally {
  figure: FigureId;
  scope: Scope;
  quarter: Instant;
  stored: Tally;
  counted: Tally;
}

export type { Tally };
