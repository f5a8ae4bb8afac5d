import { type AlertRule, metricShape } from '../../../shared/alert.ts';
import { type Instant, MINUTE, SECOND, type Span } from '../../../shared/time.ts';
import type { PreviewAnswer } from '../../../shared/wire-alerts.ts';
import type { Clock } from '../../clock.ts';
import type { HistoryFigure, HistoryRules, Stay } from '../../judge/history.ts';
import type { Committed } from '../../store/store.ts';
import type { About, ReplayAnswer } from './messages.ts';
import { type Asked, startThread, type Thread } from './other-thread.ts';

const DAY = 24 * 60 * MINUTE;
/** So far back a preview goes. */
export const PREVIEW_MS = 28 * DAY;
/** Before that, so that the first window is full. */
const WARM_UP_MS = 7 * DAY;
/** What is kept of one scope and figure is let go after so long without a question. */
const KEPT_FOR_MS = 5 * MINUTE;
const KEPT_MAX = 4;
/** What was committed since is read at most this often. */
const FRESH_MS = 5 * SECOND;
/** With more changed items everything is read anew. */
const CHANGED_MAX = 50_000;
/** Items whose facts are judged in one go: a few milliseconds. */
const FACTS_AT_ONCE = 20;
/** What they tell is handed over in so many rows at a time: handing it over holds the process too. */
const SENT_AT_ONCE = 1_000;
/** A small history is answered at once. */
const WAIT_MS = 400;

export interface Replays {
  /** What a rule would have done. Quick once its scope and figure are read; never holds the process. */
  preview(rule: AlertRule): Promise<PreviewAnswer>;
  committed(committed: Committed): void;
  /** Lets go what nobody asks about any more, until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

export interface ReplaysNeeds {
  file: string;
  clock: Clock;
  rulesFor: (rule: AlertRule) => HistoryRules;
  /** Opening hours of a rule's scope. */
  openIn: (rule: AlertRule, span: Span) => Span[];
  /** Local midnights from before a span to after it. */
  midnights: (span: Span) => Instant[];
  /** What the facts of items tell of them; those that are gone are left out. */
  staysOfItems: (
    keys: readonly string[],
    about: Pick<About, 'scope' | 'figure'>,
  ) => Promise<{ key: string; stay: Stay }[]>;
}

interface Kept {
  about: About;
  reading: Promise<void>;
  isRead: boolean;
  /** True up to here. */
  asOf: Instant;
  usedAt: Instant;
  changed: Set<string>;
}

