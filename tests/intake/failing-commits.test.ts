import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIntake, type Intake } from '../../server/intake/intake.ts';
import { createPrivacy } from '../../server/intake/privacy.ts';
import { recount } from '../../server/intake/recount.ts';
import type { Rules } from '../../server/judge/rules.ts';
import { createFigures, type Figures } from '../../server/metrics/figures.ts';
import { Problem } from '../../server/problem.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { aBoard } from '../metrics/a-site.ts';
import { londonRules, quietLog } from '../support/an-intake.ts';
import { deliveriesOf, histories, historyFrom, historyTo, type Told } from '../support/histories.ts';
import { judgePlainly, tallyPlainly } from '../support/plain-count.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const runs = Number(process.env.PROPERTY_RUNS ?? 10);
const boards = ['team:help', 'team:money', 'site'] as const;

/** How a transaction ends: as it should, by a mistake of ours or a trouble found while it is judged, or on the disk. */
const fates = ['well', 'well', 'well', 'mistake', 'trouble'] as const;
const faultsMade = /a mistake of ours|trouble|refused at once|FOREIGN KEY/;
const cursors = ['', '', 'on from here', 'refused at once', 'refused at the commit'] as const;

interface Play {
  deliveries: Told[];
  batches: number[];
  /** Between one save and the next. */
  minutes: number[];
  fates: (typeof fates)[number][];
  cursors: (typeof cursors)[number][];
  /** What is done beside each save: turns of the event loop to let go by, a fold, a look at the figures. */
  beside: ('nothing' | 'turn' | 'fold' | 'look' | 'note' | 'wait')[];
}

const someOf = <T>(...of: readonly T[]): fc.Arbitrary<T[]> =>
  fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: 12 });
const plays: fc.Arbitrary<Play> = histories.chain((history) =>
  fc.record({
    deliveries: deliveriesOf(history),
    batches: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
    minutes: fc.array(fc.integer({ min: 0, max: 240 }), { minLength: 1, maxLength: 8 }),
    fates: someOf(...fates),
    cursors: someOf(...cursors),
    beside: someOf('nothing', 'nothing', 'turn', 'turn', 'fold', 'look', 'note', 'wait'),
  }),
);

describe('where transactions fail on their way', () => {
  it(
    'what was acknowledged counts once, what was not leaves no trace, and the figures in memory are the stored ones',
    async () => {
      await fc.assert(fc.asyncProperty(plays, holds), { numRuns: runs });
    },
    60_000 + runs * 5_000,
  );
});

async function holds(play: Play): Promise<void> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'data.sqlite');
  const rules = londonRules();
  const clock = createTestClock(historyFrom);
  const store = await openSqliteStore({ file });
  try {
    refuseSomeCursors(file);
    const privacy = createPrivacy({ key: Buffer.alloc(32, 7), rules });
    const needs = { clock, rules, log: quietLog(), privacy };
    const faults = { on: true };
    const intake = createIntake({ ...needs, store: failing(store, play, faults) });
    const figures = figuresOn(store, rules);
    intake.onCommit((committed) => figures.apply(committed));
    await figures.prepare(clock.now());

    const acknowledged = await deliver({ intake, figures, store, clock }, play);

    const hidden = acknowledged.map(({ source, fact }) => ({ source, fact: privacy(fact) }));
    const judged = judgePlainly(hidden, rules);
    const counts = [...(await store.sourceCounts())].map(([source, one]) => [
      source,
      one.stored + one.repeat + one.conflict,
    ]);
    const heard = Map.groupBy(hidden, ({ source }) => source);
    expect(new Map(counts as [string, number][])).toEqual(
      new Map([...heard].map(([source, all]) => [source, all.length])),
    );
    faults.on = false;
    for (const now of [clock.now(), Math.max(clock.now(), historyTo) + 20 * 24 * HOUR]) {
      clock.set(now);
      await expectAlike(figures, figuresOn(store, rules), now);
      await intake.fold(now);
      await expectAlike(figures, figuresOn(store, rules), now);
      const found: unknown[] = [];
      await recount(store, rules, now, (differences) => void found.push(...differences));
      expect(found).toEqual([]);
    }
    expect(await storedTallies(store)).toEqual(tallyPlainly(judged, clock.now()));
  } finally {
    await store.close();
  }
}

