import type { Instant, Span } from '../../shared/time.ts';
import type { TrendMark } from '../../shared/wire-trends.ts';

/** What a person wrote beside a moment of the history. */
export interface Note {
  at: Instant;
  text: string;
  by: string;
  madeAt: Instant;
}

/** Notes of people, and changes of the rules that things were judged by. */
export interface NoteReads {
  /** Those inside the span, oldest first; the newest of them where there are more than `limit`. */
  trendMarks(span: Span, limit: number): Promise<TrendMark[]>;
  /** What the rules said when they were last kept; null: never yet. */
  rulesSaid(): Promise<string | null>;
}

export interface NoteWrites {
  addNote(note: Note): Promise<TrendMark>;
  /** False when there is no such note; what was changed in the rules cannot be taken away. */
  removeNote(id: number): Promise<boolean>;
  /** Keeps what the rules say now, and what was changed, both or neither. */
  keepRules(said: string, changes: readonly { at: Instant; text: string }[]): Promise<void>;
}

export type TrendNotes = NoteReads & NoteWrites;
