import type { CallView, Contact, Judged, Live, Pending, Reply, Settled } from '../../judge/verdict.ts';

/**
 * Compact JSON of a verdict but its contacts: what several scopes in a row have alike is written once. An instant that
 * never comes (Infinity) is written as null.
 */
export function encodeJudged({ settled, pending, live, views, replies }: Judged): string {
  const compact: Compact = {};
  if (settled.length > 0) compact.s = groupSettled(settled);
  if (pending.length > 0) compact.p = pending.map((p) => [p.figure, p.scope, p.at, p.lostAt]);
  if (live.length > 0) compact.l = live;
  if (views.length > 0) compact.v = groupViews(views);
  if (replies.length > 0) compact.r = replies;
  return JSON.stringify(compact);
}

/** The verdict that was written, equal to it member by member. */
export function decodeJudged(text: string, contacts: string | null): Judged {
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
    views: (compact.v ?? []).flatMap(ungroupViews),
    replies: (compact.r ?? []).map(withDue),
    contacts: decodeContacts(contacts),
  };
}

export function encodeContacts(contacts: readonly Contact[]): string | null {
  return contacts.length === 0 ? null : JSON.stringify(contacts);
}

export function decodeContacts(text: string | null): Contact[] {
  return text === null ? [] : (JSON.parse(text) as Contact[]);
}

/** The views alone of a verdict in the column `judged`, as text for `decodeViews`; null when it has none. */
export const viewsColumn = "judged -> '$.v'";

export function decodeViews(text: string | null): CallView[] {
  return text === null ? [] : (JSON.parse(text) as ViewGroup[]).flatMap(ungroupViews);
}

/** What is settled alone, as text for `decodeSettled`; null when nothing is. */
export const settledColumn = "judged -> '$.s'";

export function decodeSettled(text: string | null): Settled[] {
  return text === null ? [] : (JSON.parse(text) as SettledGroup[]).flatMap(ungroupSettled);
}

/** What is live alone, as text for `decodeLive`; null when nothing is. */
export const liveColumn = "judged -> '$.l'";

export function decodeLive(text: string | null): Live[] {
  return text === null ? [] : (JSON.parse(text) as Live[]).map(withNever);
}

/** What was owed to emails alone, as text for `decodeReplies`; null when nothing was. */
export const repliesColumn = "judged -> '$.r'";

export function decodeReplies(text: string | null): Reply[] {
  return text === null ? [] : (JSON.parse(text) as Reply[]).map(withDue);
}

interface Compact {
  s?: SettledGroup[];
  p?: [Pending['figure'], Pending['scope'], number, number | null][];
  l?: Live[];
  v?: ViewGroup[];
  r?: Reply[];
}

/** Scopes and instant once, then figure, n and d of each. */
type SettledGroup = [scopes: Settled['scope'][], at: number, ...(Settled['figure'] | number)[]];

/** Scopes once, the time in the menu of each, then what they have alike. */
type ViewGroup = [
  scopes: CallView['scope'][],
  menuMs: (number | null)[] | null,
  ...CallView[(typeof viewKeys)[number]][],
];

const viewKeys = [
  'offeredAt',
  'outcome',
  'firstRing',
  'ringMs',
  'waitMs',
  'preRingMs',
  'talkMs',
  'talkingSince',
  'reactionMs',
] as const satisfies readonly (keyof CallView)[];

/** Does not compile when a view has a member that is not written. */
type EveryViewKey =
  Exclude<keyof CallView, (typeof viewKeys)[number] | 'scope' | 'menuMs'> extends never ? true : never;
true satisfies EveryViewKey;

function groupSettled(settled: readonly Settled[]): SettledGroup[] {
  const groups: SettledGroup[] = [];
  let last: SettledGroup | undefined;
  let scope: Settled['scope'] | undefined;
  for (const one of settled) {
    if (last === undefined || scope !== one.scope || last[1] !== one.at) {
      if (last !== undefined) addOrMerge(groups, last);
      last = [[one.scope], one.at];
      scope = one.scope;
    }
    last.push(one.figure, one.n, one.d);
  }
  if (last !== undefined) addOrMerge(groups, last);
  return groups;
}

/** A group like the one before it adds its scope there. */
function addOrMerge(groups: SettledGroup[], group: SettledGroup): void {
  const before = groups.at(-1);
  if (before?.length !== group.length) return void groups.push(group);
  for (let i = 1; i < group.length; i += 1) if (before[i] !== group[i]) return void groups.push(group);
  before[0].push(...group[0]);
}

function ungroupSettled([scopes, at, ...rest]: SettledGroup): Settled[] {
  const settled: Settled[] = [];
  for (const scope of scopes) {
    for (let i = 0; i < rest.length; i += 3) {
      const [figure, n, d] = [rest[i] as Settled['figure'], rest[i + 1] as number, rest[i + 2] as number];
      settled.push({ figure, scope, at, n, d });
    }
  }
  return settled;
}

function groupViews(views: readonly CallView[]): ViewGroup[] {
  const groups: ViewGroup[] = [];
  let first: CallView | undefined;
  for (const view of views) {
    const group = groups.at(-1);
    if (first === undefined || group === undefined || !isAlike(first, view)) {
      first = view;
      groups.push([
        [view.scope],
        view.menuMs === null ? null : [view.menuMs],
        view.offeredAt,
        view.outcome,
        view.firstRing,
        view.ringMs,
        view.waitMs,
        view.preRingMs,
        view.talkMs,
        view.talkingSince,
        // Mostly the ring time, and then not written.
        ...(view.reactionMs === view.ringMs ? [] : [view.reactionMs]),
      ]);
      continue;
    }
    group[0].push(view.scope);
    if (view.menuMs === null && group[1] === null) continue;
    group[1] ??= group[0].slice(1).map(() => null);
    group[1].push(view.menuMs);
  }
  return groups;
}

function isAlike(a: CallView, b: CallView): boolean {
  for (const key of viewKeys) if (a[key] !== b[key]) return false;
  return true;
}

function ungroupViews([scopes, menus, ...values]: ViewGroup): CallView[] {
  const [
    offeredAt,
    outcome,
    firstRing,
    ringMs,
    waitMs,
    preRingMs,
    talkMs,
    talkingSince,
    reactionMs = ringMs,
  ] = values as [
    number,
    CallView['outcome'],
    CallView['firstRing'],
    number | null,
    number | null,
    number | null,
    number | null,
    number | null,
    number | null | undefined,
  ];
  return scopes.map((scope, i) => ({
    scope,
    offeredAt,
    outcome,
    firstRing,
    ringMs,
    waitMs,
    preRingMs,
    menuMs: menus?.[i] ?? null,
    talkMs,
    talkingSince,
    reactionMs,
  }));
}

function withDue(reply: Reply): Reply {
  return { ...reply, dueAt: reply.dueAt ?? Infinity };
}

function withNever(live: Live): Live {
  const until = live.until ?? Infinity;
  return live.what === 'call' ? { ...live, until } : { ...live, dueAt: live.dueAt ?? Infinity, until };
}