/** A save with one of these cursors fails when it is written, or as late as at the commit. */
function refuseSomeCursors(file: string): void {
  const db = new Database(file);
  const bodies = {
    'refused at once': "SELECT RAISE(ABORT, 'refused at once');",
    'refused at the commit': 'INSERT INTO children (parent) VALUES (1);',
  };
  db.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);`);
  for (const [cursor, body] of Object.entries(bodies))
    for (const when of ['INSERT', 'UPDATE'])
      db.exec(`CREATE TRIGGER "${when} ${cursor}" AFTER ${when} ON cursors WHEN NEW.cursor = '${cursor}'
        BEGIN ${body} END`);
  db.close();
}

/** Some transactions fail when all their work is done. */
function failing(store: Store, play: Play, faults: { on: boolean }): Store {
  let begun = 0;
  const end = (): void => {
    if (!faults.on) return;
    begun += 1;
    const fate = play.fates[begun % play.fates.length]!;
    if (fate === 'mistake') throw new Error('a mistake of ours');
    if (fate === 'trouble') throw new Problem('unavailable', 'trouble');
  };
  const through =
    (how: 'write' | 'writeAhead'): Store['write'] =>
    (work) =>
      store[how](async (tx) => {
        const done = await work(tx);
        end();
        return done;
      });
  return { ...store, write: through('write'), writeAhead: through('writeAhead') };
}

interface Site {
  intake: Intake;
  figures: Figures;
  store: Store;
  clock: TestClock;
}

/** Everything that was acknowledged. */
async function deliver({ intake, figures, store, clock }: Site, play: Play): Promise<Told[]> {
  const acknowledged: Told[] = [];
  const going: Promise<unknown>[] = [];
  let from = 0;
  for (let i = 0; from < play.deliveries.length; i += 1) {
    const batch = play.deliveries.slice(from, from + play.batches[i % play.batches.length]!);
    from += batch.length;
    clock.set(clock.now() + play.minutes[i % play.minutes.length]! * MINUTE);
    for (const [source, all] of Map.groupBy(batch, (told) => told.source)) {
      const facts = all.map(({ fact }) => fact);
      const cursor = play.cursors[(i + source.length) % play.cursors.length]!;
      const saved = intake.save(source, facts, cursor === '' ? undefined : cursor);
      going.push(
        saved.then(
          () => acknowledged.push(...all),
          (error: unknown) => expect(String(error)).toMatch(faultsMade),
        ),
      );
    }
    const beside = play.beside[i % play.beside.length]!;
    if (beside === 'turn') for (let turn = 0; turn <= i % 4; turn += 1) await nextTurn();
    if (beside === 'fold') {
      const folded = intake.fold(clock.now());
      going.push(folded.catch((error: unknown) => expect(String(error)).toMatch(faultsMade)));
    }
    if (beside === 'look') going.push(figures.prepare(clock.now()));
    if (beside === 'note') going.push(store.setMeta('note', String(i)), store.ping());
    if (beside === 'wait') await Promise.allSettled(going);
  }
  await Promise.all(going);
  return acknowledged;
}

function figuresOn(store: Store, rules: Rules): Figures {
  const { calendar } = rules.site;
  return createFigures({
    store,
    rules,
    zone: rules.zone,
    build: 'b1',
    demo: false,
    boards: boards.map((scope) => aBoard(scope, { scope, calendar })),
  });
}

async function expectAlike(kept: Figures, fresh: Figures, now: Instant): Promise<void> {
  await kept.prepare(now);
  await fresh.prepare(now);
  for (const board of boards) expect(kept.snapshot(board, now, [])).toEqual(fresh.snapshot(board, now, []));
}

async function storedTallies(store: Store): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for await (const { figure, scope, quarter, n, d } of store.allTallies())
    sums.set(`${figure} ${scope} ${new Date(quarter).toISOString()}`, `${n}/${d}`);
  return sums;
}
