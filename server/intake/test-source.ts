import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Source } from '../sources/source.ts';

/** A test of a connection is over after this, whatever happens. */
export const TEST_WITHIN_MS = 20 * SECOND;

/** What a test of a connection found, in words, with what to do when it is not well. */
export interface TestResult {
  ok: boolean;
  said: string;
  tookMs: number;
}

/** Tests connections, one at a time for each source. */
export interface SourceTests {
  /** Throws a Problem when a test of this source runs already, or when it has none. */
  run(source: Source): Promise<TestResult>;
  stop(): void;
}

export function createSourceTests({ clock, log }: { clock: Clock; log: Log }): SourceTests {
  const running = new Set<string>();
  const stopping = new AbortController();
  return {
    async run(source) {
      const { id } = source;
      if (source.check === undefined)
        throw new Problem('unsupported', `There is no connection to test for "${id}".`);
      if (running.has(id))
        throw new Problem('too_many', `A test of "${id}" is running. Its result will be here in a moment.`);
      running.add(id);
      const startedAt = clock.now();
      try {
        const found = await checkOnce(source.check.bind(source), { clock, log, id, stop: stopping.signal });
        return { ...found, tookMs: Math.max(0, clock.now() - startedAt) };
      } finally {
        running.delete(id);
      }
    },
    stop: () => stopping.abort(),
  };
}

async function checkOnce(
  check: (stop: AbortSignal) => Promise<string>,
  { clock, log, id, stop }: { clock: Clock; log: Log; id: string; stop: AbortSignal },
): Promise<{ ok: boolean; said: string }> {
  const over = new AbortController();
  const until = AbortSignal.any([stop, over.signal]);
  const late = clock.sleep(TEST_WITHIN_MS, until).then(() => ({
    ok: false,
    said: `No answer within ${TEST_WITHIN_MS / SECOND} s. Check the host and the port, and whether a firewall stands between.`,
  }));
  const found = check(until).then(
    (said) => ({ ok: true, said }),
    (error: unknown) => {
      if (!(error instanceof Problem) && !until.aborted)
        log.error({ source: id, err: error }, 'test of a source failed');
      return { ok: false, said: error instanceof Error ? error.message : String(error) };
    },
  );
  const first = await Promise.race([found, late]);
  over.abort();
  return first;
}
