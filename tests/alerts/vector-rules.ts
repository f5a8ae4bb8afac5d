import { allWell, compile, step, verdictOf } from '../../server/alerts/step.ts';
import type { Tally } from '../../shared/figure.ts';
import { burnRate } from '../../shared/rule-words.ts';
import { aRule } from './a-rule.ts';

interface AlertVector {
  config: object;
  events: readonly Record<string, unknown>[];
}

/** The states after each event of a worked example, and what is told. */
export function alertFigures(
  { config, events }: AlertVector,
  deliver: <E>(events: readonly E[]) => E[],
): unknown {
  const { below, hysteresis, min_n, for_ms, clear_ms } = config as Record<string, number>;
  const rule = compile(
    aRule({
      warning: below ?? 0,
      critical: null,
      margin: hysteresis ?? 0,
      minItems: min_n ?? 0,
      forMs: for_ms ?? 0,
      clearForMs: clear_ms ?? 0,
    }),
  );
  let state = allWell;
  let acked = false;
  const states: [string, string][] = [];
  const notifications: [string, string][] = [];
  for (const event of inOrderOnce(deliver(events))) {
    const at = String(event.at);
    const before = state.warning.phase;
    if (event.t === 'ack') acked = true;
    else
      state = step(state, rule, Date.parse(at), {
        pairs: [{ n: Number(event.n), d: Number(event.d) }],
        stale: false,
      });
    const { phase } = state.warning;
    if (before !== 'firing' && phase === 'firing') notifications.push([at, 'firing']);
    if (before === 'firing' && phase !== 'firing') {
      notifications.push([at, 'resolved']);
      acked = false;
    }
    states.push([at, `${phase === 'well' ? 'inactive' : phase}${acked ? '+ack' : ''}`]);
  }
  return { states, notifications };
}

/** Samples are looked at in the order of their instants, each once. */
function inOrderOnce(events: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const byInstant = new Map(events.map((event) => [String(event.at), event]));
  return [...byInstant.values()].sort((a, b) => Date.parse(String(a.at)) - Date.parse(String(b.at)));
}

/** The burn rates of both windows, the most there can be, and whether a level is passed. */
export function burnFigures({ config, events }: AlertVector): unknown {
  const { target = 0, k = 0, min_n = 0 } = config as Record<string, number>;
  const pairs: Tally[] = events.map(({ n, d }) => ({ n: Number(n), d: Number(d) }));
  const rule = compile(
    aRule({
      metric: 'burnRate',
      direction: 'above',
      warning: k,
      critical: null,
      margin: 0,
      minItems: min_n,
      target,
    }),
  );
  return {
    burn: pairs.map((pair) => burnRate(pair, target)),
    max_possible: burnRate({ n: 0, d: 1_000 }, target),
    fires: verdictOf(rule.warning, rule, { pairs, stale: false }) === 'bad',
  };
}
