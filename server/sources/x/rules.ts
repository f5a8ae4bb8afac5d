import type { XApi } from './client.ts';

/** Characters in the query of a recent search, and so in one rule (docs.x.com "Rate limits"). */
export const QUERY_CHARS_MAX = 512;

/** A rule that X holds for the app. */
export interface HeldRule {
  id: string;
  value: string;
}

/** A rule that X does not take, and its words for why. */
export interface BadRule {
  value: string;
  why: string;
}

/** What came of bringing X's rules in step. */
export interface InStep {
  /** Ids of the rules in force that are ours. */
  ids: ReadonlySet<string>;
  /** Those of ours that X has taken. */
  good: readonly string[];
  bad: readonly BadRule[];
  /** Some of ours were not there. */
  wasBehind: boolean;
}

/** What X holds too much, and what it lacks. The rules that are right stay as they are. */
export function planRules(
  held: readonly HeldRule[],
  wanted: readonly string[],
): { remove: string[]; add: string[] } {
  const values = new Set(held.map(({ value }) => value));
  return {
    remove: held.filter(({ value }) => !wanted.includes(value)).map(({ id }) => id),
    add: [...new Set(wanted)].filter((value) => !values.has(value)),
  };
}

/**
 * Makes X's rules those of the configuration and no others: a rule of anybody else's would be read, and paid for, with
 * ours. Removing comes first, so that a full list has room.
 */
export async function keepInStep(
  api: Pick<XApi, 'rules' | 'addRules' | 'deleteRules'>,
  wanted: readonly string[],
): Promise<InStep> {
  const held = await api.rules();
  const { remove, add } = planRules(held, wanted);
  if (remove.length > 0) await api.deleteRules(remove);
  if (add.length === 0) return { ids: idsOf(held, wanted), good: wanted, bad: [], wasBehind: false };
  const bad = await api.addRules(add);
  const good = add.filter((value) => !bad.some((rule) => rule.value === value));
  const now = await api.rules();
  // One that is bad may have kept the others of its batch out.
  const left = planRules(now, good).add;
  if (left.length > 0) await api.addRules(left);
  return {
    ids: idsOf(left.length > 0 ? await api.rules() : now, wanted),
    good: wanted.filter((value) => !bad.some((rule) => rule.value === value)),
    bad,
    wasBehind: good.length > 0,
  };
}

/** The rules that X calls bad in its answer to adding them; being there already is no fault. */
export function badRulesOf(body: unknown): BadRule[] {
  const { errors } = (body ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return (errors as Record<string, unknown>[]).flatMap(({ value, title, type, detail, details }) => {
    if (typeof value !== 'string' || String(type).endsWith('/duplicate-rules')) return [];
    const why = [details, detail, title].flat().find((words) => typeof words === 'string');
    return [{ value, why: typeof why === 'string' ? why.slice(0, 200) : 'without a reason' }];
  });
}

/** The rules as queries of recent search: as few as the length of a query allows. */
export function queriesOf(rules: readonly string[]): string[] {
  const queries: string[] = [];
  let gathered: string[] = [];
  const joined = (some: readonly string[]): string =>
    some.length === 1 ? (some[0] ?? '') : some.map((rule) => `(${rule})`).join(' OR ');
  for (const rule of rules) {
    if (gathered.length > 0 && joined([...gathered, rule]).length > QUERY_CHARS_MAX) {
      queries.push(joined(gathered));
      gathered = [];
    }
    gathered.push(rule);
  }
  return gathered.length === 0 ? queries : [...queries, joined(gathered)];
}

function idsOf(held: readonly HeldRule[], wanted: readonly string[]): ReadonlySet<string> {
  return new Set(held.filter(({ value }) => wanted.includes(value)).map(({ id }) => id));
}
