import { describe, expect, it } from 'vitest';
import { sourcesOfBoard } from '../../server/config/board-sources.ts';
import type { SourceConfig } from '../../server/config/source-configs.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { MINUTE } from '../../shared/time.ts';
import { anApp, TV_TOKEN } from '../support/an-app.ts';
import { someRules, someTeam } from '../support/some-rules.ts';
import { createTestClock } from '../support/test-clock.ts';

const mailbox = (team: string) => ({ kind: 'mailbox', team, addresses: [], order: 0 }) as const;
const rules = someRules({
  queues: new Map([
    ['inbox', mailbox('help')],
    ['invoices', mailbox('money')],
  ]),
  teams: new Map([
    ['help', someTeam()],
    ['money', someTeam()],
  ]),
});
const imap = (id: string, ...mailboxes: string[]) =>
  ({
    kind: 'imap',
    id,
    imap: { mailboxes: mailboxes.map((one) => ({ mailbox: one })) },
  }) as unknown as SourceConfig;
const http = {
  kind: 'http',
  id: 'desk',
  token: '',
  feeds: ['emails'],
  lateAfterMs: null,
  lostAfterMs: null,
} as const;
const sources = [
  imap('help-mail', 'inbox'),
  imap('money-mail', 'invoices'),
  imap('both', 'inbox', 'invoices'),
  http,
];

describe('the sources of a board', () => {
  it.each([
    ['site', ['help-mail', 'money-mail', 'both', 'desk']],
    ['team:help', ['help-mail', 'both', 'desk']],
    ['team:money', ['money-mail', 'both', 'desk']],
    ['queue:invoices', ['money-mail', 'both', 'desk']],
    ['queue:calls', ['desk']],
  ] as const)('%s depends on those that may tell of its queues', (scope, expected) => {
    expect([...sourcesOfBoard({ scope }, sources, rules)]).toEqual(expected);
  });
});

describe('a mail server that is lost', () => {
  const configuration = `
site: { name: Acme, zone: UTC, hours: always, domains: [acme.example] }
teams:
  - { id: help, name: Help, queues: [{ id: inbox, kind: mailbox, addresses: [help@acme.example] }] }
  - { id: money, name: Money, queues: [{ id: invoices, kind: mailbox, addresses: [money@acme.example] }] }
sources:
  - id: help-mail
    kind: imap
    host: 127.0.0.1
    port: 1
    security: unencrypted
    user: help
    password: \${MAIL_PASSWORD}
    mailboxes: [{ mailbox: inbox }]
  - { id: desk, kind: http, token: "\${DESK_TOKEN}", feeds: [emails] }
`;

  it('makes hollow only the boards that show its mailbox, and is named there', async () => {
    const clock = createTestClock('2026-11-17T10:00:00Z');
    const env = { MAIL_PASSWORD: 'not-a-real-one', DESK_TOKEN: 'a-token-for-the-desk' };
    await using app = await anApp({ clock, port: 0, configuration, env });
    const feedOf = async (board: string): Promise<[string | undefined, string[]]> => {
      const answer = await fetch(`${app.url}/api/snapshot/${board}`, {
        headers: { authorization: `Bearer ${TV_TOKEN}` },
      });
      const { emails, sources: told } = (await answer.json()) as Snapshot;
      return [emails?.withinHour.feed, told.map(({ id }) => id)];
    };
    for (let minute = 0; minute < 5; minute += 1) await clock.advance(MINUTE);
    expect(await feedOf('help')).toEqual(['lost', ['help-mail', 'desk']]);
    expect(await feedOf('site')).toEqual(['lost', ['help-mail', 'desk']]);
    expect(await feedOf('money')).toEqual(['live', ['desk']]);
  });
});
