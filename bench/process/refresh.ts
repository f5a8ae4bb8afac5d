import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadConfig } from '../../server/config.ts';
import { partOf } from '../../server/fact.ts';
import { createDeltaSum } from '../../server/intake/contribution.ts';
import { judgeItem } from '../../server/intake/judge-item.ts';
import { createFigures } from '../../server/metrics/figures.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Committed, Item } from '../../server/store/store.ts';
import { SECOND } from '../../shared/time.ts';
import { callNumbered } from '../calls.ts';
import { SOURCE } from '../site.ts';
import { answering } from './answering.ts';

/**
 * The figures on a database, joined as the server joins them, and nothing else: what a refresh takes, without the
 * sockets around it. Nothing is written: commits are told of as intake would tell them.
 */
const [file = '', nowText = '0'] = process.argv.slice(2);
const startedAt = Number(nowText);
const config = await loadConfig(process.env, process.cwd());
const { rules, boards, site } = config;
const store = await openSqliteStore({ file });
const figures = createFigures({ store, boards, rules, zone: site.zone, build: 'benchmark', demo: false });
const health = [
  {
    id: SOURCE,
    feeds: ['phones' as const],
    state: 'live' as const,
    since: startedAt,
    heardAt: startedAt,
    trouble: null,
  },
];
let now = startedAt;
let number = 0;

answering({
  /** Reads everything that the figures need; answers with the ms it took and how long the event loop was held. */
  async load() {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const from = performance.now();
    await figures.prepare(now);
    const ms = performance.now() - from;
    delay.disable();
    return { ms, heldMs: delay.max / 1e6 };
  },
  /** The ms of each of so many refreshes of every board, one after each commit of a call. */
  async refresh(times: number) {
    const took: number[] = [];
    for (let i = 0; i < times; i += 1) {
      now += 10;
      figures.apply(aCommit());
      const from = performance.now();
      await figures.prepare(now);
      for (const { id } of boards) figures.snapshot(id, now, health);
      took.push((performance.now() - from) / boards.length);
    }
    return took;
  },
});

function aCommit(): Committed {
  number += 1;
  const call = `refresh-${number}`;
  const key = `call/${SOURCE}/${call}`;
  const kept = callNumbered(number, call, now - 200 * SECOND).map((fact) => ({
    item: key,
    source: SOURCE,
    subject: call,
    part: partOf(fact),
    fact,
  }));
  const verdict = judgeItem(key, kept, rules);
  if (verdict === null) throw new Error('A made-up call was not judged.');
  const after: Item = { ...verdict, foldedTo: now };
  const sum = createDeltaSum(rules);
  sum.replace(null, after);
  return {
    at: now,
    items: [{ key, before: null, after }],
    tallies: sum.deltas(),
    postsChanged: false,
    quotesChanged: false,
  };
}
