import type { AlertsBatch, Delivery } from '../alerts.ts';
import type { Transaction, Writer } from './writer.ts';

/** Everything of a batch in the transaction that it is given. */
export interface NotedAlerts {
  saveAlerts(batch: AlertsBatch): void;
  keepDeliveries(deliveries: readonly Delivery[]): void;
}

/** Prepares the statements; a turn that is stored already stays as it is, with its deliveries. */
export function alertWrites(writer: Writer): (on: Transaction) => NotedAlerts {
  const rule = writer.statement(`
    INSERT INTO alert_rules (id, version, content, changed_at, changed_by) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, content = excluded.content,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by`);
  const dropRule = writer.statement('DELETE FROM alert_rules WHERE id = ?');
  const dropState = writer.statement('DELETE FROM alert_states WHERE rule = ?');
  const change = writer.statement(
    'INSERT INTO alert_changes (rule, what, before, after, at, by) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const team = writer.statement(
    'INSERT INTO alert_teams (team, at) VALUES (?, ?) ON CONFLICT (team) DO NOTHING',
  );
  const state = writer.statement(`
    INSERT INTO alert_states (rule, version, state) VALUES (?, ?, ?)
    ON CONFLICT (rule) DO UPDATE SET version = excluded.version, state = excluded.state`);
  const alert = writer.statement(`
    INSERT INTO alerts (id, rule, fired_at, resolved_at, content) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET resolved_at = excluded.resolved_at, content = excluded.content`);
  const turn = writer.statement(
    'INSERT INTO alert_turns (id, alert, at, content) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const delivery = writer.statement(`
    INSERT INTO alert_deliveries (turn, channel, bunch, message, state, due_at, tries, trouble, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (turn, channel) DO NOTHING`);
  const keep = writer.statement(`
    UPDATE alert_deliveries SET message = ?, state = ?, due_at = ?, tries = ?, trouble = ?, at = ?
    WHERE turn = ? AND channel = ?`);
  const silence = writer.statement(`
    INSERT INTO alert_silences (id, to_at, content) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET to_at = excluded.to_at, content = excluded.content`);
  const dropped = [
    'DELETE FROM alert_deliveries WHERE turn IN (SELECT id FROM alert_turns WHERE alert = ?)',
    'DELETE FROM alert_turns WHERE alert = ?',
    'DELETE FROM alerts WHERE id = ?',
  ].map((sql) => writer.statement(sql));
  const dropSilences = writer.statement('DELETE FROM alert_silences WHERE to_at < ?');
  return (on) => ({
    saveAlerts(batch) {
      for (const { id, version, changedAt, changedBy, ...content } of batch.rules ?? [])
        on.run(rule, [id, version, JSON.stringify(content), changedAt, changedBy]);
      for (const id of batch.droppedRules ?? []) {
        on.run(dropRule, [id]);
        on.run(dropState, [id]);
      }
      for (const { rule: of, what, before, after, at, by } of batch.changes ?? [])
        on.run(change, [of, what, textOf(before), textOf(after), at, by]);
      for (const made of batch.teams ?? []) on.run(team, [made.team, made.at]);
      for (const one of batch.states ?? []) on.run(state, [one.rule, one.version, one.state]);
      for (const one of batch.alerts ?? [])
        on.run(alert, [one.id, one.rule, one.firedAt, one.resolvedAt, JSON.stringify(one)]);
      for (const one of batch.turns ?? []) {
        on.run(turn, [one.turn.id, one.turn.alert.id, one.turn.at, JSON.stringify(one.turn)]);
        for (const to of one.deliveries)
          on.run(delivery, [
            to.turn,
            to.channel,
            to.bunch,
            to.message,
            to.state,
            to.dueAt,
            to.tries,
            to.trouble,
            to.at,
          ]);
      }
      for (const one of batch.silences ?? []) on.run(silence, [one.id, one.to, JSON.stringify(one)]);
      for (const id of batch.droppedAlerts ?? []) for (const drop of dropped) on.run(drop, [id]);
      if (batch.silencesFrom !== undefined) on.run(dropSilences, [batch.silencesFrom]);
    },
    keepDeliveries(deliveries) {
      for (const { message, state: now, dueAt, tries, trouble, at, turn: of, channel } of deliveries)
        on.change(keep, [message, now, dueAt, tries, trouble, at, of, channel]);
    },
  });
}

function textOf(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
