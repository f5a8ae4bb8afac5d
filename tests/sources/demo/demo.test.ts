import { afterEach, describe, expect, it } from 'vitest';
import { type Fact, partOf, subjectOf } from '../../../server/fact.ts';
import { createDemo, FACTS_PER_DELIVERY_MAX, HISTORY_DAYS } from '../../../server/sources/demo/demo.ts';
import { demoFacts, toldAt } from '../../../server/sources/demo/demo-facts.ts';
import { dateAt, daysBefore, localDay } from '../../../server/sources/demo/local-day.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import { createTestClock, type TestClock } from '../../support/test-clock.ts';

const world = { zone: 'America/New_York', seed: 'test' };
const START = Date.parse('2026-11-24T14:31:08Z');
const first = localDay(daysBefore('2026-11-24', HISTORY_DAYS), world.zone).from;

interface Delivered {
  facts: readonly Fact[];
  at: Instant;
  /** False for what is told ahead of its place, and told there again. */
  moved: boolean;
}

/** A run of the source against a memory of what was delivered; `fail` breaks the link at that delivery. */
function started(
  clock: TestClock,
  memory: { cursor: string | null; deliveries: Delivered[]; lives: number },
  fail = Number.POSITIVE_INFINITY,
) {
  const stopping = new AbortController();
  stops.push(stopping);
  let count = 0;
  const run = createDemo({ id: 'demo', clock, ...world }).run({
    cursor: memory.cursor,
    stop: stopping.signal,
    async deliver(facts, cursor) {
      count++;
      if (count > fail) throw new Error('cut');
      await new Promise((resolve) => setImmediate(resolve));
      memory.deliveries.push({ facts, at: clock.now(), moved: cursor !== memory.cursor });
      if (cursor !== undefined) memory.cursor = cursor;
    },
    live() {
      memory.lives++;
    },
    notice() {
      throw new Error('The demo has no trouble.');
    },
    refuse() {
      throw new Error('The demo skips nothing.');
    },
  });
  return {
    run,
    async stop() {
      stopping.abort();
      await run;
    },
  };
}

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

const nothing = () => ({ cursor: null as string | null, deliveries: [] as Delivered[], lives: 0 });
/** A memory in which everything before `at` was told already. */
const toldUntil = (at: Instant) => ({ ...nothing(), cursor: JSON.stringify([[first, at]]) });
const keyOf = (fact: Fact): string => `${fact.kind} ${subjectOf(fact)} ${partOf(fact)}`;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets the source work until it sleeps until its next fact. */
async function caughtUp(clock: TestClock): Promise<void> {
  while (clock.sleepers === 0) await turn();
}

/** Exactly the facts of [from, to), each once by what moved the cursor. */
function expectTold(deliveries: readonly Delivered[], from: Instant, to: Instant): void {
  const told = deliveries.flatMap(({ facts, moved }) => (moved ? facts.map(keyOf) : [])).sort();
  const wanted = demoFacts({ from, to }, world).map(keyOf).sort();
  expect(told.length).toBe(wanted.length);
  // Half a million keys: compared one by one, shown only where they differ.
  const differing = told.findIndex((key, i) => key !== wanted[i]);
  expect(told[differing]).toBe(wanted[differing]);
}

