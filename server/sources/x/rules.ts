import type { XApi } from './client.ts';

/** Characters in the query of a recent search, and so in one rule (docs.x.com "Rate limits"). */
export const QUERY_CHARS_MAX = 512;

/** Ours are told by it from others in X's own list. */
export const TAG = 'first-ring';

/** A rule that X holds for the app. */
export interface HeldRule {
  id: string;
  value: string;
  tag: string | null;
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
  /** Rules that somebody else made. */
  others: readonly string[];
  /** Ids of those of ours that were removed: what they found may still be on its way. */
  removed: readonly string[];
  /** Some of ours were not there. */
  wasBehind: boolean;
}

/** What of ours X holds too much and lacks, and what is others'. The rules that are right stay as they are. */
export function planRules(
  held: readonly HeldRule[],
  wanted: readonly string[],
): { remove: string[]; add: string[]; others: string[] } {
  const values = new Set(held.map(({ value }) => value));
  const unwanted = held.filter(({ value }) => !wanted.includes(value));
  return {
    remove: unwanted.filter(({ tag }) => tag === TAG).map(({ id }) => id),
    add: [...new Set(wanted)].filter((value) => !values.has(value)),
    others: unwanted.filter(({ tag }) => tag !== TAG).map(({ value }) => value),
  };
}

/**
 * Makes our rules at X those of the configuration. Rules that bear no tag of ours are left alone: nobody could put back
 * what another program has lost. Removing comes first, so that a full list has room.
 */
export async function keepInStep(
  api: Pick<XApi, 'rules' | 'addRules' | 'deleteRules'>,
  wanted: readonly string[],
): Promise<InStep> {
  const held = await api.rules();
  const { remove, add, others } = planRules(held, wanted);
  if (remove.length > 0) await api.deleteRules(remove);
  const seen = { others, removed: remove };
  if (add.length === 0) return { ...seen, ids: idsOf(held, wanted), good: wanted, bad: [], wasBehind: false };
  const bad = await api.addRules(add);
  const good = add.filter((value) => !bad.some((rule) => rule.value === value));
  const now = await api.rules();
  // One that is bad may have kept the others of its batch out.
  const left = planRules(now, good).add;
  if (left.length > 0) await api.addRules(left);
  return {
    ...seen,
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

/** What a person should know of rules that are not ours. */
export function strangersWords([first, ...more]: readonly string[]): string {
  const which =
    first === undefined
      ? ''
      : ` ("${first.slice(0, 60)}"${more.length > 0 ? ` and ${more.length} more` : ''})`;
  return `This X app has rules that are not First Ring's${which}. They are left alone; what they find is paid for and not counted. Delete them, or give First Ring an app of its own.`;
}

/** The rules in as few groups as the length of a query of recent search allows. */
export function groupsOf(rules: readonly string[]): string[][] {
  const groups: string[][] = [];
  let gathered: string[] = [];
  for (const rule of rules) {
    if (gathered.length > 0 && queryOf([...gathered, rule]).length > QUERY_CHARS_MAX) {
      groups.push(gathered);
      gathered = [];
    }
    gathered.push(rule);
  }
  return gathered.length === 0 ? groups : [...groups, gathered];
}

/** One query that finds what any of these rules finds. */
export function queryOf(group: readonly string[]): string {
  return group.length === 1 ? (group[0] ?? '') : group.map((rule) => `(${rule})`).join(' OR ');
}

function idsOf(held: readonly HeldRule[], wanted: readonly string[]): ReadonlySet<string> {
  return new Set(held.filter(({ value }) => wanted.includes(value)).map(({ id }) => id));
}
