import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';

const env = {
  MAIL_PASSWORD: 'correct-horse',
  MAIL_CLIENT_SECRET: 'a-client-secret',
  MAIL_REFRESH_TOKEN: 'a-refresh-token',
};
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-ring-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(yaml: string) {
  await writeFile(join(folder, 'c.yaml'), yaml);
  return loadConfig({ ...env, CONFIG: 'c.yaml' }, folder);
}

async function toldOf(yaml: string): Promise<string[]> {
  try {
    await load(yaml);
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid') return error.message.split('\n');
    throw error;
  }
  return [];
}

const team = `site: { name: Harbor, zone: UTC }
teams:
  - id: support
    name: Support
    queues:
      - { id: calls, kind: calls }
      - { id: help, kind: mailbox, addresses: [help@harbor.example] }
sources:
  - id: mail
    kind: imap
`;
const of = (settings: string): string =>
  `${team}${settings
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}`;
const plain = `host: imap.harbor.example
user: help@harbor.example
password: \${MAIL_PASSWORD}
mailboxes: [{ mailbox: help }]`;
/** In `oauth2`, `$NAME` stands for a variable. */
const account = (oauth2: string): string =>
  of(
    `host: imap.harbor.example\nuser: help@harbor.example\noauth2: ${oauth2.replaceAll(/\$(\w+)/g, '$$\u007b$1}')}\nmailboxes: [{ mailbox: help }]`,
  );

async function imapOf(yaml: string) {
  const source = (await load(yaml)).sources[0];
  if (source?.kind !== 'imap') throw new Error('no imap source');
  return source.imap;
}

