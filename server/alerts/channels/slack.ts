import type { Channel, ChannelConfig, Message } from './channel.ts';
import { type Meaning, markOf, type PostNeeds, post, secretsIn, usualMeaning } from './post.ts';
import {
  cut,
  headOf,
  leftOut,
  linkLabel,
  type Place,
  plainTextOf,
  TURNS_SHOWN_MAX,
  wordsOf,
} from './words.ts';

/** Block Kit reference (docs.slack.dev/reference/block-kit/blocks). */
const HEADER_CHARS_MAX = 150;
const BLOCK_ID_CHARS_MAX = 255;
/** Of all rich text in a message; Slack names no limit of its own for it. */
const TEXTS_CHARS_MAX = 12_000;
/** Title, rule, what to do and who took it up: the others are short. */
const LONG_TEXTS_OF_TURN = 4;
/** Four times that may come of it when it is escaped, and Slack cuts at 40,000. */
const PLAIN_CHARS_MAX = 3_000;

/** A Slack channel, by an incoming webhook, whose address is the secret. Mattermost and others speak the same. */
export function createSlack(
  config: ChannelConfig & { kind: 'slack' },
  needs: PostNeeds & { place: Place },
): Channel {
  const { id, name, url } = config;
  return {
    id,
    name,
    kind: 'slack',
    mark: markOf(url),
    send: (message, stop) =>
      post(needs, {
        url,
        body: JSON.stringify(bodyOf(message, needs.place)),
        who: `The channel "${id}"`,
        secrets: secretsIn(url),
        meaning,
        mend,
        stop,
      }),
  };
}

/** api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks: what a status and its one word mean. */
function meaning(status: number, text: string): Meaning {
  // A webhook that was revoked is answered 400 or 403, and its word is what counts.
  if (/\b(invalid_token|no_service|no_team|no_active_hooks)\b/.test(text)) return 'never';
  return usualMeaning(status);
}

function mend(_status: number, text: string): string {
  if (/invalid_(payload|blocks)/.test(text)) return 'Slack does not understand the message.';
  if (/channel_is_archived/.test(text))
    return 'Open the Slack channel again, or make a webhook for another one.';
  if (/action_prohibited/.test(text)) return 'Ask an owner of the workspace to let the webhook post there.';
  return 'Make a new incoming webhook in Slack, put its address in the environment variable, and start again.';
}

function bodyOf(message: Message, place: Place): object {
  const head = headOf(message);
  const turns = message.turns.slice(0, TURNS_SHOWN_MAX);
  const charsMax = Math.floor(TEXTS_CHARS_MAX / LONG_TEXTS_OF_TURN / turns.length);
  const sections = turns.map((turn) => {
    const { title, facts, link } = wordsOf(turn, place);
    const lines = [
      ...(message.turns.length > 1 ? [[run(cut(title, charsMax), true)]] : []),
      ...facts.map(([label, value]) => [run(`${label}: `, true), run(cut(value, charsMax))]),
      // A link and no button: Slack asks the app to answer every press of one, and a webhook cannot.
      ...(link === null ? [] : [[{ type: 'link', url: link, text: linkLabel(turn.kind) }]]),
    ];
    const elements = lines.flatMap((line, i) => (i === 0 ? line : [run('\n'), ...line]));
    return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
  });
  const left = leftOut(message);
  return {
    // What a phone shows in its notification, and all that others show who take Slack's messages without blocks.
    text: escaped(cut(plainTextOf(message, place), PLAIN_CHARS_MAX)),
    mrkdwn: false,
    blocks: [
      {
        type: 'header',
        // The same on a repeat, so that it can be told to be one.
        block_id: cut(message.id, BLOCK_ID_CHARS_MAX),
        text: { type: 'plain_text', text: cut(head, HEADER_CHARS_MAX), emoji: false },
      },
      ...sections,
      ...(left === null ? [] : [{ type: 'section', text: { type: 'plain_text', text: left } }]),
    ],
  };
}

/** Mrkdwn would read stars and underscores in names and words, and nothing keeps it from that; rich text is shown as it is. */
function run(text: string, bold = false): object {
  return { type: 'text', text, ...(bold ? { style: { bold } } : {}) };
}

/**
 * docs.slack.dev/messaging/formatting-message-text: these three and no others. Mattermost takes the words themselves for a
 * call of everybody.
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=all|channel|everyone|here)/gi, '@\u200b');
}
