import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { nextLook } from '../../server/alerts/look-step.ts';
import { createWatch, type Look } from '../../server/alerts/watch.ts';
import type { Rules } from '../../server/judge/rules.ts';
import { createLooks } from '../../server/metrics/alert-looks.ts';
import { createAlertTracks } from '../../server/metrics/alert-tracks.ts';
import { createDayFinder } from '../../server/metrics/board-day.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Committed, Item, Store } from '../../server/store/store.ts';
import type { AlertRule, SavedRule } from '../../shared/alert.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { fillDatabase } from '../bulk.ts';
import { DATA_NOW } from '../large-data.ts';
import { type Measured, type Row, rowFrom } from '../row.ts';
import { rulesOfSite } from '../site.ts';
import { quantile } from '../statistics.ts';
import { measurePreviews, plain } from './previews.ts';

export interface AlertSizes {
  /** Commits that are followed by a look of every rule that they touch. */
  looks: number;
  /** Calls a day of the four weeks. */
  callsADay: number;
  /** Previews, each of another level. */
  previews: number;
}

const RULES = 1_000;
const QUEUES = 100;
const WEEKS_MS = 28 * 24 * HOUR;

const looking: Measured = {
  name: 'a thousand rules on a hundred queues, one look',
  unit: 'ms',
  note: 'after a commit of one call, 99th percentile; 20,000 calls a day in memory',
  bar: { of: 'value', most: 10 },
};
const all: Measured = {
  name: 'a thousand rules on a hundred queues, every rule looked at',
  unit: 'ms',
  note: 'as after a change of a source, 99th percentile',
  bar: { of: 'value', most: 10 },
};
/** What rules cost while the day goes on, and what trying one on the past costs. */
export async function measureAlerts(folder: string, sizes: AlertSizes): Promise<Row[]> {
  const dataDir = join(folder, 'alerts');
  mkdirSync(dataDir);
  const rules = await rulesOfSite(dataDir);
  const file = join(dataDir, 'four-weeks.sqlite');
  const calls = Math.round((sizes.callsADay * WEEKS_MS) / (24 * HOUR));
  const busy = [{ from: DATA_NOW - WEEKS_MS, to: DATA_NOW - 10 * MINUTE, count: calls }];
  await fillDatabase({ file, rules, calls: busy, mail: [], now: DATA_NOW, tell: () => undefined });
  const store = await openSqliteStore({ file });
  try {
    return [
      ...(await measureLooks(rules, sizes)),
      ...(await measurePreviews({ store, file, rules }, sizes.previews)),
    ];
  } finally {
    await store.close();
  }
}

/** A day's calls in a hundred queues, one commit after the other, each followed by a look. */
async function measureLooks(rules: Rules, { looks, callsADay }: AlertSizes): Promise<Row[]> {
  const none: Pick<Store, 'openItems' | 'pause' | 'verdicts'> = {
    openItems: async () => [],
    pause: (work) => work(),
    async *verdicts() {
      // A site that was opened just now.
    },
  };
  const tracks = createAlertTracks({ store: none as Store, rules });
  const lookOf = createLooks({
    tracks,
    rules,
    dayOf: createDayFinder('UTC'),
    isLost: () => false,
    readAt: (_source, now) => now,
    silentMs: () => 0,
    darkMs: () => 0,
  });
  const kinds: Partial<AlertRule>[] = [
    { metric: 'firstRing' },
    { metric: 'firstRing', window: { kind: 'rolling', minutes: 60 } },
    { metric: 'firstRing', window: { kind: 'today' } },
    { metric: 'firstRing', window: { kind: 'last', items: 50 } },
    { metric: 'serviceLevel' },
    { metric: 'abandonment', direction: 'above', warning: 10, critical: 20 },
    { metric: 'callsOffered', direction: 'above', warning: 500, critical: null, minItems: 0, margin: 0 },
    {
      metric: 'burnRate',
      direction: 'above',
      warning: 1,
      critical: 2,
      margin: 0,
      target: 70,
      window: { kind: 'rolling', minutes: 120 },
    },
    {
      metric: 'longestWaiting',
      direction: 'above',
      window: null,
      warning: 120,
      critical: null,
      margin: 0,
      minItems: 0,
    },
    {
      metric: 'callersWaiting',
      direction: 'above',
      window: null,
      warning: 5,
      critical: null,
      margin: 0,
      minItems: 0,
    },
  ];
  const saved = Array.from({ length: RULES }, (_, i): SavedRule => {
    const scope = `queue:q${i % QUEUES}` as const;
    return {
      ...plain,
      ...kinds[Math.floor(i / QUEUES)],
      scope,
      id: String(i),
      version: 1,
      changedAt: 0,
      changedBy: '',
    };
  });
  tracks.want(saved);
  await tracks.prepare(DATA_NOW);
  const watch = createWatch({ lookOf: (rule): Look => lookOf(rule), seen: () => undefined });
  watch.set(saved);
  const gapMs = (24 * HOUR) / callsADay;
  const began = DATA_NOW - 8 * HOUR;
  const day = Math.floor((8 * HOUR) / gapMs);
  for (let i = 0; i < day; i += 1) tracks.apply(aCommit(began + i * gapMs, i));
  watch.look(DATA_NOW);
  const took: number[] = [];
  const tookAll: number[] = [];
  for (let i = 0; i < looks; i += 1) {
    const now = nextLook(DATA_NOW + i * gapMs);
    const committed = aCommit(now, day + i);
    const from = performance.now();
    watch.catchUp(now);
    tracks.apply(committed);
    watch.look(now);
    took.push(performance.now() - from);
    if (i % 10 !== 0) continue;
    const again = performance.now();
    watch.look(now, { all: true });
    tookAll.push(performance.now() - again);
    await nextTurn();
  }
  return [rowFrom(looking, quantile(took, 0.99), null), rowFrom(all, quantile(tookAll, 0.99), null)];
}

/** A call that was answered, on the first ring or not. */
function aCommit(now: Instant, i: number): Committed {
  const at = Math.floor(now);
  const scopes = [`queue:q${(i * 37) % QUEUES}`, 'team:help', 'site'] as const;
  const met = i % 4 === 0 ? 0 : 1;
  const after: Item = {
    key: `call/pbx/${i}`,
    source: 'pbx',
    person: null,
    at,
    foldedTo: 0,
    judged: {
      settled: scopes.flatMap((scope) => [
        { figure: 'callsOffered', scope, at, n: 1, d: 0 },
        { figure: 'firstRing', scope, at, n: met, d: 1 },
        { figure: 'serviceLevel', scope, at, n: met, d: 1 },
        { figure: 'abandonment', scope, at, n: 0, d: 1 },
      ]),
      pending: [],
      live: [
        {
          what: 'call',
          scopes: [...scopes],
          offeredAt: at,
          state: 'talking',
          bridgedAt: at,
          until: at + 20 * SECOND,
        },
      ],
      views: [],
      replies: [],
      contacts: [],
    },
  };
  return {
    at,
    items: [{ key: after.key, before: null, after }],
    tallies: [],
    postsChanged: false,
    quotesChanged: false,
  };
}
