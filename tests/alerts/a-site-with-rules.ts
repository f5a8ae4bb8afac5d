import type { AlertRule, SavedRule, WallAlert } from '../../shared/alert.ts';
import type { Instant } from '../../shared/time.ts';
import type { AlertsAnswer, RulesAnswer } from '../../shared/wire-alerts.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import type { TestClock } from '../support/test-clock.ts';

const PASSWORD = 'the admin password';
const TOKEN = 'a-token-for-the-phones-0123';

/** First Ring whole with one team of two queues and a mailbox, told of by HTTP, and a signed-in lead. */
export interface ASite extends AsyncDisposable {
  app: AnApp;
  /** The lead's pass. */
  cookie: string;
  /** Sends facts as they are and waits for their commit. */
  facts(...facts: object[]): Promise<void>;
  get<T>(path: string): Promise<T>;
  tell(path: string, body: object): Promise<Response>;
  make(rule: AlertRule): Promise<SavedRule>;
  rules(): Promise<RulesAnswer>;
  alerts(): Promise<AlertsAnswer>;
  wall(): Promise<WallAlert[]>;
}

const configuration = `
site: { name: Harbor, zone: UTC, country: us, hours: always, short_abandon: 0s }
teams:
  - id: support
    name: Patient Support
    queues:
      - { id: help, kind: calls }
      - { id: billing, kind: calls }
boards:
  - { id: all, name: Everything, show: site }
  - { id: help, name: Help, show: "queue:help" }
sources:
  - { id: phones, kind: http, token: "\${PHONES}", feeds: [phones, mentions], late_after: 1h, lost_after: 2h }
`;

export async function aSite(clock: TestClock): Promise<ASite> {
  const app = await anApp({ clock, port: 0, configuration, adminPassword: PASSWORD, env: { PHONES: TOKEN } });
  const signedIn = await fetch(`${app.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ password: PASSWORD }),
    redirect: 'manual',
  });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = async <T>(path: string): Promise<T> =>
    (await (await fetch(`${app.url}${path}`, { headers: { cookie } })).json()) as T;
  const tell = (path: string, body: object): Promise<Response> =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'Ann', ...body }),
    });
  return {
    app,
    cookie,
    get,
    tell,
    async facts(...facts) {
      const response = await fetch(`${app.url}/api/facts`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(facts),
      });
      const answer = (await response.json()) as { refusedTotal: number };
      if (answer.refusedTotal !== 0) throw new Error(`Refused: ${JSON.stringify(answer)}`);
    },
    async make(rule) {
      const response = await tell('/api/alerts/rules', { rule });
      if (!response.ok) throw new Error(await response.text());
      return ((await response.json()) as { rule: SavedRule }).rule;
    },
    rules: () => get('/api/alerts/rules'),
    alerts: () => get('/api/alerts'),
    wall: async () => (await app.snapshot()).alerts,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

/** A call that rings at once and is picked up after so long. */
export function aCall(call: string, at: Instant, ringMs: number, queue = 'help'): object[] {
  return [
    { kind: 'offered', call, queue, at },
    { kind: 'alert', call, agent: 'a1', at },
    { kind: 'pickup', call, agent: 'a1', at: at + ringMs },
    { kind: 'bridged', call, agent: 'a1', at: at + ringMs },
    { kind: 'end', call, why: 'hangup', at: at + ringMs },
  ];
}
