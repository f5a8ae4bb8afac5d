import { type Channel, type ChannelConfig, NotTold, type ToldTurn } from './channel.ts';
import { markOf, type PostNeeds, post } from './post.ts';
import { cut, type Place, wordsOf } from './words.ts';

/** developer.pagerduty.com, Events API v2, send an alert event. */
const SUMMARY_CHARS_MAX = 1_024;
const DEDUP_KEY_CHARS_MAX = 255;

/** A service of PagerDuty, by the Events API v2. One event for each turn; an alert is one incident there from end to end. */
export function createPagerDuty(
  config: ChannelConfig & { kind: 'pagerduty' },
  needs: PostNeeds & { place: Place },
): Channel {
  const { id, name, endpoint, routingKey } = config;
  const enqueue = (event: object, stop: AbortSignal): Promise<string> =>
    post(needs, {
      url: `${endpoint}/v2/enqueue`,
      body: JSON.stringify({ routing_key: routingKey, ...event }),
      who: `The channel "${id}"`,
      secrets: [routingKey],
      // The key is in the body, which a redirect would take along to another host.
      redirectsMax: 0,
      // Only network errors, 429 and 5xx are worth another try (Events API v2 overview, response codes).
      mend: () => 'Check that routing_key is the integration key of an Events API v2 integration.',
      stop,
    });
  /** Events of a message that were taken, while not all of them are: a trigger once more, after its resolve, would page again. */
  const taken = new Map<string, number>();
  return {
    id,
    name,
    kind: 'pagerduty',
    mark: markOf(endpoint, routingKey),
    async send({ id: message, turns }, stop) {
      let said = '';
      for (const [i, turn] of turns.entries()) {
        if (i < (taken.get(message) ?? 0)) continue;
        said = await enqueue(eventOf(turn, needs.place), stop);
        // A test leaves no incident open.
        if (turn.kind === 'test') said = await enqueue(closing(turn), stop);
        else taken.set(message, i + 1);
      }
      taken.delete(message);
      if (said === '') throw new NotTold(`The channel "${id}" was given nothing to tell.`, { lasting: true });
      return said;
    },
  };
}

function eventOf(turn: ToldTurn, place: Place): object {
  if (turn.kind === 'resolved') return closing(turn);
  if (turn.kind === 'acknowledged') return { event_action: 'acknowledge', dedup_key: keyOf(turn) };
  const { title, facts, link } = wordsOf(turn, place);
  const { about, level, scope, metric } = turn.alert;
  const value = turn.value === '' ? '' : `: ${turn.value}`;
  return {
    event_action: 'trigger',
    dedup_key: keyOf(turn),
    client: 'First Ring',
    ...(link === null ? {} : { client_url: link, links: [{ href: link, text: 'Open First Ring' }] }),
    payload: {
      summary: cut(`${title}${value}`, SUMMARY_CHARS_MAX),
      source: about,
      severity: turn.kind === 'test' ? 'info' : level,
      timestamp: new Date(turn.at).toISOString(),
      component: scope,
      class: metric,
      custom_details: Object.fromEntries(facts),
    },
  };
}

function closing(turn: ToldTurn): object {
  return { event_action: 'resolve', dedup_key: keyOf(turn) };
}

/** Events with the same key are about one incident. */
function keyOf({ alert }: ToldTurn): string {
  return alert.id.slice(0, DEDUP_KEY_CHARS_MAX);
}
