import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'first-ring-channels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIGNING = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const env = {
  SLACK_WEBHOOK: 'https://hooks.slack.com/services/T0/B0/slacksecret',
  TEAMS_WEBHOOK: 'https://prod-1.westeurope.logic.azure.com/workflows/x?sig=teamssecret',
  CONNECTOR: 'https://harbor.webhook.office.com/webhookb2/connectorsecret',
  SIGNING,
  SHORT: 'whsec_AAAA',
  NTFY_TOPIC: 'harbor-83hf',
  NTFY_TOKEN: 'tk_token',
  PAGERDUTY_KEY: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  PLAIN: 'http://mattermost.local/hooks/plainsecret',
  INNER: 'https://10.0.5.7/hooks/innersecret',
  WORDS: 'no address at all',
};

function load(yaml: string) {
  writeFileSync(join(folder, 'some.yaml'), `site: { name: Harbor Health, zone: UTC }\n${yaml}`);
  return loadConfig({ ...env, CONFIG: 'some.yaml' }, folder);
}
/** `$NAME` stands for a variable. */
const channel = (written: string, more = ''): string =>
  `channels: [{ id: one, ${written.replaceAll(/\$([A-Z_]+)/g, (_, name) => `"\${${name}}"`)} }]\n${more}`;
const MAIL = 'mail: { host: 127.0.0.1, from: wall@harbor.example, url: "https://wall.harbor.example" }\n';

async function toldOf(yaml: string): Promise<string> {
  const error = await load(yaml).catch((reason: unknown) => reason);
  if (!(error instanceof Problem)) throw new Error(`It was taken: ${yaml}`);
  for (const value of Object.values(env)) if (value !== env.SHORT) expect(error.message).not.toContain(value);
  return error.message;
}

