import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type AlertRule, RULES_MAX, type SavedRule } from '../../shared/alert.ts';
import { createInTurn } from '../../shared/in-turn.ts';
import type { Instant } from '../../shared/time.ts';
import { Problem } from '../problem.ts';
import type { AlertsBatch, KeptRuleChange, RuleChange } from '../store/alerts.ts';
import type { Store } from '../store/store.ts';

/** Who sets a rule, and when. */
export interface By {
  by: string;
  at: Instant;
}

/** The rules, and who changed which: every change is saved with its record, and an undo is a change of its own. */
export interface RuleBook {
  all(): SavedRule[];
  make(rule: AlertRule, said: By): Promise<SavedRule>;
  /** `version`: of the rule as it was read. */
  change(id: string, rule: AlertRule, version: number, said: By): Promise<SavedRule>;
  turn(id: string, on: boolean, said: By): Promise<SavedRule>;
  drop(id: string, said: By): Promise<void>;
  /** Puts a rule back to what it was before a change; null when it was not there before. */
  undo(change: number, said: By): Promise<SavedRule | null>;
  /** Makes the usual rules of teams that have none yet, switched off. */
  welcome(teams: readonly { team: string; rules: readonly AlertRule[] }[], at: Instant): Promise<void>;
}

export interface RuleBookNeeds {
  store: Pick<Store, 'saveAlerts' | 'alertRules' | 'alertTeams' | 'ruleChange'>;
  /** Throws a Problem where a rule names what is not there. */
  check: (rule: AlertRule) => void;
  /** A change is saved. */
  changed: () => void;
}

/** Whoever made the usual rules. */
const US = 'First Ring';

export async function openRuleBook(needs: RuleBookNeeds): Promise<RuleBook> {
  const { store, check, changed } = needs;
  const rules = new Map((await store.alertRules()).map((rule) => [rule.id, rule]));
  const inTurn = createInTurn();
  const existing = (id: string): SavedRule => {
    const rule = rules.get(id);
    if (rule === undefined)
      throw new Problem('not_found', 'There is no such rule any more. Reload the list.');
    return rule;
  };
  const put = async (
    what: RuleChange['what'],
    before: SavedRule | null,
    after: SavedRule,
    { at, by }: By,
  ): Promise<SavedRule> => {
    await store.saveAlerts({ rules: [after], changes: [{ rule: after.id, what, before, after, at, by }] });
    rules.set(after.id, after);
    changed();
    return after;
  };
  const drop = async (what: RuleChange['what'], before: SavedRule, { at, by }: By): Promise<void> => {
    const change = { rule: before.id, what, before, after: null, at, by };
    await store.saveAlerts({ droppedRules: [before.id], changes: [change] });
    rules.delete(before.id);
    changed();
  };
  return {
    all: () => [...rules.values()],
    make: (rule, said) =>
      inTurn(async () => {
        check(rule);
        checkRoom(rules.size);
        return put('made', null, saved(rule, { id: randomUUID(), version: 1 }, said), said);
      }),
    change: (id, rule, version, said) =>
      inTurn(async () => {
        check(rule);
        const before = existing(id);
        if (before.version !== version)
          throw new Problem(
            'invalid',
            `${before.changedBy} changed this rule meanwhile. Reload it, and make your change again.`,
          );
        const after = saved(rule, { id, version: version + 1 }, said);
        return put(whatChanged(before, rule), before, after, said);
      }),
    turn: (id, on, said) =>
      inTurn(async () => {
        const before = existing(id);
        if (before.on === on) return before;
        if (on) check({ ...before, on });
        const after = saved({ ...ruleIn(before), on }, { id, version: before.version + 1 }, said);
        return put(on ? 'switched on' : 'switched off', before, after, said);
      }),
    drop: (id, said) => inTurn(async () => drop('deleted', existing(id), said)),
    undo: (change, said) =>
      inTurn(async () => {
        const { rule, before } = await changeIn(store, change);
        const now = rules.get(rule) ?? null;
        if (before === null) {
          await drop('undone', existing(rule), said);
          return null;
        }
        check(ruleIn(before));
        if (now === null) checkRoom(rules.size);
        // Its number goes on rising, so that what was read before is never taken for what is so now.
        const version = (now?.version ?? before.version) + 1;
        return put('undone', now, saved(ruleIn(before), { id: rule, version }, said), said);
      }),
    welcome: (teams, at) =>
      inTurn(async () => {
        const known = new Set(await store.alertTeams());
        const fresh = teams.filter(({ team }) => !known.has(team));
        if (fresh.length === 0) return;
        const said = { by: US, at };
        const made = fresh.flatMap((one) =>
          one.rules.map((rule) => saved(rule, { id: randomUUID(), version: 1 }, said)),
        );
        const batch: AlertsBatch = {
          rules: made,
          changes: made.map((after) => ({ rule: after.id, what: 'made', before: null, after, ...said })),
          teams: fresh.map(({ team }) => ({ team, at })),
        };
        await store.saveAlerts(batch);
        for (const rule of made) rules.set(rule.id, rule);
        changed();
      }),
  };
}

function checkRoom(count: number): void {
  if (count >= RULES_MAX)
    throw new Problem('too_many', `There are ${RULES_MAX} rules, which is the most. Delete one first.`);
}

/** A rule without what only a saved one has. */
export function ruleIn({
  id: _id,
  version: _version,
  changedAt: _at,
  changedBy: _by,
  ...rule
}: SavedRule): AlertRule {
  return rule;
}

/** A rule that was only switched is said to be that. */
function whatChanged(before: SavedRule, rule: AlertRule): RuleChange['what'] {
  if (before.on === rule.on || !isDeepStrictEqual({ ...ruleIn(before), on: rule.on }, rule)) return 'changed';
  return rule.on ? 'switched on' : 'switched off';
}

async function changeIn(store: Pick<Store, 'ruleChange'>, id: number): Promise<KeptRuleChange> {
  const change = await store.ruleChange(id);
  if (change === null) throw new Problem('not_found', 'There is no such change. Reload the list.');
  return change;
}

function saved(rule: AlertRule, { id, version }: { id: string; version: number }, { by, at }: By): SavedRule {
  return { ...rule, id, version, changedAt: at, changedBy: by };
}
