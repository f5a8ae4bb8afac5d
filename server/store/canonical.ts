import type { Fact } from '../fact.ts';

/** JSON with sorted keys at every depth: equal contents give equal texts. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * Which of two facts with the same key is kept: `same` when their contents are equal, otherwise the earlier instant
 * wins and a tie goes to the smaller canonical JSON (definitions §0). The rule is a total order, so that any order of
 * arrival keeps the same one.
 */
export function winnerOf(kept: Fact, came: Fact): 'same' | 'kept' | 'came' {
  const keptJson = canonicalJson(kept);
  const cameJson = canonicalJson(came);
  if (keptJson === cameJson) return 'same';
  if (kept.at !== came.at) return kept.at < came.at ? 'kept' : 'came';
  return keptJson < cameJson ? 'kept' : 'came';
}
