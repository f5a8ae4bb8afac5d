import type { SavedRule } from '../../shared/alert.ts';
import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { AuditAnswer, WireAlert, WireSilence } from '../../shared/wire-alerts.ts';

/** An alert as it is kept; its length is for the reader to work out. */
export interface KeptAlert extends Omit<WireAlert, 'lengthMs'> {
  /** Raised with each of its turns; part of their ids. */
  turns: number;
  /** When it was last told of: the repeat is counted from here. */
  lastToldAt: Instant | null;
}

/** `fired`, `risen` to critical, `repeated` because nobody took it on, `acknowledged` by a person, `resolved`. */
export type TurnKind = 'fired' | 'risen' | 'repeated' | 'acknowledged' | 'resolved';

/** One thing to tell of an alert, as it stood then. Its id is the same however often it is sent. */
export interface AlertTurn {
  id: string;
  kind: TurnKind;
  at: Instant;
  alert: KeptAlert;
  /** The rule's instruction; may be empty. */
  says: string;
  /** Of the value then, in words: "58%". */
  value: string;
  /** What is told in one message: a team, or the site. */
  bunch: string;
}

/**
 * A turn on its way to one channel. Waiting ones are due at `dueAt`; a dead one was given up, and `trouble` says why; a
 * dropped one is a dead one that a person wants to hear no more of.
 */
export interface Delivery {
  turn: string;
  channel: string;
  bunch: string;
  /** The id of the message that tells it, from just before it is first sent; what has the same one is told together. */
  message: string | null;
  state: 'waiting' | 'sent' | 'dead' | 'dropped';
  dueAt: Instant;
  tries: number;
  trouble: string | null;
  /** When it came into this state. */
  at: Instant;
}

/** Where a rule's machines stand: what alerts/step.ts made of the readings so far. */
export interface KeptState {
  rule: string;
  version: number;
  state: string;
}

export interface Silence extends WireSilence {
  scope: Scope | null;
}

export type RuleChange = Omit<
  AuditAnswer['changes'][number],
  'id' | 'undoable' | 'beforeWords' | 'afterWords'
>;
export type KeptRuleChange = RuleChange & { id: number };

/** What is written together, or not at all. */
export interface AlertsBatch {
  rules?: readonly SavedRule[];
  /** Ids; their states go with them. */
  droppedRules?: readonly string[];
  changes?: readonly RuleChange[];
  teams?: readonly { team: string; at: Instant }[];
  states?: readonly KeptState[];
  alerts?: readonly KeptAlert[];
  turns?: readonly { turn: AlertTurn; deliveries: readonly Delivery[] }[];
  silences?: readonly Silence[];
  /** Ids; what there was to tell of them goes with them. */
  droppedAlerts?: readonly string[];
  /** Silences that ended before this go. */
  silencesFrom?: Instant;
}

export interface AlertReads {
  alertRules(): Promise<SavedRule[]>;
  alertTeams(): Promise<string[]>;
  alertStates(): Promise<KeptState[]>;
  openAlerts(): Promise<KeptAlert[]>;
  /** Null when there is none. */
  alert(id: string): Promise<KeptAlert | null>;
  /** Those that are over, newest first, after the one with this instant and id. */
  alertHistory(asked: { after: { at: Instant; id: string } | null; limit: number }): Promise<KeptAlert[]>;
  /** Ids of those that began and were over before `before`, the oldest first. */
  alertsOverBefore(before: Instant, limit: number): Promise<string[]>;
  /** Those that end after `now`. */
  silences(now: Instant): Promise<Silence[]>;
  /** Newest first, with a smaller id than `before`. */
  ruleChanges(asked: { before: number | null; limit: number }): Promise<KeptRuleChange[]>;
  ruleChange(id: number): Promise<KeptRuleChange | null>;
  /** How many deliveries wait, by channel, whether due or not. */
  deliveriesWaiting(): Promise<Map<string, number>>;
  /**
   * The turns that are due on this channel, the earliest first, each with its delivery. A turn is not due while an earlier
   * one of the same alert waits there, unless both are told in one message.
   */
  deliveriesDue(
    channel: string,
    now: Instant,
    limit: number,
  ): Promise<{ turn: AlertTurn; delivery: Delivery }[]>;
  /** When the next one on this channel is due after `now`; Infinity when none is. */
  nextDeliveryAt(channel: string, now: Instant): Promise<Instant>;
  /** What was or is to be told of this alert on this channel, in the order of its turns. */
  deliveriesOf(alert: string, channel: string): Promise<{ turn: AlertTurn; delivery: Delivery }[]>;
  /** Those given up, newest first. */
  deadDeliveries(limit: number): Promise<{ turn: AlertTurn; delivery: Delivery }[]>;
  /** Null when there is none. */
  delivery(turn: string, channel: string): Promise<{ turn: AlertTurn; delivery: Delivery } | null>;
}

export interface AlertWrites {
  /** Durable, all of it, when this resolves. */
  saveAlerts(batch: AlertsBatch): Promise<void>;
  /** How deliveries that are stored stand now. */
  keepDeliveries(deliveries: readonly Delivery[]): Promise<void>;
}
