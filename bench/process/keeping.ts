import { setImmediate as nextTurn } from 'node:timers/promises';
import { loadConfig } from '../../server/config.ts';
import { createIntake } from '../../server/intake/intake.ts';
import { localDaysOf } from '../../server/judge/local-days.ts';
import { createLog } from '../../server/log.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store, Tx } from '../../server/store/store.ts';
import { quarterOf } from '../../shared/time.ts';
import { chunks, shuffled, streamOf } from '../calls.ts';
import { DATA_NOW, DAY } from '../large-data.ts';
import { SOURCE } from '../site.ts';
import { answering, cpuUs } from './answering.ts';

/**
 * Intake and store as the server has them, without HTTP and without a wall, so that what is kept for the figures is as
 * large a part as it can be; and the same with all of that left out.
 */
const [file = ''] = process.argv.slice(2);
const FACTS_A_SAVE = 100;
/** Saves that are on their way at a time. */
const SAVES = 16;

const { rules } = await loadConfig(process.env, process.cwd());
const store = await openSqliteStore({ file });
let keeps = true;
const intake = createIntake({
  store: withKeeping(store, () => keeps),
  clock: { now: () => DATA_NOW, sleep: async () => undefined },
  rules,
  log: createLog('error'),
  privacy: (fact) => fact,
});

answering({
  /** Saves a stream of calls, in order or late and shuffled, then packs what is to be packed; the ms and the CPU that both took. */
  async run(asked: { name: string; count: number; lateDays: number; kept: boolean }) {
    keeps = asked.kept;
    const stream = streamOf(asked.name, asked.count, DATA_NOW - asked.lateDays * DAY);
    const facts = asked.lateDays > 0 ? shuffled(stream) : stream;
    const saves = chunks(facts, FACTS_A_SAVE);
    const [from, cpu] = [performance.now(), cpuUs()];
    await Promise.all(
      Array.from({ length: SAVES }, async () => {
        for (let some = saves.shift(); some !== undefined; some = saves.shift())
          await intake.save(SOURCE, some);
      }),
    );
    const day = localDaysOf(rules)(DATA_NOW).day;
    while (keeps && (await store.pack({ quarter: quarterOf(DATA_NOW), day }))) await nextTurn();
    return { count: facts.length, ms: performance.now() - from, cpuUs: cpuUs() - cpu };
  },
});

/** The store; while `keeps` says no, tallies and lengths are not written. */
function withKeeping(real: Store, isKept: () => boolean): Store {
  const only =
    <T>(work: (tx: Tx) => Promise<T>) =>
    (tx: Tx): Promise<T> =>
      work(isKept() ? tx : { ...tx, addTallies: nothing, addSpreads: nothing });
  return {
    ...real,
    write: (work) => real.write(only(work)),
    writeAhead: (work) => real.writeAhead(only(work)),
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
