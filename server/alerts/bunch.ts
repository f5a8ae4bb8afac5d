import { createHash } from 'node:crypto';
import type { AlertTurn, Delivery } from '../store/alerts.ts';
import type { Message } from './channels/channel.ts';

/** So many turns are told in one message at most: well under the 100 KB that many a receiver of webhooks takes. */
export const TURNS_MAX = 50;

/** One message, and the deliveries that are done when it is told. */
export interface Bunch {
  message: Message;
  /** Its id is in no row yet. */
  fresh: boolean;
  /** As they are to be kept: with the id of the message. */
  deliveries: readonly Delivery[];
}

/**
 * What is due on one channel, as messages. Turns that were sent go together as they were, with the same id, so that a message
 * that is sent once more after a crash can be told to be one; what came late into their bunch goes by itself. Of the others
 * those with the same bunch and the same due time go together.
 * `cutOff`: there may be more rows than these, and the last bunch may not be whole.
 */
export function bunchesOf(
  rows: readonly { turn: AlertTurn; delivery: Delivery }[],
  cutOff: boolean,
): Bunch[] {
  const groups = [
    ...Map.groupBy(rows, ({ delivery: { message, dueAt, bunch } }) =>
      JSON.stringify(message === null ? [dueAt, bunch] : [message]),
    ).values(),
  ];
  const [last] = groups.slice(-1);
  const whole = cutOff && groups.length > 1 ? groups.slice(0, -1) : groups;
  return whole.flatMap((group) => {
    const parts = chunks(group);
    // What is cut off may belong to the last part.
    return cutOff && group === last && parts.length > 1 ? parts.slice(0, -1) : parts;
  });
}

function chunks(group: readonly { turn: AlertTurn; delivery: Delivery }[]): Bunch[] {
  const parts: Bunch[] = [];
  const told = new Set<string>();
  for (let from = 0; from < group.length; from += TURNS_MAX) {
    const part = group.slice(from, from + TURNS_MAX);
    const turns = part.map(({ turn }) => turn);
    // Messages may overtake each other: what is told of an alert later waits for what comes before it.
    if (turns.some(({ alert }) => told.has(alert.id))) break;
    for (const { alert } of turns) told.add(alert.id);
    const kept = part[0]?.delivery.message ?? null;
    const id = kept ?? idOf(turns);
    const deliveries = part.map(({ delivery }) => ({ ...delivery, message: id }));
    parts.push({ message: { id, turns }, fresh: kept === null, deliveries });
  }
  return parts;
}

/** Of one turn its own id. No full stop may be in it: signatures are made over id.time.body. */
function idOf(turns: readonly AlertTurn[]): string {
  const own = turns.length === 1 ? (turns[0]?.id ?? '').replaceAll('.', '-') : '';
  if (/^[-_A-Za-z0-9]{1,64}$/.test(own)) return own;
  const ids = JSON.stringify(turns.map(({ id }) => id));
  return `bunch-${createHash('sha256').update(ids).digest('base64url').slice(0, 32)}`;
}
