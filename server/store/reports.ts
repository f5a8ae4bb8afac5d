import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';

/** Somebody who is sent the weekly summary of a scope. */
export interface Subscriber extends ReportProgress {
  id: number;
  address: string;
  scope: Scope;
  /** Who asked for it, and when. */
  by: string;
  at: Instant;
  /** Opens the way out; known only to the mails. */
  token: string;
}

/** How far one week's summary is. */
export interface ReportProgress {
  /** The Monday (ISO date) of the week that is told of. */
  week: string;
  /** `fresh`: none was due yet. `due`: written down before the first attempt. `failed`: given up. */
  state: 'fresh' | 'due' | 'sent' | 'failed';
  tries: number;
  /** When it is tried again; null when it is not. */
  nextAt: Instant | null;
  /** When a mail was last taken by the mail server. */
  sentAt: Instant | null;
  /** What went wrong last; null when nothing did. */
  trouble: string | null;
}

export type NewSubscriber = Pick<Subscriber, 'address' | 'scope' | 'by' | 'at' | 'token' | 'week'>;

export interface ReportReads {
  /** All of them, in the order in which they were added. */
  subscribers(): Promise<Subscriber[]>;
}

export interface ReportWrites {
  /** Null when this address has this scope already, or when there are `most` of them. */
  addSubscriber(given: NewSubscriber, most: number): Promise<Subscriber | null>;
  /** By the id, or by the token of a mail. False when there is none. */
  removeSubscriber(which: { id: number } | { token: string }): Promise<boolean>;
  /** Nothing happens when the subscriber is gone. */
  setProgress(id: number, progress: ReportProgress): Promise<void>;
}

export type ReportSubscribers = ReportReads & ReportWrites;
