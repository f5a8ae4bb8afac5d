import { type AlertLevel, RECOVERED_SHOWN_MS, type SavedRule, type WallAlert } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { HOUR, type Instant } from '../../shared/time.ts';
import { Problem } from '../problem.ts';
import type { AlertTurn, Delivery, KeptAlert, TurnKind } from '../store/alerts.ts';
import { newAlert, wallAlertOf } from './alert-forms.ts';
import { levelOf, type RuleState } from './step.ts';
import { createTelling, type TellingNeeds } from './telling.ts';
import type { Seen } from './watch.ts';
import { isWorse } from './worse.ts';

/** What nobody took on is told again this often. */
export const REPEAT_EVERY_MS = 4 * HOUR;

/** The alerts that are open, how they came about and what there is to tell of them. What is to be saved waits in `take`. */
export interface AlertLog {
  seen(seen: Seen): void;
  /** Ends the open alert of a rule that was changed, switched off or deleted. */
  end(rule: string, now: Instant): void;
  /** Tells what quiet hours held back and is still so, and again what nobody took on. */
  remind(now: Instant): void;
  ack(id: string, said: { by: string; at: Instant; why: string | null }): void;
  snooze(id: string, said: { by: string; at: Instant; why: string }, until: Instant): void;
  open(): KeptAlert[];
  onWall(now: Instant, isShown: (rule: SavedRule) => boolean): WallAlert[];
  /** True when nothing on a wall changes before the next look. */
  nextAt(now: Instant): Instant;
  /** What changed since the last time, to be saved together; null when nothing did. */
  take(): { alerts: KeptAlert[]; turns: { turn: AlertTurn; deliveries: Delivery[] }[] } | null;
}

export interface AlertLogNeeds extends TellingNeeds {
  /** As they were stored, with their rules. */
  open: readonly { alert: KeptAlert; rule: SavedRule }[];
  about: (rule: SavedRule) => string;
  wordsOf: (rule: SavedRule) => string;
  isMuted: (rule: SavedRule, at: Instant) => boolean;
  /** A channel that opens an incident, which is to be closed there whatever the hour. */
  keepsIncidents: (channel: string) => boolean;
}

/** One that is open, or over for less than two minutes. */
interface Open {
  alert: KeptAlert;
  rule: SavedRule;
  latest: Tally | null;
  /** What is to be told and quiet hours hold back. */
  owed: 'fired' | 'risen' | null;
}

