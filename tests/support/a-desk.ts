import type { AnApp } from './an-app.ts';

export const PASSWORD = 'a password for tests';
export const TOKEN = 'a-token-for-the-desk';

/** A site with two mailboxes, a board that shows no names, and one sender of everything. */
export const CONFIGURATION = `
site: { name: Acme, zone: Europe/London, country: us, domains: [acme.example], hours: always }
teams:
  - id: help
    name: Help
    queues:
      - { id: support, kind: calls }
      - { id: inbox, kind: mailbox, addresses: [help@acme.example] }
      - { id: billing, kind: mailbox, addresses: [billing@acme.example] }
boards:
  - { id: all, name: Patient Support, show: site }
  - { id: lobby, name: Lobby, show: site, names: false }
own_accounts: [acme]
sources:
  - { id: desk, kind: http, token: "\${DESK_TOKEN}", feeds: [phones, emails, mentions] }
`;

/** What `anApp` needs for these pages. */
export const DESK_NEEDS = {
  port: 0,
  configuration: CONFIGURATION,
  adminPassword: PASSWORD,
  env: { DESK_TOKEN: TOKEN },
} as const;

/** Posts facts as the sender does; throws unless every one is kept. */
export async function send(app: Pick<AnApp, 'url'>, facts: readonly object[]): Promise<void> {
  const answer = await fetch(`${app.url}/api/facts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(facts),
  });
  const told = (await answer.json()) as { refusedTotal?: number };
  if (!answer.ok || told.refusedTotal !== 0) throw new Error(`Not taken: ${JSON.stringify(told)}`);
}

/** The cookie that the sign-in gives. */
export async function passOf(app: Pick<AnApp, 'url'>): Promise<{ name: string; value: string }> {
  const answer = await fetch(`${app.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password: PASSWORD, next: '/wall' }),
    redirect: 'manual',
  });
  const [name = '', value = ''] = (answer.headers.get('set-cookie')?.split(';')[0] ?? '').split('=', 2);
  return { name, value };
}
