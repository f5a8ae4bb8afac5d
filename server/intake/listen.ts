import type { Feed, SourceHealth } from '../../shared/figure.ts';
import { type Instant, SECOND } from '../../shared/time.ts';
import { afterSetBack, healthOf, nextHealthChangeAt, type Pulse } from './health.ts';

/** How often the time a sender was last heard is written down. */
const HEARD_KEPT_EVERY_MS = 10 * SECOND;

/** A source that pushes to us; with `lateAfterMs` it promised `alive` facts at least that often. */
export interface Sender {
  id: string;
  feeds: readonly Feed[];
  lateAfterMs: number | null;
  lostAfterMs: number | null;
}

/** Knows when each pushing source was last heard. */
export interface Listening {
  /** A request of its was accepted. Returns true when its state changed by that. */
  heard(source: string, at: Instant): boolean;
  health(now: Instant): SourceHealth[];
  nextChangeAt(now: Instant): Instant;
}

/** `heardBefore` is what an earlier run wrote down through `keepHeard`. */
export function createListening(needs: {
  senders: readonly Sender[];
  heardBefore: ReadonlyMap<string, Instant>;
  startedAt: Instant;
  keepHeard(source: string, at: Instant): void;
}): Listening {
  const pulses = new Map(needs.senders.map((sender) => [sender.id, pulseOf(sender, needs)]));
  const keptAt = new Map<string, Instant>();
  return {
    heard(source, at) {
      const pulse = pulses.get(source);
      if (!pulse) return false;
      const before = healthOf(pulse, at).state;
      if (before !== 'live') pulse.liveSince = at;
      pulse.heardAt = at;
      pulse.heardSinceStart = true;
      if (Math.abs(at - (keptAt.get(source) ?? 0)) >= HEARD_KEPT_EVERY_MS) {
        keptAt.set(source, at);
        needs.keepHeard(source, at);
      }
      return healthOf(pulse, at).state !== before;
    },
    health: (now) => [...pulses.values()].map((pulse) => healthOf(afterSetBack(pulse, now), now)),
    nextChangeAt: (now) =>
      Math.min(
        Number.POSITIVE_INFINITY,
        ...[...pulses.values()].map((pulse) => nextHealthChangeAt(afterSetBack(pulse, now), now)),
      ),
  };
}

function pulseOf(
  sender: Sender,
  needs: { heardBefore: ReadonlyMap<string, Instant>; startedAt: Instant },
): Pulse {
  return {
    ...sender,
    startedAt: needs.startedAt,
    heardAt: needs.heardBefore.get(sender.id) ?? null,
    heardSinceStart: false,
    liveSince: null,
    downSince: null,
    trouble: null,
  };
}
