import { isIP } from 'node:net';
import { z } from 'zod';
import type { ChannelConfig } from '../alerts/channels/channel.ts';
import { isRetiredConnector } from '../alerts/channels/teams.ts';
import { KEY_BYTES_MAX, KEY_BYTES_MIN, keyOf } from '../alerts/channels/webhook.ts';
import { reachWith } from '../outgoing/reach.ts';
import { isAddress } from '../smtp/smtp-config.ts';
import type { Complaint } from './complaint.ts';
import type { Document } from './document.ts';
import { isPlace, origin, outgoingConfigOf, outgoingSettings } from './outgoing-settings.ts';
import { id, listOf, mustBe, secret, settings, text } from './values.ts';

/** Settings of the channels that alerts are told on. */

export const CHANNELS_MAX = 50;
export const SECRETS_MAX = 5;
const ADDRESS_CHARS_MAX = 2_000;
/** Events API v2 takes no other length. */
const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;
const PAGERDUTY = 'https://events.pagerduty.com';
const NTFY = 'https://ntfy.sh';

const toError = mustBe('one mail address, e.g. ana@harbor.example');
const addressError = mustBe('an address that begins with https://');
const topicError = mustBe('the topic: letters, digits, - and _, at most 64');
const RETIRED =
  'names the address of an Office 365 connector, which Microsoft has retired: make a workflow in Teams ("when a Teams webhook request is received") and take its address.';
const SIGNING = `whsec_ and then ${KEY_BYTES_MIN} to ${KEY_BYTES_MAX} bytes in base64 (echo "whsec_$(openssl rand -base64 32)" makes one)`;

const common = {
  id: id('channel').refine((value) => value !== 'wall', {
    error: 'cannot be wall: a rule names the wall by itself. Choose another id.',
  }),
  name: text('what people call it, e.g. #support').optional(),
};

/** What `first-ring.yaml` says of where alerts are told. */
export const channelShape = (env: NodeJS.ProcessEnv) => ({
  channels: listOf(
    z.discriminatedUnion('kind', [email, slack(env), teams(env), webhook(env), ntfy(env), pagerduty(env)], {
      error: mustBe('a channel with its kind: email, slack, teams, webhook, ntfy or pagerduty'),
    }),
    CHANNELS_MAX,
    'channels',
  ).optional(),
  outgoing: outgoingSettings.optional(),
});

const email = settings(
  {
    ...common,
    kind: z.literal('email'),
    to: z.string({ error: toError }).refine(isAddress, { error: toError }),
  },
  'to: ana@harbor.example',
);

const slack = (env: NodeJS.ProcessEnv) =>
  settings(
    { ...common, kind: z.literal('slack'), url: secretPlace(env, 'SLACK_WEBHOOK') },
    `url: \${SLACK_WEBHOOK}`,
  );

const teams = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      ...common,
      kind: z.literal('teams'),
      url: secretPlace(env, 'TEAMS_WEBHOOK').refine((url) => !isRetiredConnector(url), { error: RETIRED }),
    },
    `url: \${TEAMS_WEBHOOK}`,
  );

const webhook = (env: NodeJS.ProcessEnv) => {
  const key = secret(env, 'ALERT_WEBHOOK_SECRET', 1);
  const plain = z
    .string({ error: addressError })
    .max(ADDRESS_CHARS_MAX, { error: addressError })
    .refine(isPlace, { error: addressError });
  return settings(
    {
      ...common,
      kind: z.literal('webhook'),
      url: either(secretPlace(env, 'ALERT_WEBHOOK'), plain),
      secrets: listOf(
        key.refine((value) => keyOf(value) !== null, inEnvironment(SIGNING)),
        SECRETS_MAX,
        'secrets',
      ).min(1, {
        error: `is empty: write ["\${ALERT_WEBHOOK_SECRET}"], and set that environment variable.`,
      }),
    },
    'url: https://hooks.harbor.example/alerts',
  );
};

