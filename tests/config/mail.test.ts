import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';

const env = { SMTP_PASSWORD: 'correct-horse' };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-ring-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(yaml: string): Promise<Config> {
  await writeFile(join(folder, 'c.yaml'), `site: { name: Harbor, zone: UTC }\n${yaml}`);
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

const of = (settings: Record<string, string>): string =>
  `mail:\n${Object.entries({
    host: 'smtp.harbor.example',
    from: 'wall@harbor.example',
    url: 'https://wall.example',
    ...settings,
  })
    .map(([name, value]) => `  ${name}: ${value}\n`)
    .join('')}`;
const password = '$'.concat('{SMTP_PASSWORD}');

describe('the mail server that mail is sent by', () => {
  it('is none when none is named, and the summary is due on Mondays at seven', async () => {
    const config = await load('');
    expect(config.mail).toBeNull();
    expect(config.report).toEqual({ weekday: 0, minute: 420 });
  });

  it('needs a host, a sender and the address of First Ring; the rest is what is usual', async () => {
    expect((await load(of({}))).mail).toEqual({
      host: 'smtp.harbor.example',
      port: 587,
      security: 'starttls',
      login: null,
      from: { name: '', address: 'wall@harbor.example' },
      url: 'https://wall.example',
    });
  });

  it('takes its password from the environment, and a name beside its address', async () => {
    const { mail } = await load(
      of({
        user: 'wall',
        password,
        from: '"Harbor Wall <wall@harbor.example>"',
        security: 'tls',
        certificate_authority: '/etc/ca.pem',
        url: 'http://10.0.0.5:3000/',
      }),
    );
    expect(mail).toEqual({
      host: 'smtp.harbor.example',
      port: 465,
      security: 'tls',
      authorityFile: '/etc/ca.pem',
      login: { user: 'wall', password: 'correct-horse' },
      from: { name: 'Harbor Wall', address: 'wall@harbor.example' },
      url: 'http://10.0.0.5:3000',
    });
  });

  it('is spoken to in clear by itself only on this machine', async () => {
    expect((await load(of({ host: 'localhost' }))).mail).toMatchObject({ port: 25, security: 'unencrypted' });
    expect((await load(of({ host: 'localhost', security: 'starttls' }))).mail).toMatchObject({ port: 587 });
    expect((await load(of({ security: 'unencrypted', port: '2525' }))).mail).toMatchObject({
      port: 2525,
      security: 'unencrypted',
    });
  });

  it('is no reason to judge anything again', async () => {
    const changed = await load(`${of({})}report: { weekday: fri, at: "16:30" }\n`);
    expect(changed.rulesFingerprint).toBe((await load('')).rulesFingerprint);
    expect(changed.report).toEqual({ weekday: 4, minute: 990 });
  });

  const wrong: [what: string, yaml: string, says: RegExp][] = [
    ['nothing but its name', 'mail: smtp.harbor.example', /mail: must be settings of its own/],
    ['no sender', 'mail: { host: a, url: "https://b" }', /mail\.from: is missing: it must be the address/],
    ['two senders', of({ from: '"a@b.example, c@d.example"' }), /mail\.from: must be the address that mail/],
    ['a header in the sender', of({ from: '"a@b.example\\r\\nBcc: c@d.example"' }), /mail\.from: must be/],
    ['a header in the name', of({ from: '"x\\r\\nBcc: y <a@b.example>"' }), /mail\.from: must be/],
    ['a password in the file', of({ user: 'a', password: 'hunter2' }), /mail\.password: must not be written/],
    ['a user without a password', of({ user: 'a' }), /mail\.password: is missing: write \$\{SMTP_PASSWORD\}/],
    ['a password without a user', of({ password }), /mail\.user: is missing/],
    ['another kind of security', of({ security: 'none' }), /mail\.security: must be tls, starttls, or/],
    ['an address that is no page', of({ url: 'ftp://wall' }), /mail\.url: must be the address at which/],
    ['an address with a path', of({ url: 'https://a/wall' }), /mail\.url: must be/],
    ['a port that is none', of({ port: '70000' }), /mail\.port: must be a whole number/],
    ['a setting that is not known', of({ pasword: 'x' }), /mail\.pasword: is not known here.*password/],
    [
      'an authority that nobody asks',
      of({ security: 'unencrypted', certificate_authority: 'x' }),
      /certificate_authority: is of no use/,
    ],
    ['a weekday that is none', 'report: { weekday: monday }', /report\.weekday: must be a day of the week/],
    ['a time that is none', 'report: { at: "24:00" }', /report\.at: must be a time of day in quotes/],
    ['a time without quotes', 'report: { at: 7 }', /report\.at: must be a time of day in quotes/],
  ];
  it.each(wrong)('cannot have %s', async (_, yaml, says) => {
    const told = await toldOf(yaml);
    expect(told.join('\n')).toMatch(says);
    expect(told.join('\n')).not.toMatch(/hunter2|correct-horse/);
  });
});
