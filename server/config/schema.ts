import { z } from 'zod';
import { SECOND } from '../../shared/time.ts';
import { channelShape } from './channel-settings.ts';
import { chimeSettings } from './chime-settings.ts';
import { hours } from './hours.ts';
import { imapSettings } from './imap-settings.ts';
import { mailboxQueue } from './mailbox-settings.ts';
import { blueskySettings, mastodonSettings, mentionSettings, rssSettings } from './network-settings.ts';
import { reportSettings } from './report-settings.ts';
import { smtpSettings } from './smtp-settings.ts';
import {
  digits,
  duration,
  id,
  listOf,
  mustBe,
  percent,
  SECRET_CHARS_MIN,
  secret,
  settings,
  text,
  wholeNumber,
} from './values.ts';
import { xSettings } from './x-settings.ts';

export const TEAMS_MAX = 200;
export const QUEUES_PER_TEAM_MAX = 100;
export const BOARDS_MAX = 500;
export const SOURCES_MAX = 100;
export const NUMBERS_MAX = 1_000;
export const HOLIDAYS_MAX = 1_000;
export const NAMES_MAX = 100;

const aSecond = { ms: SECOND, said: '1 second' };
const isoDate = mustBe('a date that exists, year-month-day, e.g. 2026-12-25');
const zoneError = mustBe('an IANA time zone, e.g. America/New_York or Europe/London');
const countryError = mustBe('two letters for the country of your callers, e.g. us, gb or de');
const showError = mustBe('site, or team: or queue: and an id, e.g. team:patient-support');
const domainError = mustBe('a domain of yours, e.g. harbor.example');
const booleanError = mustBe('true or false');

const date = z.string({ error: isoDate }).refine(isDate, { error: isoDate });
const flag = z.boolean({ error: booleanError });

/** A promise with a length of time; `off` where it may be switched off. */
const promise = (example: string) =>
  settings(
    { percent: percent.optional(), within: duration(aSecond, example).optional() },
    `{ percent: 80, within: ${example} }`,
  );

const targets = settings(
  {
    first_ring: percent.optional(),
    service_level: promise('20s').optional(),
    called_back: z.preprocess(
      (input) => (input === 'off' || input === false ? null : input),
      promise('10m').nullable().optional(),
    ),
    emails: settings(
      {
        percent: percent.optional(),
        within: duration(aSecond, '60m').optional(),
        clock: z
          .enum(['business', 'calendar'], {
            error: mustBe('business (opening hours) or calendar (round the clock)'),
          })
          .optional(),
        mode: z.enum(['every_turn', 'first_only'], { error: mustBe('every_turn or first_only') }).optional(),
      },
      '{ percent: 80, within: 60m }',
    ).optional(),
  },
  'first_ring: 70',
);

const site = settings(
  {
    name: text('the name of your organisation'),
    place: text('a place, e.g. New York').optional(),
    zone: z.string({ error: zoneError }).refine(isZone, { error: zoneError }),
    country: z
      .string({ error: countryError })
      .regex(/^[A-Za-z]{2}$/, { error: countryError })
      .default('us'),
    domains: listOf(
      z.string({ error: domainError }).regex(/^[^@\s]+\.[^@\s.]+$/, { error: domainError }),
      NAMES_MAX,
      'domains',
    ).default([]),
    hours: hours.optional(),
    holidays: listOf(date, HOLIDAYS_MAX, 'dates').default([]),
    holiday_calendar: z
      .string({ error: mustBe('a country and perhaps a state, e.g. US-NY or GB-ENG') })
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,5}){0,2}$/, {
        error: mustBe('a country and perhaps a state, e.g. US-NY or GB-ENG'),
      })
      .optional(),
    open_on: listOf(date, HOLIDAYS_MAX, 'dates').default([]),
    short_abandon: duration({ ms: 0, said: '0s' }, '5s').default(5 * SECOND),
    ring_period: duration(aSecond, '6s').optional(),
    first_ring_from: z
      .enum(['phones', 'offered'], {
        error: mustBe('phones (from the first phone that rings) or offered (from entering the queue)'),
      })
      .default('phones'),
    targets: targets.default({}),
    min_sample: wholeNumber(1, 1_000, 5).optional(),
  },
  'name: Harbor Health',
);

