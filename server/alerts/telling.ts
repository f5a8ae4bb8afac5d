import type { SavedRule } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { valueText } from '../../shared/rule-words.ts';
import { type Instant, SECOND } from '../../shared/time.ts';
import type { AlertTurn, Delivery, KeptAlert, TurnKind } from '../store/alerts.ts';

/** What begins within so long in one team is told to a channel in one message. */
export const BUNCH_MS = 30 * SECOND;

export interface TellingNeeds {
  /** What is told in one message: a team, or the site. */
  bunchOf: (rule: SavedRule) => string;
}

/** Makes turns, each with a delivery to every channel of its rule. Their ids follow from the alert alone. */
export function createTelling({ bunchOf }: TellingNeeds): {
  turnOf(
    alert: KeptAlert,
    rule: SavedRule,
    turn: { kind: TurnKind; at: Instant; value: Tally },
  ): { turn: AlertTurn; deliveries: Delivery[] };
} {
  const bunches = new Map<string, Instant>();
  /** The end of the wait that runs for a channel and bunch, or of a new one. */
  const dueAt = (channel: string, bunch: string, at: Instant): Instant => {
    for (const [key, due] of bunches) if (due <= at) bunches.delete(key);
    const key = JSON.stringify([channel, bunch]);
    const running = bunches.get(key);
    // The clock may have been set back.
    if (running !== undefined && running - at <= BUNCH_MS) return running;
    bunches.set(key, at + BUNCH_MS);
    return at + BUNCH_MS;
  };
  return {
    turnOf(alert, rule, { kind, at, value }) {
      const bunch = bunchOf(rule);
      const id = `${alert.id}.${alert.turns}`;
      const turn = {
        id,
        kind,
        at,
        alert,
        says: rule.says,
        bunch,
        value: valueText(rule, value, alert.limit),
      };
      const deliveries = rule.channels.map(
        (channel): Delivery => ({
          turn: id,
          channel,
          bunch,
          message: null,
          state: 'waiting',
          dueAt: dueAt(channel, bunch, at),
          tries: 0,
          trouble: null,
          at,
        }),
      );
      return { turn, deliveries };
    },
  };
}
