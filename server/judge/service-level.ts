import type { Tally } from '../../shared/figure.ts';
import type { CallOutcome } from './verdict.ts';

/** Published or shipped formulas of "service level"; a comparison with another product must name the one it uses. */
export type ServiceLevelVariant =
  | 'first_ring_default_negative'
  | 'cisco_ignore'
  | 'cisco_negative'
  | 'cisco_positive'
  | 'asterisk_perf'
  | 'asterisk_perf2'
  | 'genesys_all_included_no_flowouts'
  | 'genesys_all_plus_flowouts'
  | 'genesys_short_abandons_excluded';

/** A finished call as far as service level goes: how it ended, and after what wait. */
export interface Waited {
  outcome: CallOutcome;
  /** Offered to bridged or to the end, in ms. */
  waitMs: number | null;
}

/**
 * The service level of the same finished calls by each of nine formulas; `withinMs` is inclusive. The first is the
 * one of this project: misses are negative, short abandons are left out, flow-outs count.
 */
export function serviceLevels(calls: Iterable<Waited>, withinMs: number): Record<ServiceLevelVariant, Tally> {
  let answered = 0;
  let answeredWithin = 0;
  let abandoned = 0;
  let abandonedWithin = 0;
  let short = 0;
  let flowedOut = 0;
  for (const { outcome, waitMs } of calls) {
    const within = waitMs !== null && waitMs <= withinMs ? 1 : 0;
    if (outcome === 'answered') {
      answered += 1;
      answeredWithin += within;
    } else if (outcome === 'abandoned' || outcome === 'short_abandon') {
      abandoned += 1;
      abandonedWithin += within;
      if (outcome === 'short_abandon') short += 1;
    } else if (outcome === 'flow_out') flowedOut += 1;
  }
  const reached = answered + abandoned + flowedOut;
  const pair = (n: number, d: number): Tally => ({ n, d });
  return {
    first_ring_default_negative: pair(answeredWithin, answered + abandoned - short + flowedOut),
    cisco_ignore: pair(answeredWithin, reached - abandonedWithin),
    cisco_negative: pair(answeredWithin, reached),
    cisco_positive: pair(answeredWithin + abandonedWithin, reached),
    asterisk_perf: pair(answeredWithin, answered),
    asterisk_perf2: pair(answeredWithin + abandonedWithin, answered + abandoned),
    genesys_all_included_no_flowouts: pair(answeredWithin, answered + abandoned),
    genesys_all_plus_flowouts: pair(answeredWithin, reached),
    genesys_short_abandons_excluded: pair(answeredWithin, answered + abandoned - short),
  };
}
