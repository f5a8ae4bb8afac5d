import { type AlertWindow, metricShape, type SavedRule } from '../../shared/alert.ts';
import type { FigureId, Scope } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, type Span } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import type { Committed, Item, Store } from '../store/store.ts';
import { EVER, type VerdictPart, type VerdictRow } from '../store/verdict-reads.ts';
import { alone, turn } from './alone.ts';
import { createOpenItems, type OpenItems } from './open-items.ts';
import {
  addVerdict,
  createTrack,
  dropVerdict,
  forgetVerdicts,
  inOrder,
  type Track,
  type Verdict,
} from './recent-verdicts.ts';

const DAY = 24 * HOUR;
/** How far back the last items of a quiet team are looked for. */
const LAST_BACK_DAYS = 28;
/** The longest local day, and the longest rolling window. */
const RECENT_MS = 26 * HOUR;
/** Five weeks: the day a week before, holidays stepped over. */
const BASELINE_MS = 36 * DAY;
const FORGET_EVERY_MS = HOUR;

/** What rules look at, kept in memory and true to the last commit: recent verdicts, and what is open. */
export interface AlertTracks {
  /** What these rules look at is kept from now on; `prepare` reads what is not there yet. */
  want(rules: readonly SavedRule[]): void;
  /** True when everything wanted is there. */
  ready(): boolean;
  /** Reads what is wanted and not there; one reading at a time. Rejects with the store's error. */
  prepare(now: Instant): Promise<void>;
  /** Takes over what a commit changed; synchronous, called in commit order. */
  apply(committed: Committed): void;
  /** Null while it is not there yet. */
  track(scope: Scope, figure: FigureId): Track | null;
  /** Null before the first reading. */
  open(): OpenItems | null;
  /** Raised with each commit that changed what is open. */
  openVersion(): number;
}

interface Wanted {
  scope: Scope;
  figure: FigureId;
  /** Of the newest this many are kept, however old. */
  items: number;
  horizonMs: number;
}

interface Kept {
  tracks: Map<string, Track>;
  wanted: Map<string, Wanted>;
  open: OpenItems;
}

export function createAlertTracks({ store, rules }: { store: Store; rules: Rules }): AlertTracks {
  let wanted = new Map<string, Wanted>();
  let kept: Kept | null = null;
  let openVersion = 0;
  let isWanted = true;
  let forgotAt = Number.NEGATIVE_INFINITY;
  /** Commits told of while a reading is under way. */
  let meanwhile: Committed[] | null = null;
  let running: Promise<void> | null = null;

  const ready = (): boolean =>
    !isWanted || (kept !== null && [...wanted].every(([key, one]) => isKept(kept, key, one)));

  const read = async (now: Instant): Promise<void> => {
    const next: Kept = { tracks: new Map(), wanted: new Map(wanted), open: createOpenItems(rules) };
    for (const [key, { scope, figure }] of wanted) next.tracks.set(key, createTrack(scope, figure));
    const parts = partsOf(next, now);
    const pages = store.verdicts(parts)[Symbol.asyncIterator]();
    try {
      let page: Awaited<ReturnType<typeof pages.next>> | undefined;
      await alone(store, async () => {
        meanwhile = [];
        for (const item of await store.openItems()) next.open.replace(item.key, item);
        page = await pages.next();
      });
      for (; page?.done === false; page = await pages.next()) {
        for (const row of page.value.rows) take(next.tracks, row, page.value.part.span);
        await turn();
      }
      for (const track of next.tracks.values()) track.verdicts.sort(inOrder);
      for (const committed of meanwhile ?? []) applyTo(next, committed);
    } finally {
      meanwhile = null;
      // Pages that nobody reads on would hold the moment at which they were begun.
      await pages.return?.();
    }
    for (const [key, track] of next.tracks) track.version = (kept?.tracks.get(key)?.version ?? 0) + 1;
    kept = next;
    openVersion += 1;
  };

  return {
    want(all) {
      wanted = wantedOf(all);
      isWanted = all.length > 0;
      // Where no rule is on, no commit is followed.
      if (!isWanted) kept = null;
      for (const [key, one] of wanted) if (kept !== null && !isKept(kept, key, one)) return;
      // Nobody looks at them any more.
      for (const key of kept?.tracks.keys() ?? []) if (!wanted.has(key)) kept?.tracks.delete(key);
    },
    ready,
    async prepare(now) {
      while (!ready()) {
        running ??= read(now).finally(() => {
          running = null;
        });
        await running;
      }
    },
    apply(committed) {
      meanwhile?.push(committed);
      if (kept === null) return;
      if (applyTo(kept, committed)) openVersion += 1;
      if (Math.abs(committed.at - forgotAt) < FORGET_EVERY_MS) return;
      forgotAt = committed.at;
      for (const [key, track] of kept.tracks) {
        const { horizonMs = RECENT_MS, items = 0 } = kept.wanted.get(key) ?? {};
        forgetVerdicts(track, committed.at - horizonMs, items);
      }
    },
    track: (scope, figure) => kept?.tracks.get(keyOf(scope, figure)) ?? null,
    open: () => kept?.open ?? null,
    openVersion: () => openVersion,
  };
}

