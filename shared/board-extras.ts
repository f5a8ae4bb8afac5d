import type { Instant } from './time.ts';

/** The soft tone of a board at each new critical alert. */
export interface Chime {
  /** Where its sound lies on this server. */
  path: string;
  /** Percent of the screen's own loudness. */
  volume: number;
  /** Local times of the site, "22:00" to "07:00", in which nothing sounds; it may pass midnight. */
  quiet: { from: string; to: string } | null;
}

/** The longest answered conversation. It is celebrated, has no target and no name. */
export interface Longest {
  ms: number;
  /** Set while it is still going on: the length at time t is `t - since`. */
  since: Instant | null;
  /** The local date it belongs to; not today's when nothing has been counted today yet. */
  date: string;
}