describe('the demo source', () => {
  it('tells eight weeks at its first start, backwards from now', { timeout: 120_000 }, async () => {
    const clock = createTestClock(START);
    const memory = nothing();
    const source = started(clock, memory);
    await caughtUp(clock);
    await source.stop();
    expectTold(memory.deliveries, first, START + 1);
    const dates = memory.deliveries.map(({ facts }) => dateAt(toldAt(facts[0]!), world.zone));
    expect(dates[0]).toBe('2026-11-24');
    expect(dates).toEqual(dates.toSorted().reverse());
    expect(new Set(dates).size).toBe(HISTORY_DAYS + 1);
    expect(Math.max(...memory.deliveries.map(({ facts }) => facts.length))).toBeLessThanOrEqual(
      FACTS_PER_DELIVERY_MAX + 20,
    );
    expect(memory.lives).toBeGreaterThan(memory.deliveries.length - 1);
  });

  it('tells the past backwards, so that nothing is told that looks open and is long over', async () => {
    const clock = createTestClock(START);
    const memory = nothing();
    const source = started(clock, memory);
    const oldest = (): number => Math.min(...memory.deliveries.map(({ facts }) => toldAt(facts[0]!)));
    while (memory.deliveries.length === 0 || oldest() > localDay('2026-11-16', world.zone).from) await turn();
    await source.stop();
    const answered = new Map<string, number>();
    memory.deliveries.forEach(({ facts }, i) => {
      for (const fact of facts) {
        if (fact.kind === 'mail_out') answered.set(fact.refs?.at(-1) ?? '', i);
        if (fact.kind === 'waive') answered.set(fact.ref, i);
      }
    });
    const answeredAt = new Map(
      demoFacts({ from: first, to: START }, world).flatMap((fact) =>
        fact.kind === 'mail_out'
          ? [[fact.refs?.at(-1) ?? '', fact.at] as const]
          : fact.kind === 'waive'
            ? [[fact.ref, fact.at] as const]
            : [],
      ),
    );
    memory.deliveries.forEach(({ facts }, i) => {
      for (const fact of facts) {
        if (fact.kind !== 'mail_in' || (answeredAt.get(fact.id) ?? START) >= START) continue;
        expect(answered.get(fact.id), fact.id).toBeLessThanOrEqual(i);
      }
    });
  });

  it('then tells each fact at its own instant, never before it, and gives a sign of life every five seconds', async () => {
    const clock = createTestClock(START);
    const memory = toldUntil(START - HOUR);
    const source = started(clock, memory);
    await caughtUp(clock);
    memory.deliveries.length = 0;
    memory.lives = 0;
    await clock.advance(20 * MINUTE);
    await source.stop();
    expectTold(memory.deliveries, START + 1, START + 20 * MINUTE + 1);
    for (const { facts, at } of memory.deliveries) expect(new Set(facts.map(toldAt))).toEqual(new Set([at]));
    expect(memory.lives).toBeGreaterThanOrEqual((20 * MINUTE) / (5 * SECOND));
  });

  it('goes on where it was after every cut, and neither loses nor doubles a fact', async () => {
    const clock = createTestClock(START);
    const from = START - 9 * 24 * HOUR;
    const memory = toldUntil(from);
    for (let cut = 0; cut < 40; cut++) {
      await expect(started(clock, memory, cut % 7).run).rejects.toThrow('cut');
      clock.set(clock.now() + 17 * SECOND + cut);
    }
    const source = started(clock, memory);
    await caughtUp(clock);
    await source.stop();
    expectTold(memory.deliveries, from, clock.now() + 1);
  });

  it('fills the gap of a machine that slept for two days, today first', async () => {
    const clock = createTestClock(START);
    const memory = toldUntil(START - HOUR);
    const source = started(clock, memory);
    await caughtUp(clock);
    memory.deliveries.length = 0;
    const woken = START + 50 * HOUR;
    clock.set(woken);
    await clock.advance(1);
    const wanted = demoFacts({ from: START + 1, to: woken + 2 }, world).length;
    const inPlace = () => memory.deliveries.filter(({ moved }) => moved);
    const count = (): number => inPlace().reduce((sum, { facts }) => sum + facts.length, 0);
    while (count() < wanted) await turn();
    await source.stop();
    expectTold(memory.deliveries, START + 1, clock.now() + 1);
    expect(toldAt(inPlace()[0]!.facts[0]!)).toBeGreaterThanOrEqual(localDay('2026-11-26', world.zone).from);
  });

  it.each([2, 50, 70 * 24])(
    'after %i hours of sleep tells first what became of all that was open',
    async (hours) => {
      const clock = createTestClock(START + hours * HOUR);
      const memory = toldUntil(START);
      const source = started(clock, memory);
      while (memory.deliveries.length === 0) await turn();
      await source.stop();
      const settled = memory.deliveries[0]!;
      expect(settled).toMatchObject({ moved: false });
      const before = demoFacts({ from: START - 6 * HOUR, to: START }, world);
      const now = clock.now();
      const stillOpen = (facts: readonly Fact[]): string[] => {
        const over = new Set(
          facts.flatMap((fact) => {
            if (fact.kind === 'end') return [fact.call];
            if (fact.kind === 'mail_out') return fact.refs ?? [];
            return fact.kind === 'waive' || fact.kind === 'spam' ? [fact.ref] : [];
          }),
        );
        return facts
          .filter((fact) => fact.kind === 'arrived' || fact.kind === 'mail_in')
          .map(subjectOf)
          .filter((subject) => !over.has(subject));
      };
      const truth = demoFacts({ from: START - 6 * HOUR, to: Math.min(now, START + 24 * HOUR) + 1 }, world);
      const reallyOpen = new Set(stillOpen(truth));
      const looksOpen = stillOpen([...before, ...settled.facts]).filter(
        (subject) => !reallyOpen.has(subject),
      );
      expect(stillOpen(before).length).toBeGreaterThan(8);
      expect(looksOpen).toEqual([]);
    },
  );

  it('tells midnight without a seam', async () => {
    const midnight = localDay('2026-11-25', world.zone).from;
    const clock = createTestClock(midnight - 2 * MINUTE);
    const memory = toldUntil(midnight - HOUR);
    const source = started(clock, memory);
    await caughtUp(clock);
    memory.deliveries.length = 0;
    await clock.advance(4 * MINUTE);
    await source.stop();
    expectTold(memory.deliveries, midnight - 2 * MINUTE + 1, midnight + 2 * MINUTE + 1);
    for (const { facts, at } of memory.deliveries) for (const fact of facts) expect(toldAt(fact)).toBe(at);
  });

  it('begins again with a cursor that it does not understand', async () => {
    const clock = createTestClock(START);
    for (const cursor of ['', '{', '{"a":1}', '[["a","b"]]', '[[1]]']) {
      const memory = { ...nothing(), cursor };
      const source = started(clock, memory);
      while (memory.deliveries.length === 0) await turn();
      await source.stop();
      expect(memory.deliveries[0]?.facts.length).toBeGreaterThan(FACTS_PER_DELIVERY_MAX - 20);
      expect(toldAt(memory.deliveries[0]!.facts.at(-1)!)).toBeGreaterThan(START - 5 * MINUTE);
    }
  });

  it('stops when told, in the middle of its history', async () => {
    const memory = nothing();
    const source = started(createTestClock(START), memory);
    while (memory.deliveries.length < 3) await turn();
    await source.stop();
    expect(memory.deliveries.length).toBeLessThan(6);
  });
});