const ntfy = (env: NodeJS.ProcessEnv) => {
  const named = secret(env, 'NTFY_TOPIC', 1);
  return settings(
    {
      ...common,
      kind: z.literal('ntfy'),
      server: origin.default(NTFY),
      topic: either(
        named.refine(isTopic, inEnvironment('a topic: letters, digits, - and _')),
        z.string({ error: topicError }).refine(isTopic, { error: topicError }),
      ),
      token: secret(env, 'NTFY_TOKEN', 1).optional(),
    },
    `topic: \${NTFY_TOPIC}`,
  );
};

const pagerduty = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      ...common,
      kind: z.literal('pagerduty'),
      routing_key: secret(env, 'PAGERDUTY_KEY', 1).refine(
        (key) => ROUTING_KEY.test(key),
        inEnvironment('the integration key of PagerDuty, 32 letters and digits'),
      ),
      base_url: origin.default(PAGERDUTY),
    },
    `routing_key: \${PAGERDUTY_KEY}`,
  );

type Shape = ReturnType<typeof channelShape>;
interface Written {
  channels?: z.output<Shape['channels']>;
  outgoing?: z.output<Shape['outgoing']>;
  mail?: { url: string } | undefined;
}

export function channelConfigsOf({ channels = [] }: Written): ChannelConfig[] {
  return channels.map((channel): ChannelConfig => {
    const { id: own, name = own } = channel;
    if (channel.kind === 'pagerduty') {
      const { routing_key: routingKey, base_url: endpoint } = channel;
      return { kind: 'pagerduty', id: own, name, routingKey, endpoint };
    }
    if (channel.kind === 'ntfy') return { ...channel, name, token: channel.token ?? null };
    return { ...channel, name };
  });
}

/** What the values of channels must agree with: told at the start, and not when the first alert is. */
export function channelComplaints(written: Written, document: Document): Complaint[] {
  const { networks, plainHosts } = outgoingConfigOf(written);
  const reach = reachWith(networks);
  return (written.channels ?? []).flatMap((channel, i) => {
    const wrong = (field: string, said: string): Complaint[] => [
      document.complaint(['channels', i, field], said),
    ];
    if (channel.kind === 'email')
      return written.mail === undefined
        ? wrong('kind', 'needs the mail server that mail is sent by: write mail with host, from and url.')
        : [];
    const { field, place } = placeOf(channel);
    const { protocol, hostname, port } = new URL(place);
    const bare = hostname.replace(/^\[|\]$/g, '');
    return [
      ...(protocol === 'http:' && !plainHosts.includes(hostname)
        ? wrong(field, 'is not encrypted: use https://, or list its host under outgoing.allow_http.')
        : []),
      ...(isIP(bare) !== 0 && !reach.may(bare, Number(port))
        ? wrong(
            field,
            'is an address of the inner network: list it under outgoing.allow_private if that is meant.',
          )
        : []),
    ];
  });
}

type Sent = Exclude<NonNullable<Written['channels']>[number], { kind: 'email' }>;

/** Where a channel sends to, and the setting that says so. */
function placeOf(channel: Sent): { field: string; place: string } {
  if (channel.kind === 'ntfy') return { field: 'server', place: channel.server };
  if (channel.kind === 'pagerduty') return { field: 'base_url', place: channel.base_url };
  return { field: 'url', place: channel.url };
}

/** The address itself is the secret. */
function secretPlace(env: NodeJS.ProcessEnv, example: string) {
  return secret(env, example, 1).refine(isPlace, inEnvironment('an address that begins with https://'));
}

function inEnvironment(what: string): { error: string } {
  return { error: `names an environment variable whose value must be ${what}.` };
}

/** From the environment where it is written so, else as it is. */
function either(fromEnvironment: z.ZodType<string>, plain: z.ZodType<string>) {
  const isNamed = (input: unknown): boolean => typeof input === 'string' && input.includes('${');
  return z.unknown().transform((input, context): string => {
    const read = (isNamed(input) ? fromEnvironment : plain).safeParse(input);
    if (read.success) return read.data;
    for (const { message } of read.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function isTopic(input: string): boolean {
  return /^[-_A-Za-z0-9]{1,64}$/.test(input);
}
