import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';

const docs = join(import.meta.dirname, '../../docs');
const secrets = { AMI_SECRET: 'correct-horse-battery', SHOP_TOKEN: 'f0e1d2c3b4a5968778695a4b' };
let empty = '';

beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'first-ring-config-'));
});
afterAll(() => rm(empty, { recursive: true, force: true }));

const example = (env: NodeJS.ProcessEnv = {}): Promise<Config> =>
  loadConfig({ ...secrets, CONFIG: 'first-ring.example.yaml', ...env }, docs);

async function written(yaml: string, env: NodeJS.ProcessEnv = {}): Promise<Config> {
  await writeFile(join(empty, 'some.yaml'), yaml);
  return loadConfig({ ...secrets, CONFIG: 'some.yaml', ...env }, empty);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Problem);
  return error instanceof Problem ? error.message : '';
}

const site = 'site: { name: Harbor Health, zone: America/New_York }\n';

describe('the example file', () => {
  it('loads as it stands', async () => {
    const config = await example();
    expect(config.demo).toBe(false);
    expect(config.site).toEqual({ name: 'Harbor Health', place: 'New York', zone: 'America/New_York' });
    expect(config.rules.ringPeriodMs).toBe(6 * SECOND);
    expect(config.rules.queues.get('help')).toEqual({
      kind: 'mailbox',
      team: 'patient-support',
      addresses: ['help@harbor.example', 'hello@harbor.example'],
      order: 1,
    });
  });

  it('gives a team what the site promises, unless it promises otherwise', async () => {
    const { rules, boards } = await example();
    expect(rules.teams.get('patient-support')).toMatchObject({
      callbackMs: 10 * MINUTE,
      emailMs: 60 * MINUTE,
      textNumbers: ['15550100'],
    });
    expect(rules.teams.get('billing')?.callbackMs).toBeNull();
    expect(boards.map(({ id, name, scope, calls }) => [id, name, scope, calls?.firstRingTarget])).toEqual([
      ['main', 'Patient Support', 'team:patient-support', 75],
      ['everything', 'Harbor Health', 'site', 75],
    ]);
  });

  it('keeps weekly hours, the holiday calendar, and the days that differ from it', async () => {
    const { rules } = await example();
    const open = (local: string): boolean | undefined =>
      rules.teams.get('patient-support')?.calendar.isOpen(Date.parse(`${local}-05:00`));
    expect(open('2026-11-24T08:00:00')).toBe(true);
    expect(open('2026-11-24T07:59:59')).toBe(false);
    expect(open('2026-11-28T12:30:00')).toBe(false);
    expect(open('2026-11-26T10:00:00'), 'Thanksgiving').toBe(false);
    expect(open('2026-12-24T10:00:00'), 'closed by us').toBe(false);
    expect(open('2026-02-12T10:00:00'), "Lincoln's Birthday, open by us").toBe(true);
  });

  it('hands the PBX its queues and numbers, and the secret of the environment', async () => {
    const { sources } = await example();
    expect(sources).toEqual([
      {
        kind: 'asterisk',
        id: 'pbx',
        asterisk: expect.objectContaining({
          host: 'pbx.harbor.example',
          port: 5038,
          secret: secrets.AMI_SECRET,
          queues: { support: 'support', billing: 'billing-calls' },
          dids: { '5550101': 'support' },
          defaultQueue: 'support',
        }),
      },
      {
        kind: 'http',
        id: 'shop',
        token: secrets.SHOP_TOKEN,
        feeds: ['phones', 'emails', 'mentions'],
        lateAfterMs: MINUTE,
        lostAfterMs: 5 * MINUTE,
      },
    ]);
  });
});

