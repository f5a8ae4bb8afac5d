import type Database from 'better-sqlite3';
import type { AlertRule, SavedRule } from '../../../shared/alert.ts';
import type { Instant } from '../../../shared/time.ts';
import type {
  AlertReads,
  AlertTurn,
  Delivery,
  KeptAlert,
  KeptRuleChange,
  KeptState,
  Silence,
} from '../alerts.ts';

/** Rules, alerts, what there is to tell and what was changed. */
export function alertReads(db: Database.Database): AlertReads {
  const rules = db.prepare<[], RuleRow>('SELECT * FROM alert_rules ORDER BY id');
  const teams = db.prepare<[], string>('SELECT team FROM alert_teams').pluck();
  const states = db.prepare<[], KeptState>('SELECT rule, version, state FROM alert_states');
  const open = db
    .prepare<[], string>('SELECT content FROM alerts WHERE resolved_at IS NULL ORDER BY fired_at, id')
    .pluck();
  const one = db.prepare<[string], string>('SELECT content FROM alerts WHERE id = ?').pluck();
  const over = db
    .prepare<[Instant, string, number], string>(`
      SELECT content FROM alerts WHERE resolved_at IS NOT NULL AND (fired_at, id) < (?, ?)
      ORDER BY fired_at DESC, id DESC LIMIT ?`)
    .pluck();
  const old = db
    .prepare<[Instant, Instant, number], string>(`
      SELECT id FROM alerts WHERE resolved_at IS NOT NULL AND fired_at < ? AND resolved_at < ?
      ORDER BY fired_at, id LIMIT ?`)
    .pluck();
  const silences = db
    .prepare<[Instant], string>('SELECT content FROM alert_silences WHERE to_at > ? ORDER BY to_at, id')
    .pluck();
  const changes = db.prepare<[number, number], ChangeRow>(
    'SELECT * FROM alert_changes WHERE id < ? ORDER BY id DESC LIMIT ?',
  );
  const change = db.prepare<[number], ChangeRow>('SELECT * FROM alert_changes WHERE id = ?');
  return {
    alertRules: async () => rules.all().map(ruleOf),
    alertTeams: async () => teams.all(),
    alertStates: async () => states.all(),
    openAlerts: async () => open.all().map((content) => JSON.parse(content) as KeptAlert),
    async alert(id) {
      const content = one.get(id);
      return content === undefined ? null : (JSON.parse(content) as KeptAlert);
    },
    async alertHistory({ after, limit }) {
      const rows = over.all(after?.at ?? Number.MAX_SAFE_INTEGER, after?.id ?? '', limit);
      return rows.map((content) => JSON.parse(content) as KeptAlert);
    },
    alertsOverBefore: async (before, limit) => old.all(before, before, limit),
    silences: async (now) => silences.all(now).map((content) => JSON.parse(content) as Silence),
    ruleChanges: async ({ before, limit }) =>
      changes.all(before ?? Number.MAX_SAFE_INTEGER, limit).map(changeOf),
    async ruleChange(id) {
      const row = change.get(id);
      return row === undefined ? null : changeOf(row);
    },
    ...deliveryReads(db),
  };
}

type DeliveryReads = Pick<
  AlertReads,
  'deliveriesWaiting' | 'deliveriesDue' | 'nextDeliveryAt' | 'deliveriesOf' | 'deadDeliveries' | 'delivery'
>;

function deliveryReads(db: Database.Database): DeliveryReads {
  const columns =
    'd.turn, d.channel, d.bunch, d.message, d.state, d.due_at, d.tries, d.trouble, d.at, t.content';
  const from = 'FROM alert_deliveries d JOIN alert_turns t ON t.id = d.turn';
  const order = (table: string): string => `json_extract(${table}.content, '$.alert.turns')`;
  const waiting = db.prepare<[], { channel: string; count: number }>(
    "SELECT channel, count(*) AS count FROM alert_deliveries WHERE state = 'waiting' GROUP BY channel",
  );
  // CROSS JOIN keeps SQLite from walking through all that waits, once for each row.
  const due = db.prepare<[string, Instant, number], DeliveryRow>(`
    SELECT ${columns} ${from} WHERE d.state = 'waiting' AND d.channel = ? AND d.due_at <= ? AND NOT EXISTS (
      SELECT 1 FROM alert_turns u CROSS JOIN alert_deliveries e
      WHERE u.alert = t.alert AND e.turn = u.id AND e.channel = d.channel AND e.state = 'waiting'
        AND (e.due_at, e.bunch, ifnull(e.message, '')) <> (d.due_at, d.bunch, ifnull(d.message, ''))
        AND ${order('u')} < ${order('t')})
    ORDER BY d.due_at, d.bunch, d.message IS NULL, d.message, t.at, ${order('t')}, d.turn LIMIT ?`);
  const next = db
    .prepare<[string, Instant], Instant | null>(
      "SELECT min(due_at) FROM alert_deliveries WHERE state = 'waiting' AND channel = ? AND due_at > ?",
    )
    .pluck();
  const of = db.prepare<[string, string], DeliveryRow>(`
    SELECT ${columns} ${from} WHERE t.alert = ? AND d.channel = ? ORDER BY ${order('t')}, d.turn`);
  const dead = db.prepare<[number], DeliveryRow>(`
    SELECT ${columns} ${from} WHERE d.state = 'dead' ORDER BY d.at DESC, d.turn, d.channel LIMIT ?`);
  const one = db.prepare<[string, string], DeliveryRow>(`
    SELECT ${columns} ${from} WHERE d.turn = ? AND d.channel = ?`);
  return {
    deliveriesWaiting: async () => new Map(waiting.all().map(({ channel, count }) => [channel, count])),
    deliveriesDue: async (channel, now, limit) => due.all(channel, now, limit).map(deliveryOf),
    nextDeliveryAt: async (channel, now) => next.get(channel, now) ?? Number.POSITIVE_INFINITY,
    deliveriesOf: async (alert, channel) => of.all(alert, channel).map(deliveryOf),
    deadDeliveries: async (limit) => dead.all(limit).map(deliveryOf),
    async delivery(turn, channel) {
      const row = one.get(turn, channel);
      return row === undefined ? null : deliveryOf(row);
    },
  };
}

interface RuleRow {
  id: string;
  version: number;
  content: string;
  changed_at: Instant;
  changed_by: string;
}

function ruleOf({ id, version, content, changed_at, changed_by }: RuleRow): SavedRule {
  const rule = JSON.parse(content) as AlertRule;
  return { ...rule, id, version, changedAt: changed_at, changedBy: changed_by };
}

interface ChangeRow {
  id: number;
  rule: string;
  what: KeptRuleChange['what'];
  before: string | null;
  after: string | null;
  at: Instant;
  by: string;
}

function changeOf({ before, after, ...row }: ChangeRow): KeptRuleChange {
  const read = (content: string | null): SavedRule | null =>
    content === null ? null : (JSON.parse(content) as SavedRule);
  return { ...row, before: read(before), after: read(after) };
}

interface DeliveryRow extends Omit<Delivery, 'dueAt'> {
  due_at: Instant;
  content: string;
}

function deliveryOf({ due_at, content, ...rest }: DeliveryRow): { turn: AlertTurn; delivery: Delivery } {
  return { turn: JSON.parse(content) as AlertTurn, delivery: { ...rest, dueAt: due_at } };
}
