import { z } from 'zod';
import { id, listOf, mustBe, secret, settings, text, wholeNumber } from './values.ts';

/** Settings of mailboxes that are read by IMAP. */

export const MAILBOXES_PER_LOGIN_MAX = 20;
export const FOLDERS_MAX = 20;
export const READ_BACK_DAYS_MAX = 365;
const NAME_CHARS_MAX = 320;

const name = (what: string) => {
  const error = mustBe(`${what}, up to ${NAME_CHARS_MAX} characters of text`);
  return z
    .string({ error })
    .min(1, { error })
    .max(NAME_CHARS_MAX, { error })
    .regex(/^(?!.*\$\{)/, {
      error: 'cannot be taken from the environment: only secrets and tokens are. Write it here.',
    });
};
const folder = name('the name of a folder as the mail server has it, e.g. INBOX or Sent Items');
const folders = (example: string) =>
  listOf(folder, FOLDERS_MAX, 'folders').min(1, { error: `is empty: leave it out, or write [${example}].` });
const spamError = mustBe('the name of a folder, e.g. Junk, or off');

const mailboxFolders = settings(
  {
    mailbox: text('the id of a queue of kind mailbox'),
    inbox: folders('INBOX').optional(),
    sent: folders('Sent').optional(),
    spam: z
      .preprocess(
        (input) => (input === 'off' || input === false ? null : input),
        z.string({ error: spamError }).min(1, { error: spamError }).max(NAME_CHARS_MAX).nullable(),
      )
      .optional(),
  },
  'mailbox: help',
);

const ticketError = mustBe(
  'how a ticket is named in subjects, with one * for its number and something beside it, in quotes, e.g. "[#*]"',
);
const ticket = z
  .string({ error: ticketError })
  .regex(/^(?=.{2,40}$)[^*]*[^*\s][^*]*\*[^*]*$|^(?=.{2,40}$)\*[^*]*[^*\s][^*]*$/, {
    error: ticketError,
  });

const securityError = mustBe(
  'tls, starttls, or unencrypted (the password and every header then travel in clear)',
);
const endpointError = mustBe('an https address, e.g. https://login.example/token');

const oauth2 = (env: NodeJS.ProcessEnv) => {
  const client = {
    client_id: name('the id of the application'),
    client_secret: secret(env, 'MAIL_CLIENT_SECRET', 1).optional(),
    refresh_token: secret(env, 'MAIL_REFRESH_TOKEN', 1).optional(),
    scope: name('the scope that is asked for').optional(),
  };
  const endpoint = z.string({ error: endpointError }).refine(isSafe, { error: endpointError });
  const google = {
    ...client,
    client_secret: secret(env, 'MAIL_CLIENT_SECRET', 1),
    refresh_token: secret(env, 'MAIL_REFRESH_TOKEN', 1),
    token_endpoint: endpoint.optional(),
  };
  const microsoft = {
    ...client,
    tenant: name('the tenant id of your Microsoft 365'),
    token_endpoint: endpoint.optional(),
  };
  return z.discriminatedUnion(
    'provider',
    [
      settings({ provider: z.literal('google'), ...google }, 'client_id: 123.apps.googleusercontent.com'),
      settings({ provider: z.literal('microsoft'), ...microsoft }, 'tenant: 11111111-…'),
      settings(
        { provider: z.literal('other'), ...client, token_endpoint: endpoint },
        'token_endpoint: https://…',
      ),
    ],
    { error: mustBe('settings with their provider: google, microsoft or other') },
  );
};

export const imapSettings = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      id: id('source'),
      kind: z.literal('imap'),
      host: name('the name or address of the mail server'),
      port: wholeNumber(1, 65_535, 993).optional(),
      security: z.enum(['tls', 'starttls', 'unencrypted'], { error: securityError }).default('tls'),
      certificate_authority: name('the path of a PEM file').optional(),
      user: name('the name that the account logs in with'),
      password: secret(env, 'MAIL_PASSWORD', 1).optional(),
      oauth2: oauth2(env).optional(),
      read_back_days: wholeNumber(1, READ_BACK_DAYS_MAX, 14).optional(),
      ticket: ticket.optional(),
      mailboxes: listOf(mailboxFolders, MAILBOXES_PER_LOGIN_MAX, 'mailboxes').min(1, {
        error: 'is empty: say which mailbox this account is, e.g. [{ mailbox: help }].',
      }),
    },
    'host: imap.harbor.example',
  );

/** Encrypted, or on this machine. */
function isSafe(input: string): boolean {
  const url = URL.canParse(input) ? new URL(input) : null;
  if (url === null || url.username !== '') return false;
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (isHere && url.protocol === 'http:');
}
