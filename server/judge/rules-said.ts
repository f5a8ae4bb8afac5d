/** One setting that figures or targets depend on, as it is compared from one start to the next. */
export interface RuleSetting {
  /** Whose it is, by id: `site`, `team/<id>`; with `what` it names the setting. */
  owner: string;
  /** The owner's name, for people; null where the setting needs none. */
  of: string | null;
  /** What it is, for people: "First ring target". */
  what: string;
  value: string;
  /** Whether the value can be told; a hash of something long cannot. */
  isTold: boolean;
}

/** The setting that is the number of the formulas themselves. */
export const RULE_BOOK = 'Rule book';

/** Changes told of one start; what is more is told as a number. */
export const CHANGES_MAX = 20;
/** Owners named of one change. */
const OWNERS_NAMED = 3;

/**
 * What differs between two starts, in words for a person: "First ring target of Patient Support changed from 70 % to
 * 75 %". The same change of several owners is told once; an owner that came or went is told without its settings.
 */
export function ruleChanges(before: readonly RuleSetting[], after: readonly RuleSetting[]): string[] {
  const was = new Map(before.map((one) => [keyOf(one), one]));
  const is = new Map(after.map((one) => [keyOf(one), one]));
  const owners = { was: ownersOf(before), is: ownersOf(after) };
  const changed = new Map<string, { words: string; of: (string | null)[] }>();
  const note = (words: string, of: string | null): void => {
    const same = changed.get(words);
    if (same === undefined) changed.set(words, { words, of: [of] });
    else same.of.push(of);
  };
  for (const [key, one] of is) {
    const old = was.get(key);
    if (old === undefined) {
      if (owners.was.has(one.owner)) note(`${one.what}# was added${toldAs(one, ': ')}`, one.of);
    } else if (old.value !== one.value) {
      if (one.what === RULE_BOOK) note(formulaChanged(one.value), null);
      else
        note(
          one.isTold && old.isTold
            ? `${one.what}# changed from ${old.value} to ${one.value}`
            : `${one.what}# changed`,
          one.of,
        );
    }
  }
  for (const [key, one] of was)
    if (!is.has(key) && owners.is.has(one.owner)) note(`${one.what}# was removed`, one.of);
  const told = [...changed.values()].map(({ words, of }) => words.replace('#', ownersNamed(of)));
  if (told.length <= CHANGES_MAX) return told;
  return [...told.slice(0, CHANGES_MAX - 1), `${told.length - CHANGES_MAX + 1} more settings changed`];
}

/** A new rule book judges everything again. */
export function formulaChanged(book: string): string {
  return `The formula changed (rule book ${book})`;
}

function keyOf({ owner, what }: RuleSetting): string {
  return `${owner}\n${what}`;
}

function ownersOf(settings: readonly RuleSetting[]): Set<string> {
  return new Set(settings.map(({ owner }) => owner));
}

function toldAs({ isTold, value }: RuleSetting, before: string): string {
  return isTold ? `${before}${value}` : '';
}

function ownersNamed(of: readonly (string | null)[]): string {
  const names = of.filter((name) => name !== null);
  if (names.length === 0) return '';
  if (names.length === 1) return ` of ${names[0]}`;
  if (names.length <= OWNERS_NAMED) return ` of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return ` of ${names.slice(0, OWNERS_NAMED).join(', ')} and ${names.length - OWNERS_NAMED} more`;
}
