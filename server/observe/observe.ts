import { statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Log } from '../log.ts';

/** What took longer than this is told in the log by name. */
export const SLOW_MS = 100;

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const STATES = ['waiting', 'live', 'late', 'lost', 'heard'] as const;

/** Numbers about the running process, for Prometheus and for /api/status. */
export interface Observed {
  facts(source: string, outcome: 'stored' | 'repeat' | 'conflict' | 'refused', count: number): void;
  /** Runs `work` and keeps how long it took under this name; slow work is logged. */
  timed<T>(what: Timed, work: () => Promise<T>): Promise<T>;
  /** A commit was told; the time to the next snapshot counts from the first since the last one. */
  committed(): void;
  /** A snapshot is made that shows what was committed. */
  shown(): void;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
  /** Media type of `text`. */
  readonly contentType: string;
  /** Since the last call: mean and longest delay of the event loop in ms. */
  loopDelay(): { meanMs: number; maxMs: number };
  stop(): void;
}

export type Timed = 'commit' | 'refresh';

export interface ObserveNeeds {
  log: Log;
  now: () => Instant;
  databaseFile: string;
  boards: () => number;
  health: (now: Instant) => readonly SourceHealth[];
}

/** A registry of its own, so that several can live in one process. */
export function createObserved(needs: ObserveNeeds): Observed {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const facts = new Counter({
    name: 'first_ring_facts_total',
    help: 'Facts by source and outcome.',
    labelNames: ['source', 'outcome'],
    registers,
  });
  const histogram = (name: string, help: string): Histogram =>
    new Histogram({ name, help, buckets: SECONDS, registers });
  const took: Record<Timed, Histogram> = {
    commit: histogram('first_ring_commit_seconds', 'From facts handed to intake to durable.'),
    refresh: histogram('first_ring_refresh_seconds', 'Making one snapshot of one board.'),
  };
  const pushed = histogram(
    'first_ring_event_to_push_seconds',
    'From a commit to the snapshot that shows it.',
  );
  let committedAt: number | null = null;
  const loop = monitorEventLoopDelay({ resolution: 10 });
  loop.enable();
  gauges(needs, registry);
  return {
    facts: (source, outcome, count) => facts.inc({ source, outcome }, count),
    async timed(what, work) {
      const startedAt = performance.now();
      try {
        return await work();
      } finally {
        const ms = performance.now() - startedAt;
        took[what].observe(ms / 1_000);
        if (ms > SLOW_MS) needs.log.warn({ what, ms: Math.round(ms) }, 'slow operation');
      }
    },
    committed() {
      committedAt ??= performance.now();
    },
    shown() {
      if (committedAt === null) return;
      pushed.observe((performance.now() - committedAt) / 1_000);
      committedAt = null;
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    loopDelay() {
      const delay = { meanMs: loop.mean / 1e6, maxMs: loop.max / 1e6 };
      loop.reset();
      return delay;
    },
    stop: () => void loop.disable(),
  };
}

/** Read at the moment that Prometheus asks. */
function gauges({ now, databaseFile, boards, health }: ObserveNeeds, registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'first_ring_boards',
    help: 'Boards that are connected.',
    registers,
    collect() {
      this.set(boards());
    },
  });
  new Gauge({
    name: 'first_ring_database_bytes',
    help: 'The database file with its write-ahead log.',
    registers,
    collect() {
      this.set(databaseBytes(databaseFile));
    },
  });
  new Gauge({
    name: 'first_ring_source_lag_seconds',
    help: 'Since the last sign of life of each source.',
    labelNames: ['source'],
    registers,
    collect() {
      const at = now();
      for (const { id, heardAt } of health(at))
        if (heardAt !== null) this.set({ source: id }, Math.max(0, at - heardAt) / 1_000);
    },
  });
  new Gauge({
    name: 'first_ring_source_state',
    help: '1 for the state that each source is in.',
    labelNames: ['source', 'state'],
    registers,
    collect() {
      for (const { id, state } of health(now())) {
        for (const each of STATES) this.set({ source: id, state: each }, each === state ? 1 : 0);
      }
    },
  });
}

/** The file and its log; 0 for what is not there. */
export function databaseBytes(file: string): number {
  return [file, `${file}-wal`].reduce(
    (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
