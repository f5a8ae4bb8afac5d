import { randomUUID } from 'node:crypto';
import type { SavedRule } from '../shared/alert.ts';
import type { Scope } from '../shared/figure.ts';
import { type Instant, MINUTE } from '../shared/time.ts';
import type { WireAlert } from '../shared/wire-alerts.ts';
import type { Alerting, AlertingConfig } from './alerting.ts';
import type { Clock } from './clock.ts';
import type { AlertsNeeds } from './http/alerts-routes.ts';
import type { Roster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { teamIn } from './metrics/alert-looks.ts';
import { Problem } from './problem.ts';
import type { KeptAlert, KeptRuleChange } from './store/alerts.ts';
import type { Store } from './store/store.ts';

/** Alerts that are over, and changes of rules, in one page. */
const PAGE = 50;

export interface AlertDeskNeeds {
  config: AlertingConfig;
  clock: Clock;
  log: Log;
  store: Store;
  roster: Pick<Roster, 'health'>;
  alerting: Alerting;
}

/** What HTTP needs for `/thresholds` and the alerts. Every command is logged with who gave it. */
export function openAlertDesk(needs: AlertDeskNeeds): Omit<AlertsNeeds, 'lock'> {
  const { config, clock, log, store, alerting } = needs;
  const { alerts } = alerting;
  const { book } = alerts;
  const head = () => ({ now: clock.now(), zone: config.site.zone });
  const said = (by: string) => ({ by, at: clock.now() });
  const noted = <T>(what: string, by: string, result: T, more: object = {}): T => {
    log.info({ ...more, by }, what);
    return result;
  };
  return {
    async rules() {
      const rules = book
        .all()
        .map((rule) => ({ rule, words: alerting.wordsOf(rule), standing: alerts.standing(rule.id) }));
      return { ...head(), demo: config.demo, rules: rules.sort(inOrder), ...surroundings(needs) };
    },
    async makeRule({ rule, by }) {
      return noted('rule made', by, { rule: await book.make(rule, said(by)) });
    },
    async changeRule(id, { rule, version, by }) {
      return noted('rule changed', by, { rule: await book.change(id, rule, version, said(by)) }, { id });
    },
    async turnRule(id, on, by) {
      return noted('rule switched', by, { rule: await book.turn(id, on, said(by)) }, { id, on });
    },
    async dropRule(id, by) {
      noted('rule deleted', by, await book.drop(id, said(by)), { id });
    },
    previewRule: ({ rule }) => alerting.preview(rule),
    async alerts({ after }) {
      const now = clock.now();
      const kept = await store.alertHistory({ after: after === null ? null : placeOf(after), limit: PAGE });
      const last = kept.at(-1);
      return {
        ...head(),
        demo: config.demo,
        open: alerts.open().map((alert) => wireOf(alert, now)),
        history: kept.map((alert) => wireOf(alert, now)),
        next: kept.length < PAGE || last === undefined ? null : `${last.firedAt} ${last.id}`,
        silences: alerts.silences(),
      };
    },
    async ackAlert(id, { by, why }) {
      noted('alert acknowledged', by, await alerts.ack(id, { ...said(by), why }), { alert: id });
    },
    async snoozeAlert(id, { by, why, minutes }) {
      const until = clock.now() + minutes * MINUTE;
      noted('alert snoozed', by, await alerts.snooze(id, { ...said(by), why }, until), {
        alert: id,
        minutes,
      });
    },
    async makeSilence({ scope, rule, from, to, by, why }) {
      if (rule !== null && !book.all().some(({ id }) => id === rule))
        throw new Problem('not_found', 'There is no such rule any more. Reload the list.');
      const silence = { id: randomUUID(), scope, rule, from, to, by, why };
      await alerts.silence(silence);
      return noted('silenced', by, { silence }, { scope, rule });
    },
    async endSilence(id, by) {
      const silence = alerts.silences().find((one) => one.id === id);
      if (silence === undefined)
        throw new Problem('not_found', 'This silence is over already. Reload the list.');
      noted('silence ended', by, await alerts.silence({ ...silence, to: clock.now() }), { id });
    },
    async ruleChanges({ after }) {
      const before = after === null ? null : Number(after);
      if (before !== null && !Number.isSafeInteger(before))
        throw new Problem('invalid', 'after: is no place in this list.');
      const changes = await store.ruleChanges({ before, limit: PAGE });
      return {
        ...head(),
        changes: changes.map((change) => ({
          ...change,
          ...worded(alerting, change),
          undoable: isUndoable(book.all(), change),
        })),
        next: changes.length < PAGE ? null : String(changes.at(-1)?.id),
      };
    },
    async undoChange(id, by) {
      noted('change of a rule undone', by, await book.undo(id, said(by)), { change: id });
    },
  };
}

/** Everything that a rule can name. */
function surroundings({ config, roster, clock, alerting: { channels } }: AlertDeskNeeds) {
  const { watchedScopes, boards, rules } = config;
  return {
    scopes: watchedScopes.map(({ scope, name, calls, emails, mentions }) => ({
      scope,
      name,
      team: scope === 'site' ? null : teamIn(rules, scope),
      feeds: [
        ...(calls === null ? [] : (['phones'] as const)),
        ...(emails === null ? [] : (['emails'] as const)),
        ...(mentions && scope === 'site' ? (['mentions'] as const) : []),
      ],
      targets: {
        firstRing: calls?.firstRingTarget ?? 70,
        serviceLevel: calls?.serviceLevelTarget ?? 80,
        emailsWithinHour: emails?.target ?? 80,
      },
    })),
    boards: boards.map(({ id, name, scope, chime }) => ({ id, name, scope, chime: chime !== null })),
    sources: roster.health(clock.now()).map(({ id, feeds }) => ({ id, feeds: [...feeds] })),
    channels: channels.map(({ id, kind, name }) => ({ id, kind, name })),
  };
}

/** By scope: the site first; then as they were made. */
function inOrder(a: { rule: SavedRule }, b: { rule: SavedRule }): number {
  const rank = (scope: Scope): string => (scope === 'site' ? '' : scope);
  return (
    rank(a.rule.scope).localeCompare(rank(b.rule.scope)) ||
    a.rule.metric.localeCompare(b.rule.metric) ||
    (a.rule.id < b.rule.id ? -1 : 1)
  );
}

function wireOf({ turns: _turns, lastToldAt: _last, ...alert }: KeptAlert, now: Instant): WireAlert {
  return { ...alert, lengthMs: Math.max(0, (alert.resolvedAt ?? now) - alert.firedAt) };
}

function placeOf(text: string): { at: Instant; id: string } {
  const [, at, id] = /^(\d{1,16}) (.{1,200})$/.exec(text) ?? [];
  if (at === undefined || id === undefined) throw new Problem('invalid', 'after: is no place in this list.');
  return { at: Number(at), id };
}

function worded(alerting: Alerting, { before, after }: KeptRuleChange) {
  return {
    beforeWords: before && alerting.wordsOf(before),
    afterWords: after && alerting.wordsOf(after),
  };
}

/** What would change nothing cannot be undone: a rule that is gone, or is just so. */
function isUndoable(rules: readonly SavedRule[], { rule, before }: KeptRuleChange): boolean {
  const now = rules.find(({ id }) => id === rule);
  return before === null ? now !== undefined : true;
}