describe('channels in the configuration', () => {
  it('are none, and nothing inner may be reached, where nothing is said', async () => {
    const config = await load('');
    expect([config.channels, config.outgoing, config.mail]).toEqual([
      [],
      { networks: [], plainHosts: [], url: null },
      null,
    ]);
  });

  it('are read with what holds where nothing is said', async () => {
    const { channels, outgoing } = await load(`
channels:
  - { id: ana, name: Ana, kind: email, to: ana@harbor.example }
  - { id: support, name: "#support", kind: slack, url: "\${SLACK_WEBHOOK}" }
  - { id: teams, kind: teams, url: "\${TEAMS_WEBHOOK}" }
  - { id: hook, kind: webhook, url: "https://hooks.harbor.example/alerts", secrets: ["\${SIGNING}"] }
  - { id: phone, kind: ntfy, topic: "\${NTFY_TOPIC}" }
  - { id: own, kind: ntfy, server: "https://ntfy.harbor.example/", topic: alerts, token: "\${NTFY_TOKEN}" }
  - { id: oncall, kind: pagerduty, routing_key: "\${PAGERDUTY_KEY}" }
${MAIL}`);
    expect(channels).toEqual([
      { id: 'ana', name: 'Ana', kind: 'email', to: 'ana@harbor.example' },
      { id: 'support', name: '#support', kind: 'slack', url: env.SLACK_WEBHOOK },
      { id: 'teams', name: 'teams', kind: 'teams', url: env.TEAMS_WEBHOOK },
      {
        id: 'hook',
        name: 'hook',
        kind: 'webhook',
        url: 'https://hooks.harbor.example/alerts',
        secrets: [SIGNING],
      },
      {
        id: 'phone',
        name: 'phone',
        kind: 'ntfy',
        server: 'https://ntfy.sh',
        topic: 'harbor-83hf',
        token: null,
      },
      {
        id: 'own',
        name: 'own',
        kind: 'ntfy',
        server: 'https://ntfy.harbor.example',
        topic: 'alerts',
        token: 'tk_token',
      },
      {
        id: 'oncall',
        name: 'oncall',
        kind: 'pagerduty',
        endpoint: 'https://events.pagerduty.com',
        routingKey: env.PAGERDUTY_KEY,
      },
    ]);
    expect(outgoing.url).toBe('https://wall.harbor.example');
  });

  it('may be inside the network, and unencrypted, where that is listed', async () => {
    const { channels, outgoing } = await load(
      `${channel('kind: slack, url: $PLAIN')}outgoing:
  url: https://wall.harbor.example
  allow_private: [10.0.5.0/24, "fd00::/16"]
  allow_http: [Mattermost.local]
`,
    );
    expect(channels).toHaveLength(1);
    expect(outgoing).toEqual({
      networks: ['10.0.5.0/24', 'fd00::/16'],
      plainHosts: ['mattermost.local'],
      url: 'https://wall.harbor.example',
    });
    const inner = channel('kind: slack, url: $INNER', 'outgoing: { allow_private: [10.0.5.0/24] }');
    expect((await load(inner)).channels).toHaveLength(1);
  });

  it.each([
    ['no kind', channel('url: $PLAIN'), /must be a channel with its kind: email, slack, teams/],
    ['a kind that is not there', channel('kind: pigeon'), /must be a channel with its kind/],
    [
      'the wall',
      channel('kind: slack, url: $SLACK_WEBHOOK').replace('id: one', 'id: wall'),
      /cannot be wall/,
    ],
    [
      'a secret in the file',
      channel('kind: slack, url: "https://hooks.slack.com/x"'),
      /url: must not be written/,
    ],
    ['a variable that is not set', channel('kind: slack, url: $NOT_THERE'), /NOT_THERE, which is not set/],
    ['what is no address', channel('kind: slack, url: $WORDS'), /whose value must be an address that begins/],
    [
      'an Office 365 connector',
      channel('kind: teams, url: $CONNECTOR'),
      /which Microsoft has retired: make a work/,
    ],
    [
      'no secret to sign with',
      channel('kind: webhook, url: "https://a.example", secrets: []'),
      /secrets: is empty/,
    ],
    [
      'a secret that is none',
      channel('kind: webhook, url: "https://a.example", secrets: [$SHORT]'),
      /secrets\[0\]: names an environment variable whose value must be whsec_ and then 24 to 64 bytes/,
    ],
    [
      'a password in an address',
      channel('kind: webhook, url: "https://a:b@a.example", secrets: [$SIGNING]'),
      /url: must be an address/,
    ],
    ['a topic with a path', channel('kind: ntfy, topic: a/b'), /topic: must be the topic/],
    ['a key that is too short', channel('kind: pagerduty, routing_key: $SHORT'), /32 letters and digits/],
    ['a key that is none', channel('kind: pagerduty, routing_key: $TEAMS_WEBHOOK'), /32 letters and digits/],
    [
      'mail without a mail server',
      channel('kind: email, to: ana@harbor.example'),
      /kind: needs the mail server/,
    ],
    [
      'several addresses',
      channel('kind: email, to: "a@b.example, c@b.example"', MAIL),
      /to: must be one mail address/,
    ],
    ['an unencrypted place', channel('kind: slack, url: $PLAIN'), /url: is not encrypted: use https/],
    ['an inner place', channel('kind: slack, url: $INNER'), /url: is an address of the inner network/],
    [
      'this machine written as a number',
      channel('kind: ntfy, server: "https://2130706433", topic: a'),
      /server: is an address of the inner network/,
    ],
    [
      'a network that is all',
      'outgoing: { allow_private: [0.0.0.0/0] }',
      /allow_private\[0\]: must be an address or a network of/,
    ],
    ['a host with a path', 'outgoing: { allow_http: [a.example/x] }', /allow_http\[0\]: must be the name/],
    [
      'a setting that is not there',
      channel('kind: ntfy, topic: a, tokn: b'),
      /tokn: is not known here. Did you mean token\?/,
    ],
    [
      'an id twice',
      'channels: [{ id: one, kind: ntfy, topic: a }, { id: one, kind: ntfy, topic: b }]',
      /is the same channel id as channels\[0\].id/,
    ],
  ])('say what is wrong with %s, and how to mend it', async (_, yaml, words) => {
    expect(await toldOf(yaml)).toMatch(words);
  });

  it('are in the example file, as they would be written', async () => {
    const example = readFileSync(join(import.meta.dirname, '../../docs/first-ring.example.yaml'), 'utf8');
    const lines = example.slice(example.indexOf('# channels:')).split('\n');
    const end = lines.findIndex((line) => !line.startsWith('#'));
    const block = (end === -1 ? lines : lines.slice(0, end))
      .map((line) => line.replace(/^# ?/, ''))
      .join('\n');
    const { channels } = await load(block.replace('ALERT_WEBHOOK_SECRET', 'SIGNING'));
    expect(channels.map(({ kind }) => kind)).toEqual(['slack', 'webhook', 'ntfy']);
  });
});
