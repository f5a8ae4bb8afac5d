import { describe, expect, it } from 'vitest';
import { type Fact, partOf, subjectOf } from '../../server/fact.ts';
import type { Source } from '../../server/sources/source.ts';

/** A vendor that plays its part twice over: everything that a source is checked against needs no more. */
export interface SourceBench {
  /** A source as it is after a start of the process. */
  make(): Source;
  /** The vendor says its first half; resolves when that has been sent to a source that is running. */
  firstHalf(): Promise<void>;
  /** And its second. */
  secondHalf(): Promise<void>;
  /** Is this all that the first half, or both, must lead to? Facts may come in pieces. */
  isFirst(facts: readonly Fact[]): boolean;
  isWhole(facts: readonly Fact[]): boolean;
  close(): Promise<void>;
}

/** What every source must keep, whatever it speaks. */
export function eachSourceCheck(name: string, open: () => Promise<SourceBench>): void {
  describe(`the source ${name}`, () => {
    it('stops when told', () =>
      withBench(open, async (bench) => {
        const started = start(bench.make(), null);
        await bench.firstHalf();
        await started.until((facts) => bench.isFirst(facts));
        await started.stop();
      }));

    it('stops when told before it is connected', () =>
      withBench(open, async (bench) => {
        await start(bench.make(), null).stop();
      }));

    it('says the same of the same, so that repeats are harmless', () =>
      withBench(open, async (bench) => {
        const once = await hearFirst(bench);
        const twice = await hearFirst(bench);
        expect(twice.map(contentOf).sort()).toEqual(once.map(contentOf).sort());
        expectNoContradiction([...once, ...twice]);
      }));

    it('goes on from its cursor: after a restart nothing is contradicted and nothing stays open', () =>
      withBench(open, async (bench) => {
        const before = start(bench.make(), null);
        await bench.firstHalf();
        await before.until((facts) => bench.isFirst(facts));
        await before.stop();
        expect(before.cursor()).not.toBeNull();
        const after = start(bench.make(), before.cursor());
        await bench.secondHalf();
        await after.until((facts) => bench.isWhole([...before.facts, ...facts]));
        await after.stop();
        expectNoContradiction([...before.facts, ...after.facts]);
      }));

    it('hands over again what was not made durable', () =>
      withBench(open, async (bench) => {
        const source = bench.make();
        const broken = start(source, null, () => Promise.reject(new Error('the disk is full')));
        await bench.firstHalf();
        await expect(broken.ended).rejects.toThrow('the disk is full');
        const mended = start(source, null);
        await mended.until((facts) => bench.isFirst(facts));
        await mended.stop();
      }));
  });

  async function hearFirst(bench: SourceBench): Promise<Fact[]> {
    const started = start(bench.make(), null);
    await bench.firstHalf();
    await started.until((facts) => bench.isFirst(facts));
    await started.stop();
    return started.facts;
  }
}

async function withBench(
  open: () => Promise<SourceBench>,
  check: (bench: SourceBench) => Promise<void>,
): Promise<void> {
  const bench = await open();
  try {
    await check(bench);
  } finally {
    await bench.close();
  }
}

/** Runs a source and keeps what it delivers. */
export function start(
  source: Source,
  cursor: string | null,
  deliver: () => Promise<void> = () => Promise.resolve(),
) {
  const stopping = new AbortController();
  const facts: Fact[] = [];
  const notices: (string | null)[] = [];
  const refused: string[] = [];
  const waiters = new Set<() => void>();
  let signs = 0;
  let last = cursor;
  const wake = (): void => {
    for (const look of waiters) look();
  };
  const ended = source.run({
    cursor,
    stop: stopping.signal,
    async deliver(more, next) {
      await deliver();
      facts.push(...more);
      last = next ?? last;
      wake();
    },
    live() {
      signs += 1;
      wake();
    },
    notice(trouble) {
      notices.push(trouble);
      wake();
    },
    refuse: (reason) => void refused.push(reason),
  });
  ended.catch(wake);
  return {
    facts,
    notices,
    refused,
    ended,
    signs: () => signs,
    cursor: () => last,
    /** Waits for real bytes to come through; fails when the source ends first. */
    async until(is: (facts: readonly Fact[]) => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (is(facts)) resolve();
      };
      waiters.add(look);
      look();
      await Promise.race([promise, ended.then(() => Promise.reject(new Error('the source ended')))]);
      waiters.delete(look);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await ended;
    },
  };
}

function keyOf(fact: Fact): string {
  return `${fact.kind} ${subjectOf(fact)} ${partOf(fact)}`;
}

function contentOf(fact: Fact): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function expectNoContradiction(facts: readonly Fact[]): void {
  const contents = new Map<string, Set<string>>();
  for (const fact of facts) {
    const known = contents.get(keyOf(fact)) ?? new Set();
    contents.set(keyOf(fact), known.add(contentOf(fact)));
  }
  const contradicted = [...contents].filter(([, said]) => said.size > 1);
  expect(contradicted.map(([key, said]) => [key, ...said])).toEqual([]);
}
