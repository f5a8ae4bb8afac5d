import type { SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Fact } from '../fact.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Source } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import { knownUntil } from './health.ts';
import type { Intake } from './intake.ts';
import { createListening, type Sender } from './listen.ts';
import { createRecorder, type Recorder, readLastFact, type SourceRecord, writeLastFact } from './record.ts';
import { type Supervised, supervise } from './supervise.ts';
import { createSourceTests, type TestResult } from './test-source.ts';

/** Everything that feeds the site, and how each of it is doing. */
export interface Roster {
  /** Starts the sources that run by themselves. Before it resolves, their last signs of life are known. */
  start(sources: readonly Source[], needs: { intake: Intake; changed: () => void }): Promise<void>;
  /** A pushing source was heard; true when its state changed by that. */
  heard(source: string, at: Instant): boolean;
  /** What a pushing source's request came to: facts that are saved, and why others were refused. */
  told(source: string, said: { facts: readonly Fact[]; refused: readonly string[] }): void;
  health(now: Instant): SourceHealth[];
  /** What is known of this source beside its link. */
  record(source: string): SourceRecord;
  /** Can its connection be tested? */
  hasTest(source: string): boolean;
  /** Tries to connect once, beside the running link. Throws a Problem when that cannot be tried just now. */
  test(source: string): Promise<TestResult>;
  nextChangeAt(now: Instant): Instant;
  /** Up to which instant this source's items may be read; Infinity while it is live. */
  knownUntil(source: string, now: Instant): Instant;
  stop(): Promise<void>;
}

/** Reads from the store when each sender was last heard. */
export async function openRoster(needs: {
  store: Store;
  clock: Clock;
  log: Log;
  senders: readonly (Omit<Sender, 'id'> & { source: string })[];
}): Promise<Roster> {
  const { store, clock, log } = needs;
  const diary = createDiary(store, log);
  const heardBefore = new Map<string, Instant>();
  for (const { source } of needs.senders) {
    const at = await diary.heard(source);
    if (at !== null) heardBefore.set(source, at);
    await diary.open(source);
  }
  const listening = createListening({
    senders: needs.senders.map(({ source, ...rest }) => ({ ...rest, id: source })),
    heardBefore,
    startedAt: clock.now(),
    keepHeard(source, at) {
      diary
        .keepHeard(source, at)
        .catch((error: unknown) => log.error({ source, err: error }, 'sign of life not kept'));
    },
  });
  const supervised: Supervised[] = [];
  const own = new Map<string, Source>();
  const tests = createSourceTests({ clock, log });
  const health = (now: Instant): SourceHealth[] => [
    ...supervised.map((one) => one.health(now)),
    ...listening.health(now),
  ];
  return {
    async start(sources, { intake, changed }) {
      for (const source of sources) {
        own.set(source.id, source);
        const recorder = await diary.open(source.id);
        const heardBefore = await diary.heard(source.id);
        const one = supervise({
          source,
          heardBefore,
          async save(id, facts, cursor) {
            await intake.save(id, facts, cursor);
            recorder.saved(facts, clock.now());
          },
          refused(id, count, reason) {
            intake.refused(id, count);
            recorder.refused(reason, clock.now());
          },
          cursor: (id) => store.cursor(id),
          keepHeard: (id, at) => diary.keepHeard(id, at),
          changed() {
            const { trouble } = one.health(clock.now());
            if (trouble !== null) recorder.trouble(trouble, clock.now());
            changed();
          },
          random: Math.random,
          clock,
          log,
        });
        supervised.push(one);
      }
    },
    heard: (source, at) => listening.heard(source, at),
    told(source, { facts, refused }) {
      const recorder = diary.of(source);
      recorder?.saved(facts, clock.now());
      for (const reason of refused) recorder?.refused(reason, clock.now());
    },
    health,
    record: (source) => diary.of(source)?.read() ?? nothingRecorded,
    hasTest: (source) => own.get(source)?.check !== undefined,
    async test(id) {
      const source = own.get(id);
      if (source !== undefined) return tests.run(source);
      if (!health(clock.now()).some((one) => one.id === id))
        throw new Problem('not_found', `There is no source "${id.slice(0, 100)}".`);
      throw new Problem('unsupported', `"${id}" sends to us, so there is no connection to test.`);
    },
    nextChangeAt: (now) =>
      Math.min(listening.nextChangeAt(now), ...supervised.map((one) => one.nextChangeAt(now))),
    knownUntil(source, now) {
      const found = health(now).find(({ id }) => id === source);
      return found === undefined ? Number.POSITIVE_INFINITY : knownUntil(found);
    },
    async stop() {
      tests.stop();
      await Promise.all(supervised.map((one) => one.stop()));
      await diary.close();
    },
  };
}

const nothingRecorded: SourceRecord = { lastFact: null, refusals: [], lastTrouble: null };

/** What is written down of each source, so that it survives a restart. */
function createDiary(store: Pick<Store, 'meta' | 'setMeta'>, log: Log) {
  const recorders = new Map<string, Recorder>();
  let writing: Promise<unknown> = Promise.resolve();
  return {
    async heard(source: string): Promise<Instant | null> {
      const kept = await store.meta(`heard/${source}`);
      return kept === null ? null : Number(kept);
    },
    keepHeard: (source: string, at: Instant): Promise<void> => store.setMeta(`heard/${source}`, String(at)),
    async open(source: string): Promise<Recorder> {
      const recorder = createRecorder({
        before: readLastFact(await store.meta(`fact/${source}`)),
        keep(last) {
          const kept = store
            .setMeta(`fact/${source}`, writeLastFact(last))
            .catch((error: unknown) => log.error({ source, err: error }, 'last fact not kept'));
          writing = Promise.all([writing, kept]);
        },
      });
      recorders.set(source, recorder);
      return recorder;
    },
    of: (source: string): Recorder | undefined => recorders.get(source),
    async close(): Promise<void> {
      for (const recorder of recorders.values()) recorder.flush();
      await writing;
    },
  };
}