function isKept(kept: Kept | null, key: string, { items, horizonMs }: Wanted): boolean {
  const has = kept?.wanted.get(key);
  return (
    kept?.tracks.has(key) === true && has !== undefined && has.items >= items && has.horizonMs >= horizonMs
  );
}

/** What rules look at, by scope and figure; of several rules the longest reach. */
function wantedOf(rules: readonly SavedRule[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const rule of rules) {
    const { figure, kind } = metricShape(rule.metric);
    if (figure === null) continue;
    const key = keyOf(rule.scope, figure);
    const before = wanted.get(key);
    wanted.set(key, {
      scope: rule.scope,
      figure,
      items: Math.max(before?.items ?? 0, itemsOf(rule.window), kind === 'burn' ? 10 : 0),
      horizonMs: Math.max(before?.horizonMs ?? 0, kind === 'rate' ? BASELINE_MS : RECENT_MS),
    });
  }
  return wanted;
}

function itemsOf(window: AlertWindow | null): number {
  return window?.kind === 'last' ? window.items : 0;
}

/** The newest first: the last day whole, then posts for the weeks before, then day by day what still wants items. */
function* partsOf({ tracks, wanted }: Kept, now: Instant): Generator<VerdictPart> {
  if (wanted.size === 0) return;
  let from = now - RECENT_MS - MINUTE;
  yield { span: { from, to: EVER }, only: 'all' };
  if ([...wanted.values()].some(({ horizonMs }) => horizonMs > RECENT_MS))
    yield { span: { from: now - BASELINE_MS, to: from }, only: 'posts' };
  for (let day = 1; day <= LAST_BACK_DAYS; day += 1) {
    const short = [...wanted].filter(([key, { items }]) => (tracks.get(key)?.verdicts.length ?? 0) < items);
    if (short.length === 0) return;
    const scopes = [...new Set(short.map(([, { scope }]) => scope))];
    yield { span: { from: from - DAY, to: from }, only: scopes };
    from -= DAY;
  }
}

/** Only what lies inside the part: what reaches over two is read twice. A pending verdict is read with the newest. */
function take(tracks: ReadonlyMap<string, Track>, row: VerdictRow, span: Span): void {
  for (const verdict of verdictsOf(row)) {
    const track = tracks.get(keyOf(verdict.scope, verdict.figure));
    if (track === undefined || verdict.at < span.from || verdict.at >= span.to) continue;
    if (verdict.lostAt === null) track.verdicts.push(verdict);
    else track.pending.add(verdict);
  }
}

/** True when what is open changed. */
function applyTo({ tracks, open }: Kept, { items }: Committed): boolean {
  let isOpenChanged = false;
  for (const { key, before, after } of items) {
    if (isOpen(before) || isOpen(after)) isOpenChanged = true;
    open.replace(key, after);
    if (tracks.size === 0) continue;
    const [was, is] = [
      before === null ? [] : verdictsOf(rowOf(before)),
      after === null ? [] : verdictsOf(rowOf(after)),
    ];
    for (const verdict of was) {
      const track = tracks.get(keyOf(verdict.scope, verdict.figure));
      if (track !== undefined && !is.some((one) => isSame(one, verdict))) dropVerdict(track, verdict);
    }
    for (const verdict of is) {
      const track = tracks.get(keyOf(verdict.scope, verdict.figure));
      if (track !== undefined && !was.some((one) => isSame(one, verdict))) addVerdict(track, verdict);
    }
  }
  return isOpenChanged;
}

function isOpen(item: Item | null): boolean {
  return item !== null && item.judged.live.length > 0;
}

function rowOf({ key, source, judged: { settled, pending } }: Item): VerdictRow {
  return { key, source, settled, pending };
}

type Placed = Verdict & { scope: Scope; figure: FigureId };

function verdictsOf({ key, source, settled, pending }: VerdictRow): Placed[] {
  return [
    ...settled.map((one) => ({ ...one, key, source, lostAt: null })),
    ...pending.map((one) => ({ ...one, key, source, n: 0, d: 1 })),
  ];
}

function isSame(a: Placed, b: Placed): boolean {
  return (
    a.figure === b.figure &&
    a.scope === b.scope &&
    a.at === b.at &&
    a.lostAt === b.lostAt &&
    a.n === b.n &&
    a.d === b.d
  );
}

function keyOf(scope: Scope, figure: FigureId): string {
  return `${figure} ${scope}`;
}
