import type { CallView, Contact, Judged, Live, Pending, Settled } from '../../judge/verdict.ts';

/** Compact JSON of a verdict. An instant that never comes (Infinity) is written as null. */
export function encodeJudged(judged: Judged): string {
  const compact: Compact = {};
  if (judged.settled.length > 0) compact.s = groupSettled(judged.settled);
  if (judged.pending.length > 0) compact.p = judged.pending.map((p) => [p.figure, p.scope, p.at, p.lostAt]);
  if (judged.live.length > 0) compact.l = judged.live;
  if (judged.views.length > 0) compact.v = judged.views.map((view) => viewKeys.map((key) => view[key]));
  if (judged.contacts.length > 0) compact.c = judged.contacts;
  return JSON.stringify(compact);
}

/** The verdict that was written, equal to it member by member. */
export function decodeJudged(text: string): Judged {
  const compact = JSON.parse(text) as Compact;
  return {
    settled: (compact.s ?? []).flatMap(ungroupSettled),
    pending: (compact.p ?? []).map(([figure, scope, at, lostAt]) => ({
      figure,
      scope,
      at,
      lostAt: lostAt ?? Infinity,
    })),
    live: (compact.l ?? []).map(withNever),
    views: (compact.v ?? []).map(
      (row) => Object.fromEntries(viewKeys.map((key, i) => [key, row[i]])) as unknown as CallView,
    ),
    contacts: compact.c ?? [],
  };
}

/** The contacts alone of a verdict in the column `judged`, as text for `decodeContacts`; null when it has none. */
export const contactsColumn = "judged -> '$.c'";

export function decodeContacts(text: string): Contact[] {
  return JSON.parse(text) as Contact[];
}

interface Compact {
  s?: SettledGroup[];
  p?: [Pending['figure'], Pending['scope'], number, number | null][];
  l?: Live[];
  v?: CallView[keyof CallView][][];
  c?: Contact[];
}

/** Scope and instant once, then figure, n and d of each. */
type SettledGroup = [Settled['scope'], number, ...(Settled['figure'] | number)[]];

const viewKeys = [
  'scope',
  'offeredAt',
  'outcome',
  'firstRing',
  'ringMs',
  'waitMs',
  'preRingMs',
  'menuMs',
  'talkMs',
  'talkingSince',
] as const satisfies readonly (keyof CallView)[];

/** Does not compile when a view has a member that is not written. */
type EveryViewKey = Exclude<keyof CallView, (typeof viewKeys)[number]> extends never ? true : never;
true satisfies EveryViewKey;

function groupSettled(settled: readonly Settled[]): SettledGroup[] {
  const groups: SettledGroup[] = [];
  let last: SettledGroup | undefined;
  for (const { scope, at, figure, n, d } of settled) {
    if (last === undefined || last[0] !== scope || last[1] !== at) {
      last = [scope, at];
      groups.push(last);
    }
    last.push(figure, n, d);
  }
  return groups;
}

function ungroupSettled([scope, at, ...rest]: SettledGroup): Settled[] {
  const settled: Settled[] = [];
  for (let i = 0; i < rest.length; i += 3) {
    settled.push({
      figure: rest[i] as Settled['figure'],
      scope,
      at,
      n: rest[i + 1] as number,
      d: rest[i + 2] as number,
    });
  }
  return settled;
}

function withNever(live: Live): Live {
  const until = live.until ?? Infinity;
  return live.what === 'call' ? { ...live, until } : { ...live, dueAt: live.dueAt ?? Infinity, until };
}
