import type { SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Source } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import { knownUntil } from './health.ts';
import type { Intake } from './intake.ts';
import { createListening, type Sender } from './listen.ts';
import { type Supervised, supervise } from './supervise.ts';

/** Everything that feeds the site, and how each of it is doing. */
export interface Roster {
  /** Starts the sources that run by themselves. Before it resolves, their last signs of life are known. */
  start(sources: readonly Source[], needs: { intake: Intake; changed: () => void }): Promise<void>;
  /** A pushing source was heard; true when its state changed by that. */
  heard(source: string, at: Instant): boolean;
  health(now: Instant): SourceHealth[];
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
  const heardBefore = new Map<string, Instant>();
  const readHeard = async (source: string): Promise<Instant | null> => {
    const kept = await store.meta(nameOf(source));
    return kept === null ? null : Number(kept);
  };
  const keepHeard = (source: string, at: Instant): Promise<void> => store.setMeta(nameOf(source), String(at));
  for (const { source } of needs.senders) {
    const at = await readHeard(source);
    if (at !== null) heardBefore.set(source, at);
  }
  const listening = createListening({
    senders: needs.senders.map(({ source, ...rest }) => ({ ...rest, id: source })),
    heardBefore,
    startedAt: clock.now(),
    keepHeard(source, at) {
      keepHeard(source, at).catch((error: unknown) =>
        log.error({ source, err: error }, 'sign of life not kept'),
      );
    },
  });
  const supervised: Supervised[] = [];
  const health = (now: Instant): SourceHealth[] => [
    ...supervised.map((one) => one.health(now)),
    ...listening.health(now),
  ];
  return {
    async start(sources, { intake, changed }) {
      for (const source of sources) {
        const before = await readHeard(source.id);
        const own = { source, heardBefore: before, random: Math.random };
        supervised.push(
          supervise({
            ...own,
            save: (id, facts, cursor) => intake.save(id, facts, cursor),
            refused: (id, count) => intake.refused(id, count),
            cursor: (id) => store.cursor(id),
            keepHeard,
            changed,
            clock,
            log,
          }),
        );
      }
    },
    heard: (source, at) => listening.heard(source, at),
    health,
    nextChangeAt: (now) =>
      Math.min(listening.nextChangeAt(now), ...supervised.map((one) => one.nextChangeAt(now))),
    knownUntil(source, now) {
      const own = health(now).find(({ id }) => id === source);
      return own === undefined ? Number.POSITIVE_INFINITY : knownUntil(own);
    },
    async stop() {
      await Promise.all(supervised.map((one) => one.stop()));
    },
  };
}

function nameOf(source: string): string {
  return `heard/${source}`;
}
