import { createHmac } from 'node:crypto';
import { SECOND } from '../../../shared/time.ts';
import type { Channel, ChannelConfig, Message, ToldTurn } from './channel.ts';
import { type Meaning, markOf, type PostNeeds, post, secretsIn } from './post.ts';
import { limitText, type Place } from './words.ts';

/** github.com/standard-webhooks/standard-webhooks, spec: the key behind `whsec_` has 24 to 64 bytes. */
export const KEY_BYTES_MIN = 24;
export const KEY_BYTES_MAX = 64;

/** The key that a secret `whsec_…` stands for; null when it is none. */
export function keyOf(secret: string): Buffer | null {
  const written = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (written === undefined) return null;
  const key = Buffer.from(written, 'base64');
  return key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX ? key : null;
}

/** The specification's `v1`: HMAC-SHA256 over `id.timestamp.body`. */
export function signatureOf(key: Buffer, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/**
 * Any receiver of yours, by the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` and one signature for
 * each secret, so that secrets can be changed without a gap.
 */
export function createWebhook(
  config: ChannelConfig & { kind: 'webhook' },
  needs: PostNeeds & { place: Place },
): Channel {
  const { id, name, url, secrets } = config;
  const keys = secrets.flatMap((secret) => keyOf(secret) ?? []);
  return {
    id,
    name,
    kind: 'webhook',
    mark: markOf(url),
    send(message, stop) {
      const body = JSON.stringify(bodyOf(message, needs.place));
      // That of the attempt, against replays; the event's own is in the body.
      const timestamp = String(Math.floor(needs.clock.now() / SECOND));
      return post(needs, {
        url,
        headers: {
          'webhook-id': message.id,
          'webhook-timestamp': timestamp,
          'webhook-signature': keys.map((key) => signatureOf(key, message.id, timestamp, body)).join(' '),
        },
        body,
        who: `The channel "${id}"`,
        secrets: [...secrets, ...secretsIn(url)],
        // "Following redirects causes unnecessary load; update the webhook URL instead."
        redirectsMax: 0,
        meaning,
        mend,
        stop,
      });
    },
  };
}

/**
 * The specification: 2xx is success, 410 means nothing more is wanted, all else is a failure that is tried again. Only what
 * finds fault with these very bytes would always fail.
 */
function meaning(status: number): Meaning {
  if (status >= 200 && status < 300) return 'told';
  if (status === 410) return 'gone';
  return [301, 308, 400, 413, 415, 422].includes(status) ? 'never' : 'later';
}

function mend(status: number): string {
  if (status === 410) return 'The receiver wants nothing more: nothing is sent until its test succeeds.';
  if (status === 301 || status === 308) return 'It has moved: write its new address in the configuration.';
  return 'Look into the log of the receiver.';
}

/** docs/alerts-channels.md describes it; what is there once never changes its meaning. */
function bodyOf({ turns }: Message, { linkOf }: Place): object {
  const [first] = turns;
  const kinds = new Set(turns.map(({ kind }) => kind));
  return {
    type: `alert.${kinds.size === 1 ? first?.kind : 'changed'}`,
    timestamp: new Date(Math.max(...turns.map(({ at }) => at))).toISOString(),
    data: { alerts: turns.map((turn) => alertOf(turn, linkOf(turn))) },
  };
}

function alertOf({ id, kind, at, alert, value, says }: ToldTurn, link: string | null): object {
  const time = (instant: number): string => new Date(instant).toISOString();
  const { metric, acked, resolvedAt } = alert;
  return {
    id: alert.id,
    turn: id,
    kind,
    at: time(at),
    level: alert.level,
    since: time(alert.levelSince),
    fired_at: time(alert.firedAt),
    resolved_at: resolvedAt === null ? null : time(resolvedAt),
    ended: alert.ended,
    rule: alert.rule,
    metric,
    scope: alert.scope,
    about: alert.about,
    words: alert.words,
    says,
    value: { ...alert.value, text: value },
    limit: { number: alert.limit, direction: alert.direction, text: limitText(alert) },
    acknowledged: acked === null ? null : { by: acked.by, at: time(acked.at), why: acked.why },
    link,
  };
}