export function createAlertLog(needs: AlertLogNeeds): AlertLog {
  const byRule = new Map<string, Open>(
    needs.open.map(({ alert, rule }) => [rule.id, { alert, rule, latest: alert.value, owed: owedOf(alert) }]),
  );
  let recovered: Open[] = [];
  const telling = createTelling(needs);
  const dirty = new Map<string, KeptAlert>();
  let turns: { turn: AlertTurn; deliveries: Delivery[] }[] = [];

  const change = (one: Open, to: Partial<KeptAlert>): void => {
    one.alert = { ...one.alert, ...to };
    dirty.set(one.alert.id, one.alert);
  };
  const tell = (one: Open, kind: TurnKind, at: Instant): void => {
    const { rule, alert } = one;
    if (kind === 'resolved' && alert.lastToldAt === null) return;
    const isMuted = needs.isMuted(rule, at);
    one.owed = isMuted && (kind === 'fired' || kind === 'risen') ? (one.owed ?? kind) : null;
    const isOverThere = kind === 'resolved' || kind === 'acknowledged';
    const channels = rule.channels.filter((id) => !isMuted || (isOverThere && needs.keepsIncidents(id)));
    if (isMuted && channels.length === 0) return;
    const written = channels.length > 0 ? at : null;
    change(one, { turns: alert.turns + 1, lastToldAt: at, toldAt: alert.toldAt ?? written });
    turns.push(
      telling.turnOf(one.alert, { ...rule, channels }, { kind, at, value: one.latest ?? alert.value }),
    );
  };
  const fire = (rule: SavedRule, level: AlertLevel, after: RuleState, { at, value }: Seen): void => {
    const pair = value ?? { n: 0, d: 0 };
    const one: Open = {
      alert: newAlert(needs, rule, { level, after, at, value: pair }),
      rule,
      latest: pair,
      owed: null,
    };
    byRule.set(rule.id, one);
    recovered = recovered.filter(({ rule: { id } }) => id !== rule.id);
    dirty.set(one.alert.id, one.alert);
    tell(one, 'fired', at);
  };
  const resolve = (one: Open, at: Instant, ended: NonNullable<KeptAlert['ended']>): void => {
    change(one, { resolvedAt: at, ended });
    byRule.delete(one.rule.id);
    if (ended === 'recovered') recovered.push(one);
    tell(one, 'resolved', at);
  };
  const move = (one: Open, level: AlertLevel, at: Instant): void => {
    const limit = one.rule[level] ?? one.alert.limit;
    if (level === 'warning') {
      if (one.owed === 'risen') one.owed = null;
      change(one, { level, limit, levelSince: at });
      return;
    }
    change(one, {
      level,
      limit,
      levelSince: at,
      worstLevel: 'critical',
      acked: null,
      ackedAfterMs: null,
      snoozed: null,
      snoozedUntil: null,
    });
    tell(one, 'risen', at);
  };
  const openOne = (id: string): Open => {
    const one = [...byRule.values()].find(({ alert }) => alert.id === id);
    if (one === undefined)
      throw new Problem('not_found', 'This alert is over, or never was. Reload the list.');
    return one;
  };

  return {
    seen(seen) {
      const { rule, after, at, value } = seen;
      const level = levelOf(after);
      const one = byRule.get(rule.id);
      if (one === undefined) {
        if (level !== null) fire(rule, level, after, seen);
        return;
      }
      one.latest = value;
      if (level === null) return resolve(one, at, seen.closed ? 'closed' : 'recovered');
      if (value !== null && isWorse(rule, value, one.alert.worst)) change(one, { worst: value });
      if (level !== one.alert.level) move(one, level, at);
    },
    end(rule, now) {
      const one = byRule.get(rule);
      if (one !== undefined) resolve(one, now, 'changed');
      recovered = recovered.filter(({ rule: { id } }) => id !== rule);
    },
    remind(now) {
      for (const one of byRule.values()) {
        const { acked, snoozedUntil, lastToldAt } = one.alert;
        if (acked !== null || (snoozedUntil !== null && now < snoozedUntil) || needs.isMuted(one.rule, now))
          continue;
        const isWoken = snoozedUntil !== null && (lastToldAt ?? 0) < snoozedUntil;
        if (one.owed !== null) tell(one, one.owed, now);
        else if (isWoken || now - (lastToldAt ?? now) >= REPEAT_EVERY_MS) tell(one, 'repeated', now);
      }
      recovered = recovered.filter(({ alert }) => isFresh(alert, now));
    },
    ack(id, said) {
      const one = openOne(id);
      if (one.alert.acked !== null)
        throw new Problem('invalid', `${one.alert.acked.by} took this on already. Reload the list.`);
      change(one, { acked: said, ackedAfterMs: said.at - one.alert.firedAt });
      if (one.alert.lastToldAt !== null) tell(one, 'acknowledged', said.at);
    },
    snooze(id, said, until) {
      change(openOne(id), { snoozed: said, snoozedUntil: until });
    },
    open: () => [...byRule.values()].map(({ alert }) => alert).sort(worstFirst),
    onWall(now, isShown) {
      const shown = [...byRule.values(), ...recovered.filter(({ alert }) => isFresh(alert, now))];
      return shown
        .filter(({ rule }) => rule.wall && isShown(rule))
        .sort((a, b) => worstFirst(a.alert, b.alert))
        .map((one) => wallAlertOf(one, now));
    },
    nextAt(now) {
      const ends = recovered.map(({ alert }) => (alert.resolvedAt ?? now) + RECOVERED_SHOWN_MS);
      const snoozes = [...byRule.values()].flatMap(({ alert }) => alert.snoozedUntil ?? []);
      return Math.min(Number.POSITIVE_INFINITY, ...[...ends, ...snoozes].filter((at) => at > now));
    },
    take() {
      if (dirty.size === 0 && turns.length === 0) return null;
      const taken = { alerts: [...dirty.values()], turns };
      dirty.clear();
      turns = [];
      return taken;
    },
  };
}

/** What quiet hours held back when it was stored. */
function owedOf({ level, levelSince, lastToldAt }: KeptAlert): Open['owed'] {
  if (lastToldAt === null) return 'fired';
  return level === 'critical' && levelSince > lastToldAt ? 'risen' : null;
}

function isFresh({ resolvedAt }: KeptAlert, now: Instant): boolean {
  return resolvedAt !== null && now - resolvedAt < RECOVERED_SHOWN_MS;
}

/** Critical before warning, those that are over last, then the oldest. */
function worstFirst(a: KeptAlert, b: KeptAlert): number {
  const rank = ({ level, resolvedAt }: KeptAlert): number =>
    resolvedAt !== null ? 2 : level === 'critical' ? 0 : 1;
  return rank(a) - rank(b) || a.levelSince - b.levelSince || (a.id < b.id ? -1 : 1);
}