const callQueue = settings(
  {
    id: id('queue'),
    kind: z.literal('calls'),
    asterisk_queue: text('the name of the queue in Asterisk').optional(),
    dids: listOf(digits('a dialled number'), NUMBERS_MAX, 'numbers').default([]),
  },
  'kind: calls',
);

const team = settings(
  {
    id: id('team').refine((value) => value !== 'site', {
      error: 'cannot be site: that is the word for all teams together. Choose another id.',
    }),
    name: text('the name of the team'),
    hours: hours.optional(),
    targets: targets.default({}),
    min_sample: wholeNumber(1, 1_000, 5).optional(),
    text_numbers: listOf(digits('a number of yours'), NUMBERS_MAX, 'numbers').default([]),
    queues: listOf(
      z.discriminatedUnion('kind', [callQueue, mailboxQueue], {
        error: mustBe('a queue with its kind: calls or mailbox'),
      }),
      QUEUES_PER_TEAM_MAX,
      'queues',
    ).default([]),
  },
  'name: Patient Support',
);

const board = settings(
  {
    id: id('board'),
    name: text('the name on the wall').optional(),
    place: text('a place, e.g. New York').optional(),
    show: z.string({ error: showError }).regex(/^(site|(team|queue):[a-z0-9-]+)$/, { error: showError }),
    names: flag.default(true),
    chime: chimeSettings.optional(),
  },
  'show: site',
);

const asterisk = (env: NodeJS.ProcessEnv) => {
  const contexts = listOf(text('a context of the dialplan'), NAMES_MAX, 'contexts');
  return settings(
    {
      id: id('source'),
      kind: z.literal('asterisk'),
      host: text('the name or address of the PBX'),
      port: wholeNumber(1, 65_535, 5038).optional(),
      user: text('the name of the AMI user'),
      secret: secret(env, 'AMI_SECRET', 1),
      tls: flag.default(false),
      md5: flag.default(false),
      inbound_contexts: contexts.optional(),
      internal_contexts: contexts.optional(),
      callback_contexts: contexts.optional(),
      outside_prefix: digits('what is dialled before an outside number').optional(),
      default_queue: text('the id of a call queue').optional(),
    },
    'host: pbx.local',
  );
};

const http = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      id: id('source'),
      kind: z.literal('http'),
      token: secret(env, 'INGEST_TOKEN', SECRET_CHARS_MIN),
      feeds: listOf(
        z.enum(['phones', 'emails', 'mentions'], { error: mustBe('phones, emails or mentions') }),
        3,
        'feeds (phones, emails, mentions)',
      ).min(1, {
        error: 'is empty: say what this source tells of: phones, emails or mentions.',
      }),
      late_after: duration(aSecond, '60s').optional(),
      lost_after: duration(aSecond, '5m').optional(),
    },
    'feeds: [phones]',
  );

/** The shape of `first-ring.yaml`. Secrets are looked up in `env`. Whatever must agree across settings is in agreement.ts. */
export function fileSchema(env: NodeJS.ProcessEnv) {
  return settings(
    {
      site,
      teams: listOf(team, TEAMS_MAX, 'teams').default([]),
      boards: listOf(board, BOARDS_MAX, 'boards').default([]),
      own_accounts: listOf(text('an account of yours, e.g. harborhealth'), NAMES_MAX, 'accounts').default([]),
      human_senders: listOf(text('an address or a domain, e.g. crm.example'), NAMES_MAX, 'senders').default(
        [],
      ),
      mentions: mentionSettings,
      mail: smtpSettings(env).optional(),
      report: reportSettings.optional(),
      ...channelShape(env),
      sources: listOf(
        z.discriminatedUnion(
          'kind',
          [
            asterisk(env),
            http(env),
            imapSettings(env),
            mastodonSettings(env),
            blueskySettings,
            rssSettings,
            xSettings(env),
          ],
          { error: mustBe('a source with its kind: asterisk, http, imap, mastodon, bluesky, rss or x') },
        ),
        SOURCES_MAX,
        'sources',
      ).default([]),
    },
    'site, teams and sources',
  );
}

export type Settings = z.output<ReturnType<typeof fileSchema>>;
export type TargetSettings = z.output<typeof targets>;

function isDate(input: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(input) ? Date.parse(`${input}T00:00:00Z`) : Number.NaN;
  // 2026-02-30 would be taken for 2 March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(input);
}

function isZone(input: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: input }).format(0).length > 0 && !/^[+-]/.test(input);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
