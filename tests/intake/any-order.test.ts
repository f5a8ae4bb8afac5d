import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AsOf } from '../../server/intake/ingest.ts';
import { recount } from '../../server/intake/recount.ts';
import { count } from '../../server/judge/count.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import type { Store } from '../../server/store/store.ts';
import type { Scope } from '../../shared/figure.ts';
import { HOUR, type Instant, quarterOf } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { deliveriesOf, histories, historyFrom, historyTo, type Told } from '../support/histories.ts';
import { inWords, judgePlainly, tallyPlainly } from '../support/plain-count.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const QUICK_RUNS = 100;
const runs = Number(process.env.PROPERTY_RUNS ?? QUICK_RUNS);

const DAY = 24 * HOUR;
const key = Buffer.alloc(32, 7);
const scopes: Scope[] = ['site', 'team:help', 'team:money', 'queue:support', 'queue:billing', 'queue:inbox'];
/** When the figures are looked at: as the history ends, and as its emails and call-backs fall due and are given up. */
const moments = [historyTo, historyTo + HOUR, historyTo + 9 * HOUR, historyTo + DAY, historyTo + 20 * DAY];

interface Play {
  deliveries: Told[];
  /** How many facts each save takes, over and over. */
  batches: number[];
  /** The hour of each save, on whatever clock; each third one is followed by a fold. */
  hours: number[];
  /** Sources last heard long ago. */
  silent: string[];
}

const plays: fc.Arbitrary<Play> = histories.chain((history) =>
  fc.record({
    deliveries: deliveriesOf(history),
    batches: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 5 }),
    hours: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 8 }),
    silent: fc.subarray(['pbx', 'mail']),
  }),
);

describe('intake', () => {
  it(
    'counts the same whatever the order, the repeats, the batches and the delays',
    async () => {
      await fc.assert(fc.asyncProperty(plays, holds), { numRuns: runs });
    },
    60_000 + runs * 2_000,
  );
});

async function holds(play: Play): Promise<void> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'data.sqlite');
  const plain = async (site: AnIntake): Promise<Judged[]> =>
    judgePlainly(
      play.deliveries.map(({ source, fact }) => ({ source, fact: site.privacy(fact) })),
      site.rules,
    );
  {
    await using site = await openIntake(file, { at: historyFrom, key });
    await deliver(site, play);
    const judged = await plain(site);
    for (const now of moments) {
      await expectSame(site, judged, now);
      await site.intake.fold(now, silentSince(play));
      await expectSame(site, judged, now);
      await site.intake.fold(now, () => Number.POSITIVE_INFINITY);
      // A save on a clock that ran ahead has folded more than this.
      if (now >= lastSaveAt(play)) expect(await storedTallies(site.store)).toEqual(tallyPlainly(judged, now));
    }
    expect(site.log.errors).toEqual([]);
  }
  await using again = await openIntake(file, { at: historyTo, key });
  await expectSame(again, await plain(again), moments.at(-1)!);
}

/** Some saves at once, so that they share a transaction, and some alone. */
async function deliver({ intake, clock }: AnIntake, play: Play): Promise<void> {
  let from = 0;
  for (let i = 0; from < play.deliveries.length; i += 1) {
    const size = play.batches[i % play.batches.length]!;
    const batch = play.deliveries.slice(from, from + size);
    from += size;
    clock.set(historyFrom + play.hours[i % play.hours.length]! * HOUR);
    const bySource = Map.groupBy(batch, ({ source }) => source);
    await Promise.all(
      [...bySource].map(([source, all]) =>
        intake.save(
          source,
          all.map(({ fact }) => fact),
        ),
      ),
    );
    if (i % 3 === 2) await intake.fold(clock.now(), silentSince(play));
  }
}

function lastSaveAt({ hours }: Play): Instant {
  return historyFrom + Math.max(...hours) * HOUR;
}

function silentSince({ silent }: Play): AsOf {
  return (source) => (silent.includes(source) ? historyFrom + 3 * HOUR : Number.POSITIVE_INFINITY);
}

async function expectSame(
  { store, rules }: AnIntake,
  judged: readonly Judged[],
  now: Instant,
): Promise<void> {
  expect(await tallies(store, now)).toEqual(tallyPlainly(judged, now));
  const found: unknown[] = [];
  const total = await recount(store, rules, now, (differences) => void found.push(...differences));
  expect(found).toEqual([]);
  expect(total.differences).toBe(0);
  await expectCounted(store, judged, now);
}

/** What readers see: the stored tallies, and what is due and not folded yet. */
async function tallies(store: Store, now: Instant): Promise<Map<string, string>> {
  const sums = await storedSums(store);
  for (const { judged, foldedTo } of await store.openItems()) {
    for (const { figure, scope, at, lostAt } of judged.pending) {
      const shift = Number(lostAt <= now) - Number(lostAt <= foldedTo);
      if (shift === 0) continue;
      const name = `${figure} ${scope} ${new Date(quarterOf(at)).toISOString()}`;
      const [n, d] = sums.get(name) ?? [0, 0];
      sums.set(name, [n, d + shift]);
    }
  }
  return inWords(sums);
}

async function storedTallies(store: Store): Promise<Map<string, string>> {
  return inWords(await storedSums(store));
}

async function storedSums(store: Store): Promise<Map<string, [number, number]>> {
  const sums = new Map<string, [number, number]>();
  for await (const { figure, scope, quarter, n, d } of store.allTallies()) {
    sums.set(`${figure} ${scope} ${new Date(quarter).toISOString()}`, [n, d]);
  }
  return sums;
}

/** The whole of a scope through the counting of the rule book, by what is stored of each item. */
async function expectCounted(store: Store, judged: readonly Judged[], now: Instant): Promise<void> {
  const keys = await store.itemKeys({ after: null, limit: 10_000 });
  const items = await store.write((tx) => tx.items(keys));
  const stored = [...items.values()].map((item) => item.judged);
  for (const scope of scopes) {
    const kept = count(stored, now, null, scope);
    const plain = count(judged, now, null, scope);
    expect(kept).toEqual(plain);
  }
}
