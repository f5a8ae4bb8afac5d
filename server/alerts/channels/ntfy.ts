import type { Channel, ChannelConfig, Message, ToldTurn } from './channel.ts';
import { markOf, type PostNeeds, post } from './post.ts';
import { cut, cutBytes, fitted, headOf, linkLabel, type Place, plainTextOf, wordsOf } from './words.ts';

/** docs.ntfy.sh/publish/#limitations: what is longer becomes an attachment. */
const MESSAGE_BYTES_MAX = 4_096;
/** server/server.go reads the JSON of a message up to twice the limit of its text, 8,192 bytes. */
const JSON_BYTES_MAX = 8_000;
const TITLE_CHARS_MAX = 200;
/** Ids of messages (docs.ntfy.sh/publish, updating notifications). */
const SEQUENCE_ID = /^[-_A-Za-z0-9]{1,64}$/;

/** A topic of ntfy, ntfy.sh's or that of a server of your own: notifications on phones and desktops. */
export function createNtfy(
  config: ChannelConfig & { kind: 'ntfy' },
  needs: PostNeeds & { place: Place },
): Channel {
  const { id, name, server, topic, token } = config;
  return {
    id,
    name,
    kind: 'ntfy',
    mark: markOf(server, topic),
    send: (message, stop) =>
      post(needs, {
        // JSON goes to the root, and names the topic inside (docs.ntfy.sh/publish/#publish-as-json).
        url: `${server}/`,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
        body: fitted(JSON_BYTES_MAX, MESSAGE_BYTES_MAX, (bytes) => ({
          topic,
          ...bodyOf(message, needs.place, bytes),
        })),
        who: `The channel "${id}"`,
        secrets: [token ?? '', topic],
        mend,
        stop,
      }),
  };
}

/** ntfy, server/errors.go. */
function mend(status: number): string {
  if (status === 401)
    return 'Its token is not known there: make a new one, and put it in the environment variable.';
  if (status === 403) return 'Its user may not write to the topic: allow it (ntfy access), or give a token.';
  if (status === 404 || status === 405) return 'There is no ntfy at this address: check server.';
  return 'Check server and topic.';
}

function bodyOf(message: Message, place: Place, bytesMax: number): object {
  const [first] = message.turns;
  const link = first === undefined ? null : wordsOf(first, place).link;
  return {
    title: cut(headOf(message), TITLE_CHARS_MAX),
    message: cutBytes(plainTextOf(message, place), bytesMax),
    priority: Math.max(...message.turns.map(priorityOf)),
    tags: [...new Set(message.turns.map(tagOf))],
    // A repeat takes the place of the notification that is there (from ntfy 2.16 on; older servers pass over it).
    ...(SEQUENCE_ID.test(message.id) ? { sequence_id: message.id } : {}),
    ...(link === null || first === undefined
      ? {}
      : { click: link, actions: [{ action: 'view', label: linkLabel(first.kind), url: link, clear: true }] }),
  };
}

/** 5 rings until it is seen, 4 pops up, 3 is as usual, 2 is silent. */
function priorityOf({ kind, alert }: ToldTurn): number {
  if (kind === 'acknowledged') return 2;
  if (kind === 'resolved' || kind === 'test') return 3;
  return alert.level === 'critical' ? 5 : 4;
}

/** Short codes that ntfy draws as a sign before the title. */
function tagOf({ kind, alert }: ToldTurn): string {
  if (kind === 'test') return 'test_tube';
  if (kind === 'acknowledged') return 'eyes';
  if (kind === 'resolved') return 'white_check_mark';
  return alert.level === 'critical' ? 'rotating_light' : 'warning';
}