export function createReplays(needs: ReplaysNeeds): Replays {
  const { clock } = needs;
  const kept = new Map<string, Kept>();
  let thread: Thread | null = null;
  const ask = (message: Asked): Promise<ReplayAnswer> => {
    if (thread === null) {
      const mine = startThread(needs.file, () => {
        if (thread !== mine) return;
        thread = null;
        kept.clear();
      });
      thread = mine;
    }
    return thread.ask(message);
  };
  /** Judges what only facts can tell, a few at a time. */
  const addUnclear = async (name: string, about: About, keys: readonly string[]): Promise<void> => {
    let stays: { key: string; stay: Stay }[] = [];
    for (let i = 0; i < keys.length; i += FACTS_AT_ONCE) {
      stays.push(...(await needs.staysOfItems(keys.slice(i, i + FACTS_AT_ONCE), about)));
      await nextTurn();
      if (stays.length < SENT_AT_ONCE) continue;
      await ask({ what: 'part', name, stays });
      stays = [];
    }
    if (keys.length > 0) await ask({ what: 'add', name, keys: [...keys], stays });
  };
  const read = async (name: string, one: Kept): Promise<void> => {
    const now = clock.now();
    const span = { from: now - PREVIEW_MS - WARM_UP_MS, to: Number.MAX_SAFE_INTEGER };
    const { unclear = [] } = await ask({ what: 'read', name, about: one.about, span });
    await addUnclear(name, one.about, unclear);
    one.asOf = now;
    one.isRead = true;
  };
  const begin = (name: string, about: About): Kept => {
    const now = clock.now();
    const one: Kept = {
      about,
      reading: Promise.resolve(),
      isRead: false,
      asOf: now,
      usedAt: now,
      changed: new Set(),
    };
    one.reading = read(name, one);
    // Told by whoever waits for it; nothing is kept of a reading that failed.
    one.reading.catch(() => {
      if (kept.get(name) === one) kept.delete(name);
    });
    kept.set(name, one);
    return one;
  };
  const freshen = async (name: string, one: Kept): Promise<void> => {
    const now = clock.now();
    if (one.changed.size > 0 && Math.abs(now - one.asOf) >= FRESH_MS) {
      const keys = [...one.changed];
      one.changed.clear();
      try {
        const { unclear = [] } = await ask({ what: 'again', name, about: one.about, keys });
        await addUnclear(name, one.about, unclear);
      } catch (error) {
        // They are read with the next question.
        for (const key of keys) one.changed.add(key);
        throw error;
      }
      one.asOf = now;
    } else if (one.changed.size === 0 && Math.abs(now - one.asOf) >= FRESH_MS) one.asOf = now;
  };
  const forget = (name: string): void => {
    kept.delete(name);
    // One that fell meanwhile has forgotten everything.
    if (thread !== null) ask({ what: 'forget', name }).catch(() => undefined);
  };
  const makeRoom = (): void => {
    const oldest = [...kept].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [name] of oldest.slice(0, Math.max(0, kept.size - KEPT_MAX + 1))) forget(name);
  };
  const endThread = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    kept.clear();
    await ending?.close();
  };

  return {
    async preview(rule) {
      const figure = historyFigureOf(rule);
      if (figure === null) return { state: 'unknown', said: noPastOf(rule) };
      const about = { scope: rule.scope, figure, rules: needs.rulesFor(rule) };
      const name = JSON.stringify(about);
      let one = kept.get(name);
      if (one === undefined) {
        makeRoom();
        one = begin(name, about);
      }
      one.usedAt = clock.now();
      if (!one.isRead && !(await isDoneSoon(clock, one.reading)))
        return { state: 'reading', said: 'The last four weeks are being read.' };
      await freshen(name, one);
      const span = { from: one.asOf - PREVIEW_MS, to: one.asOf };
      const { ready } = await ask({
        what: 'replay',
        name,
        asked: {
          rule,
          span,
          open: needs.openIn(rule, span),
          midnights: needs.midnights({ from: span.from - WARM_UP_MS, to: span.to }),
        },
      });
      return ready ?? { state: 'reading', said: 'The last four weeks are being read.' };
    },
    committed({ items }) {
      for (const [name, { changed }] of kept) {
        for (const { key } of items) changed.add(key);
        if (changed.size > CHANGED_MAX) forget(name);
      }
    },
    async run(stop) {
      while (!stop.aborted) {
        await clock.sleep(MINUTE, stop);
        const now = clock.now();
        for (const [name, { usedAt }] of kept) if (Math.abs(now - usedAt) > KEPT_FOR_MS) forget(name);
        if (kept.size === 0) await endThread();
      }
      await endThread();
    },
  };
}

/** What is read of the past for a rule; null where nothing of it is kept. */
export function historyFigureOf({ metric }: Pick<AlertRule, 'metric'>): HistoryFigure | null {
  const { figure, kind } = metricShape(metric);
  if (kind === 'rate') return null;
  if (figure !== null) return figure;
  if (metric === 'longestWaiting' || metric === 'callersWaiting') return 'waiting';
  return metric === 'emailsOverdue' ? 'overdue' : null;
}

/** Why a rule cannot be tried on the past, and what to do instead. */
function noPastOf({ metric }: Pick<AlertRule, 'metric'>): string {
  const instead =
    'You can save it and switch it on: it begins to watch at once, and you can change it any time.';
  if (metric === 'mentionRate')
    return `This compares each hour with the week before, which the preview cannot do yet. ${instead}`;
  const what =
    metric === 'sourceSilent'
      ? 'how long a source was silent'
      : metric === 'boardDark'
        ? 'how long a screen was dark'
        : 'how this stood in the past';
  return `No record is kept of ${what}, so there is nothing to try the rule on. ${instead}`;
}

async function isDoneSoon(clock: Clock, reading: Promise<void>): Promise<boolean> {
  const enough = new AbortController();
  const isDone = await Promise.race([
    reading.then(() => true),
    clock.sleep(WAIT_MS, enough.signal).then(() => false),
  ]);
  enough.abort();
  return isDone;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