describe('the environment', () => {
  it('shows the demo where no file is, in a database of its own', async () => {
    const config = await loadConfig({}, empty);
    expect(config).toMatchObject({
      demo: true,
      port: 3000,
      host: null,
      adminPassword: null,
      tvToken: null,
      logLevel: 'info',
    });
    expect(config.databaseFile).toBe(join(empty, 'data', 'demo.sqlite'));
    expect(config.sources).toEqual([
      { kind: 'demo', id: 'demo', zone: new Intl.DateTimeFormat().resolvedOptions().timeZone },
    ]);
    expect(config.boards).toHaveLength(1);
    expect(config.boards[0]).toMatchObject({
      id: 'patient-support',
      calls: { firstRingTarget: 75, ringPeriodMs: 6 * SECOND },
      callbacks: { target: 80, withinMs: 10 * MINUTE },
      emails: { target: 90, withinMs: 60 * MINUTE },
      mentions: true,
      names: true,
    });
    expect(config.boards[0]?.calendar.always).toBe(true);
  });

  it('reads first-ring.yaml beside the program without being asked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'first-ring-config-'));
    await writeFile(join(folder, 'first-ring.yaml'), site);
    const config = await loadConfig({ DATA_DIR: 'there', PORT: '0', HOST: '::1' }, folder);
    await rm(folder, { recursive: true });
    expect(config).toMatchObject({ demo: false, port: 0, host: '::1', dataDir: join(folder, 'there') });
    expect(config.databaseFile).toBe(join(folder, 'there', 'first-ring.sqlite'));
  });

  it('refuses a file that is named and absent, and does not fall back to the demo', async () => {
    expect(await refusal(loadConfig({ CONFIG: 'teams.yaml' }, empty))).toMatch(
      /^teams\.yaml: is named by CONFIG, but there is no such file/,
    );
  });

  it('tells every wrong variable at once, together with the file, and no value', async () => {
    const told = await refusal(
      written('site: { name: A, zone: Mars/Base }', {
        PORT: '70000',
        LOG_LEVEL: 'inof',
        FIRST_RING_ADMIN_PASSWORD: 'pa55',
        FIRST_RING_TV_TOKEN: 't0ken',
      }),
    );
    expect(told.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'PORT:',
      'LOG_LEVEL:',
      'FIRST_RING_ADMIN_PASSWORD:',
      'FIRST_RING_TV_TOKEN:',
      'some.yaml:1:24',
    ]);
    expect(told).toContain('Did you mean info?');
    expect(told).not.toMatch(/pa55|t0ken/);
  });

  it('takes an empty variable for none', async () => {
    const config = await written(site, { PORT: '', HOST: '', FIRST_RING_ADMIN_PASSWORD: '' });
    expect(config).toMatchObject({ port: 3000, host: null, adminPassword: null });
  });
});

describe('a small file', () => {
  it('with no sources has boards whose every region waits for one', async () => {
    const config = await written(
      `${site}teams: [{ id: help, name: Help, queues: [{ id: calls, kind: calls }] }]`,
    );
    expect(config.boards).toHaveLength(1);
    expect(config.boards[0]).toMatchObject({
      id: 'help',
      calls: null,
      callbacks: null,
      emails: null,
      mentions: false,
      names: true,
    });
  });

  it('with several teams has a board for each and one for the site', async () => {
    const config = await written(`${site}teams: [{ id: a, name: A }, { id: b, name: B }]`);
    expect(config.boards.map(({ id, scope }) => [id, scope])).toEqual([
      ['site', 'site'],
      ['a', 'team:a'],
      ['b', 'team:b'],
    ]);
  });

  it('feeds a board only with what its team has a queue for', async () => {
    const config = await written(`${site}
teams: [{ id: a, name: A, queues: [{ id: mail, kind: mailbox, addresses: [A@b.example] }] }]
sources: [{ id: web, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones, emails] }]
boards: [{ id: team, show: "team:a" }, { id: all, show: site }, { id: mail, show: "queue:mail" }]`);
    expect(config.boards.map(({ calls, emails }) => [calls !== null, emails !== null])).toEqual([
      [false, true],
      [true, true],
      [false, true],
    ]);
    expect(config.sources[0]).toMatchObject({ lateAfterMs: null, lostAfterMs: null });
    expect(config.rules.queues.get('mail')?.addresses).toEqual(['a@b.example']);
  });

  it('shows names on every board but those that say not to', async () => {
    const config = await written(`${site}
boards: [{ id: a, show: site }, { id: b, show: site, names: false }, { id: c, show: site, names: true }]`);
    expect(config.boards.map(({ id, names }) => [id, names])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
    await expect(written(`${site}boards: [{ id: a, show: site, names: no }]`)).rejects.toThrow(
      'true or false',
    );
  });

  it('of a British site has the British ring, and a custom ring wins', async () => {
    expect((await written('site: { name: A, zone: Europe/London, country: GB }')).rules.ringPeriodMs).toBe(
      3 * SECOND,
    );
    expect(
      (await written('site: { name: A, zone: Europe/London, country: gb, ring_period: 4.5s }')).rules
        .ringPeriodMs,
    ).toBe(4_500);
  });

  it('that is always open is open on holidays too', async () => {
    const { rules } = await written('site: { name: A, zone: UTC, hours: always, holidays: [2026-12-25] }');
    expect(rules.site.calendar.isOpen(Date.parse('2026-12-25T12:00:00Z'))).toBe(true);
  });
});
