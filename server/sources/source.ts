import type { Feed } from '../../shared/figure.ts';
import type { Fact } from '../fact.ts';

/** Hands facts over together with where to go on from; resolves when they are durable. */
export type Deliver = (facts: readonly Fact[], cursor?: string) => Promise<void>;

export interface Run {
  /** What this source last delivered with its facts; null at the very first start. */
  cursor: string | null;
  deliver: Deliver;
  /** A sign of life: a heartbeat, a keep-alive, an answered ping. Quiet customers are not silence. */
  live(): void;
  /** Something a person should know while the link still stands (a listing that was refused); null clears it. */
  notice(trouble: string | null): void;
  /** A message of the vendor's that was skipped: counted, and logged without its content. */
  refuse(reason: string): void;
  stop: AbortSignal;
}

/** One vendor link. `run` works until told to stop, and throws when the link breaks; it is then started again. */
export interface Source {
  id: string;
  feeds: readonly Feed[];
  /** No sign of life for this long: its live counts become "not known". */
  lateAfterMs: number;
  /** And for this long: its figures are drawn as old. */
  lostAfterMs: number;
  run(run: Run): Promise<void>;
  /**
   * Tries to connect once, apart from the running link, and says in words what was found. Throws a Problem whose words
   * say how to mend it. Where only one connection is allowed it opens none: the source itself decides. Closes all that
   * it opened when told to stop.
   */
  check?(stop: AbortSignal): Promise<string>;
}