describe('a mailbox by IMAP', () => {
  it('needs a host, a login and the mailbox that it is; the rest is what is usual', async () => {
    expect(await imapOf(of(plain))).toEqual({
      id: 'mail',
      host: 'imap.harbor.example',
      port: 993,
      security: 'tls',
      user: 'help@harbor.example',
      login: { how: 'password', password: 'correct-horse' },
      readBackDays: 14,
      mailboxes: [{ mailbox: 'help', inbox: ['INBOX'] }],
    });
    expect((await load(of(plain))).boards[0]?.emails).not.toBeNull();
  });

  it('keeps everything that is written', async () => {
    const all = of(`host: 10.0.0.5
port: 1430
security: starttls
certificate_authority: /etc/ssl/our-ca.pem
user: CORP/help
password: \${MAIL_PASSWORD}
read_back_days: 90
ticket: "[#*]"
mailboxes:
  - { mailbox: help, inbox: [INBOX, INBOX/VIP], sent: [Sent Items], spam: off }`);
    expect(await imapOf(all)).toMatchObject({
      port: 1430,
      security: 'starttls',
      authorityFile: '/etc/ssl/our-ca.pem',
      readBackDays: 90,
      ticket: '[#*]',
      mailboxes: [{ mailbox: 'help', inbox: ['INBOX', 'INBOX/VIP'], sent: ['Sent Items'], spam: null }],
    });
    const clear = plain.replace('user:', 'security: unencrypted\nuser:');
    expect(await imapOf(of(clear))).toMatchObject({ port: 143, security: 'unencrypted' });
  });

  it.each([
    [
      '{ provider: google, client_id: "1.apps.example", client_secret: "$MAIL_CLIENT_SECRET", refresh_token: "$MAIL_REFRESH_TOKEN" }',
      { tokenEndpoint: 'https://oauth2.googleapis.com/token', refreshToken: 'a-refresh-token' },
    ],
    [
      '{ provider: microsoft, tenant: "1111-2222", client_id: "3333", refresh_token: "$MAIL_REFRESH_TOKEN" }',
      {
        tokenEndpoint: 'https://login.microsoftonline.com/1111-2222/oauth2/v2.0/token',
        scope: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
      },
    ],
    [
      '{ provider: microsoft, tenant: "1111-2222", client_id: "3333", client_secret: "$MAIL_CLIENT_SECRET" }',
      { scope: 'https://outlook.office365.com/.default', clientSecret: 'a-client-secret' },
    ],
    [
      '{ provider: other, token_endpoint: "https://login.harbor.example/token", client_id: x, refresh_token: "$MAIL_REFRESH_TOKEN", scope: mail }',
      { tokenEndpoint: 'https://login.harbor.example/token', scope: 'mail' },
    ],
  ])('knows where tokens come from: %s', async (written, login) => {
    expect((await imapOf(account(written))).login).toMatchObject({ how: 'oauth2', ...login });
  });

  it('keeps addresses readable only where a mailbox says so', async () => {
    const rules = async (yaml: string) => (await load(yaml)).rules.queues.get('help');
    expect(await rules(of(plain))).not.toHaveProperty('keepsAddresses');
    const readable = of(plain).replace('kind: mailbox,', 'kind: mailbox, keep: readable,');
    expect(await rules(readable)).toMatchObject({ keepsAddresses: true });
  });

  it('is in the example file as a comment that works', async () => {
    const example = await readFile(join(import.meta.dirname, '../../docs/first-ring.example.yaml'), 'utf8');
    const lines = example.split('\n');
    const from = lines.findIndex((line) => line.includes('# - id: help-mail'));
    const block = lines.slice(from, from + 8).map((line) => line.replace(/^ {2}# ?/, '  '));
    const yaml = `${team.slice(0, team.indexOf('  - id: mail'))}${block.join('\n')}`;
    expect(await imapOf(yaml)).toMatchObject({ id: 'help-mail', security: 'tls' });
  });
});

describe('what is wrong with a mailbox by IMAP is told with how to mend it:', () => {
  const without = (line: string): string =>
    of(
      plain
        .split('\n')
        .filter((one) => !one.startsWith(line))
        .join('\n'),
    );
  it.each<[string, string, RegExp]>([
    ['no host', without('host'), /sources\[0\]\.host: is missing: it must be the name or address/],
    [
      'no login',
      without('password'),
      /sources\[0\]\.password: is missing: write \$\{MAIL_PASSWORD\}.*oauth2/,
    ],
    [
      'two logins',
      of(
        `${plain}\noauth2: { provider: google, client_id: x, client_secret: "\${MAIL_CLIENT_SECRET}", refresh_token: "\${MAIL_REFRESH_TOKEN}" }`,
      ),
      /oauth2: and password are two ways/,
    ],
    [
      'a password in the file',
      of(plain.replace(/\$\{MAIL_PASSWORD\}/, 'hunter2')),
      /must not be written in this file/,
    ],
    ['no mailbox', without('mailboxes'), /mailboxes: must be a list|mailboxes: is missing/],
    ['an empty list', of(plain.replace('[{ mailbox: help }]', '[]')), /say which mailbox this account is/],
    [
      'a queue of calls',
      of(plain.replace('mailbox: help', 'mailbox: calls')),
      /mailbox: names nothing.*help/,
    ],
    ['a misspelt mailbox', of(plain.replace('mailbox: help', 'mailbox: hepl')), /Did you mean help\?/],
    [
      'a mailbox twice',
      of(plain.replace('{ mailbox: help }', '{ mailbox: help }, { mailbox: help, inbox: [VIP] }')),
      /mailboxes\[1\]\.mailbox: is in this source before/,
    ],
    [
      'an unknown security',
      of(`${plain}\nsecurity: none`),
      /security: must be tls, starttls, or unencrypted \(the password/,
    ],
    ['too many days', of(`${plain}\nread_back_days: 4000`), /from 1 to 365/],
    ['a ticket without its number', of(`${plain}\nticket: "[#]"`), /ticket: must be how a ticket is named/],
    ['a ticket that is anything', of(`${plain}\nticket: " * "`), /ticket: must be how a ticket is named/],
    ['a misspelt setting', of(`${plain}\nread_back: 3`), /Did you mean|is not known here/],
    [
      'no provider',
      account('{ client_id: x, client_secret: "$MAIL_CLIENT_SECRET" }'),
      /google, microsoft or other/,
    ],
    [
      'no tenant',
      account('{ provider: microsoft, client_id: x, refresh_token: "$MAIL_REFRESH_TOKEN" }'),
      /tenant: is missing/,
    ],
    [
      'no grant',
      account('{ provider: microsoft, tenant: t, client_id: x }'),
      /needs a refresh_token, or a client_secret/,
    ],
    [
      'tokens in clear',
      account(
        '{ provider: other, token_endpoint: "http://login.example/t", client_id: x, refresh_token: "$MAIL_REFRESH_TOKEN" }',
      ),
      /token_endpoint: must be an https address/,
    ],
    [
      'another way to keep',
      of(plain).replace('kind: mailbox,', 'kind: mailbox, keep: clear,'),
      /keep: must be hashed/,
    ],
  ])('%s', async (_, yaml, words) => {
    const told = await toldOf(yaml);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(words);
    expect(told[0]).not.toMatch(/hunter2|correct-horse|a-refresh-token/);
  });
});
