import type { Channel, ChannelConfig, Message } from './channel.ts';
import { markOf, type PostNeeds, post, secretsIn } from './post.ts';
import {
  cutBytes,
  fitted,
  headOf,
  leftOut,
  linkLabel,
  type Place,
  TURNS_SHOWN_MAX,
  wordsOf,
} from './words.ts';

/** "About 28 KB" in all (learn.microsoft.com/connectors/teams, known issues); less was refused already. */
const JSON_BYTES_MAX = 20_000;
const TEXT_BYTES_MAX = 2_000;

/**
 * Hosts of the Office 365 connectors, which Microsoft has retired in favour of Workflows
 * (devblogs.microsoft.com/microsoft365dev/retirement-of-office-365-connectors-within-microsoft-teams).
 */
export function isRetiredConnector(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return (
    host === 'outlook.office.com' || host.endsWith('.webhook.office.com') || host === 'webhook.office.com'
  );
}

/** A channel or chat of Microsoft Teams, by a workflow "when a Teams webhook request is received". */
export function createTeams(
  config: ChannelConfig & { kind: 'teams' },
  needs: PostNeeds & { place: Place },
): Channel {
  const { id, name, url } = config;
  return {
    id,
    name,
    kind: 'teams',
    mark: markOf(url),
    send: (message, stop) =>
      post(needs, {
        url,
        body: fitted(JSON_BYTES_MAX, TEXT_BYTES_MAX, (bytes) => bodyOf(message, needs.place, bytes)),
        who: `The channel "${id}"`,
        // A workflow's address carries its signature in `sig`.
        secrets: secretsIn(url),
        mend: (status) =>
          status === 413
            ? 'The message is too large for Teams.'
            : 'Look in Teams under Workflows whether it is still there, switched on and has an owner; otherwise make a new one, put its address in the environment variable, and start again.',
        stop,
      }),
  };
}

/** Workflows take Adaptive Cards and no message cards (learn.microsoft.com: create and send messages, known issues). */
function bodyOf(message: Message, place: Place, bytesMax: number): object {
  const turns = message.turns.slice(0, TURNS_SHOWN_MAX).map((turn) => ({
    kind: turn.kind,
    ...wordsOf(turn, place),
  }));
  const plain = plainIn(bytesMax);
  const left = leftOut(message);
  const body = [
    { ...plain(headOf(message), { size: 'large', weight: 'bolder' }), id: message.id },
    ...turns.flatMap(({ title, facts }) => [
      ...(turns.length > 1 ? [{ ...plain(title, { weight: 'bolder' }), separator: true }] : []),
      ...facts.map(([label, value]) => plain(value, {}, label)),
    ]),
    ...(left === null ? [] : [plain(left, {})]),
  ];
  const first = turns.find(({ link }) => link !== null);
  const actions =
    first?.link == null ? [] : [{ type: 'Action.OpenUrl', title: linkLabel(first.kind), url: first.link }];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
    actions,
    msteams: { width: 'Full' },
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

/** A text block would read Markdown into names and words; runs of text are shown as they are. */
function plainIn(bytesMax: number) {
  return (text: string, look: { size?: 'large'; weight?: 'bolder' }, label?: string) => {
    const run = { type: 'TextRun', text: cutBytes(text, bytesMax), ...look };
    const head = label === undefined ? [] : [{ type: 'TextRun', text: `${label}: `, weight: 'bolder' }];
    return { type: 'RichTextBlock', inlines: [...head, run] };
  };
}
