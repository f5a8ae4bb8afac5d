import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILE_BYTES_MAX } from '../../server/config/file.ts';
import { loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-ring-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Both are in the file or the environment of a case below, and may be in no message. */
const LITERAL = 'hunter2-hunter2-hunter2';
const env = {
  TOKEN: 'the-value-of-the-token-variable',
  SAME: 'the-value-of-the-token-variable',
  WEAK: 'tiny-0001',
};

async function toldOf(yaml: string | Uint8Array): Promise<string[]> {
  await writeFile(join(folder, 'c.yaml'), yaml);
  try {
    await loadConfig({ ...env, CONFIG: 'c.yaml' }, folder);
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid') return error.message.split('\n');
    throw error;
  }
  return [];
}

const site = 'site: { name: Harbor, zone: UTC }';
const team = `${site}\nteams:\n  - id: help\n    name: Help`;
const source = `${site}\nsources:\n  - id: web\n    kind: http\n    feeds: [phones]`;
const pbx = `${site}\nsources:\n  - id: pbx\n    kind: asterisk\n    host: pbx\n    user: me`;

/** What is wrong, the file, and how each message begins and what it must say to mend it. */
const cases: [what: string, yaml: string, ...messages: [start: string, mend: RegExp][]][] = [
  ['an empty file', '', ['c.yaml:1:1: is missing', /site, teams and sources/]],
  ['a list where settings belong', '- a\n- b', ['c.yaml:1:1: must be', /settings of its own/]],
  ['a tab', 'site:\n\tname: Harbor', ['c.yaml:2:1: is not YAML', /indent with spaces/]],
  ['an open quote', 'site:\n  name: "Harbor\n  zone: UTC\n', ['c.yaml:', /close it|quote/]],
  [
    'a bracket left open',
    'site: { name: Harbor, zone: UTC\nteams: []',
    ['c.yaml:', /not closed|missing|does not belong/],
  ],
  [
    'a setting written twice',
    'site:\n  name: Harbor\n  zone: UTC\n  name: Other',
    ['c.yaml:4:3: is not YAML', /written twice; keep one/],
  ],
  ['a tag', 'site: !secret { name: Harbor, zone: UTC }', ['c.yaml:1:7: is not used here', /remove the tag/]],
  ['an alias of nothing', 'site: *here', ['c.yaml:1:1: an alias', /write the values out/]],
  [
    'a variable bare inside braces',
    `${site}\nsources: [{ id: web, kind: http, token: \${TOKEN}, feeds: [phones] }]`,
    ['c.yaml:2:', /in quotes: "\$\{NAME\}"/],
  ],
  [
    'a misspelt setting',
    'site:\n  name: Harbor\n  zone: UTC\n  contry: gb',
    ['c.yaml:4:3 site.contry: is not known', /Did you mean country\?/],
  ],
  [
    'a setting of another world',
    `${site}\ncolour: blue`,
    ['c.yaml:2:1 colour: is not known', /Known are site, teams, boards/],
  ],
  [
    'no zone',
    'site:\n  name: Harbor',
    ['c.yaml:2:3 site.zone: is missing', /IANA time zone, e\.g\. America\/New_York/],
  ],
  [
    'a zone that is none',
    'site: { name: Harbor, zone: EST5EDT4 }',
    ['c.yaml:1:29 site.zone: must be', /IANA time zone/],
  ],
  [
    'a length without a unit',
    'site: { name: Harbor, zone: UTC, short_abandon: 5 }',
    ['c.yaml:1:49 site.short_abandon: must be', /unit \(ms, s, m, h\).*5s/],
  ],
  [
    'a percent above 100',
    `${team}\n    targets: { first_ring: 101 }`,
    ['c.yaml:5:28 teams[0].targets.first_ring: must be', /whole percent from 1 to 100/],
  ],
  [
    'a percent with its sign',
    `${team}\n    targets: { emails: { percent: 80% } }`,
    ['c.yaml:5:35 teams[0].targets.emails.percent: must be', /without a sign/],
  ],
  [
    'a day that is none',
    'site: { name: A, zone: UTC, hours: { mno: ["08:00-18:00"] } }',
    ['c.yaml:1:43 site.hours.mno: is no day', /Did you mean mon\?/],
  ],
  [
    'hours that never open',
    'site: { name: A, zone: UTC, hours: { mon: [] } }',
    ['c.yaml:1:36 site.hours: opens on no day', /always/],
  ],
  [
    'hours that close before they open',
    'site: { name: A, zone: UTC, hours: { mon: ["18:00-08:00"] } }',
    ['c.yaml:1:43 site.hours.mon: opens at 18:00', /next day, from 00:00/],
  ],
  [
    'hours that overlap',
    'site: { name: A, zone: UTC, hours: { mon: ["08:00-12:00", "11:00-18:00"] } }',
    ['c.yaml:1:43 site.hours.mon: opens at 11:00', /join/],
  ],
  [
    'a day named twice',
    'site: { name: A, zone: UTC, hours: { mon-fri: ["08:00-12:00"], tue: ["08:00-09:00"] } }',
    ['c.yaml:1:69 site.hours.tue: gives tue twice', /once/],
  ],
  [
    'a date that does not exist',
    'site: { name: A, zone: UTC, holidays: [2026-02-30] }',
    ['c.yaml:1:40 site.holidays[0]: must be a date that exists', /2026-12-25/],
  ],
  [
    'a holiday calendar of nowhere',
    'site: { name: A, zone: UTC, holiday_calendar: XX }',
    ['c.yaml:1:47 site.holiday_calendar: names no country', /US or GB/],
  ],
  [
    'a part that the country has not',
    'site: { name: A, zone: UTC, holiday_calendar: GB-NY }',
    ['c.yaml:1:47 site.holiday_calendar: names no part of GB', /GB-ENG/],
  ],
  [
    'an id with a space',
    `${site}\nteams:\n  - id: Patient Support\n    name: A`,
    ['c.yaml:3:9 teams[0].id: must be', /small letters, digits and -/],
  ],
  [
    'a team called site',
    `${site}\nteams:\n  - id: site\n    name: A`,
    ['c.yaml:3:9 teams[0].id: cannot be site', /another id/],
  ],
  [
    'a queue of no kind',
    `${team}\n    queues:\n      - id: a\n        kind: call`,
    ['c.yaml:7:15 teams[0].queues[0].kind: must be', /calls or mailbox/],
  ],
  [
    'a mailbox without addresses',
    `${team}\n    queues:\n      - id: a\n        kind: mailbox\n        addresses: []`,
    ['c.yaml:8:20 teams[0].queues[0].addresses: is empty', /every address/],
  ],
  [
    'a number without quotes',
    `${team}\n    text_numbers: [5550100]`,
    ['c.yaml:5:20 teams[0].text_numbers[0]: must be', /in quotes, e\.g\. "\+1 555 0100"/],
  ],
  [
    'two teams of one id',
    `${team}\n  - id: help\n    name: Again`,
    ['c.yaml:5:9 teams[1].id: is the same team id as teams[0].id', /Change one/],
  ],
  [
    'one address in two mailboxes',
    `${team}\n    queues:\n      - { id: a, kind: mailbox, addresses: [a@b.example] }\n      - { id: b, kind: mailbox, addresses: [A@B.example] }`,
    ['c.yaml:7:45 teams[0].queues[1].addresses[0]: is the same mailbox address', /Change one/],
  ],
  [
    'a board of an unknown team',
    `${team}\nboards: [{ id: a, show: "team:halp" }]`,
    ['c.yaml:5:25 boards[0].show: names nothing', /Did you mean team:help\?/],
  ],
  [
    'a default queue that is a mailbox',
    `${pbx}\n    secret: \${TOKEN}\n    default_queue: post\nteams: [{ id: a, name: A, queues: [{ id: post, kind: mailbox, addresses: [a@b.example] }] }]`,
    ['c.yaml:8:20 sources[0].default_queue: names nothing', /There is none yet/],
  ],
  [
    'a secret in plain text',
    `${pbx}\n    secret: ${LITERAL}`,
    ['c.yaml:7:13 sources[0].secret: must not be written in this file', /write \$\{AMI_SECRET\} here/],
  ],
  [
    'a numeric secret in plain text',
    `${pbx}\n    secret: 20202020`,
    ['c.yaml:7:13 sources[0].secret: must not be written in this file', /environment variable/],
  ],
  ['no secret', pbx, ['c.yaml:3:5 sources[0].secret: is missing', /write \$\{AMI_SECRET\} here/]],
  [
    'a variable that is not set',
    `${source}\n    token: \${NOWHERE}`,
    ['c.yaml:6:12 sources[0].token: names the environment variable NOWHERE, which is not set', /set it/],
  ],
  [
    'a weak token',
    `${source}\n    token: \${WEAK}`,
    ['c.yaml:6:12 sources[0].token: is too short: the value of WEAK', /at least 16 characters/],
  ],
  [
    'two senders with one token',
    `${source}\n    token: \${TOKEN}\n  - { id: shop, kind: http, feeds: [emails], token: "\${SAME}" }`,
    ['c.yaml:7:53 sources[1].token: has the same value as the token of web', /its own/],
  ],
  [
    'patience for a sender that promised nothing',
    `${source}\n    token: \${TOKEN}\n    lost_after: 5m`,
    ['c.yaml:7:17 sources[0].lost_after: needs late_after', /alive/],
  ],
  [
    'lost before late',
    `${source}\n    token: \${TOKEN}\n    late_after: 60s\n    lost_after: 60s`,
    ['c.yaml:8:17 sources[0].lost_after: must be longer', /late_after/],
  ],
  [
    'a variable where none is taken',
    `${site}\nteams: [{ id: a, name: "\${NAME}" }]`,
    ['c.yaml:2:24 teams[0].name: cannot be taken from the environment', /Write it here/],
  ],
  [
    'a country whose ring is not known',
    'site: { name: Harbor, zone: UTC, country: xx }',
    ['c.yaml:1:43 site.country: is a country whose ring is not known', /ring_period: 5s/],
  ],
  [
    'an unknown feed',
    `${source.replace('phones', 'calls')}\n    token: \${TOKEN}`,
    ['c.yaml:5:13 sources[0].feeds[0]: must be', /phones, emails or mentions/],
  ],
];

describe('a wrong file', () => {
  it.each(cases)(
    'with %s is told with its line, what is wrong and how to mend it',
    async (_, yaml, ...messages) => {
      const told = await toldOf(yaml);
      for (const [start, mend] of messages) {
        const line = told.find((candidate) => candidate.startsWith(start));
        expect(line, told.join('\n')).toBeDefined();
        expect(line).toMatch(mend);
      }
      expect(told).toHaveLength(messages.length);
    },
  );

  it('has every error told at once, in the order of the file', async () => {
    const told = await toldOf(
      [
        'site:',
        '  name: Harbor',
        '  zoen: UTC',
        'teams:',
        '  - id: A',
        '    name: Help',
        '    min_sample: 0',
        'boards: [{ id: a, show: "team:b" }]',
        'sources:',
        '  - id: web',
        '    kind: http',
        `    token: ${LITERAL}`,
        '    feeds: [phones]',
      ].join('\n'),
    );
    expect(told.map((line) => line.split(': ')[0])).toEqual([
      'c.yaml:2:3 site.zone',
      'c.yaml:3:3 site.zoen',
      'c.yaml:5:9 teams[0].id',
      'c.yaml:7:17 teams[0].min_sample',
      'c.yaml:8:25 boards[0].show',
      'c.yaml:12:12 sources[0].token',
    ]);
  });

  it('never has a secret repeated, however badly it is written', async () => {
    const bad = [
      ...cases.map(([, yaml]) => yaml),
      `${pbx}\n    secret: "${LITERAL}`,
      `${pbx}\n    secret: [${LITERAL}, ${LITERAL}]`,
      `${pbx}\n    secret: ${LITERAL}: b`,
      `${pbx}\n    secret: *${LITERAL}`,
      `${pbx}\n    secret: !${LITERAL} a`,
      `${pbx}\n   ${LITERAL}\n`,
      `${pbx}\n    secret: "\\q${LITERAL}"`,
      `${source}\n    token: ${LITERAL}\n    late_after: ${LITERAL}`,
    ];
    for (const yaml of bad) {
      const told = (await toldOf(yaml)).join('\n');
      expect(told, yaml).not.toBe('');
      for (const secret of [LITERAL, '20202020', env.TOKEN, env.WEAK]) expect(told).not.toContain(secret);
    }
  });

  it('is refused when it is one byte too large, or not text', async () => {
    expect(await toldOf('#'.repeat(FILE_BYTES_MAX + 1))).toEqual(['c.yaml: is too large: at most 512 KB.']);
    expect(await toldOf(`${site}\n${'#'.repeat(FILE_BYTES_MAX - site.length - 1)}`)).toEqual([]);
    expect(await toldOf(new Uint8Array([0xff, 0xfe, 0x00]))).toEqual([
      'c.yaml: is not UTF-8 text: save it as UTF-8.',
    ]);
  });

  it('with more teams than fit says how many do', async () => {
    const teams = Array.from({ length: 201 }, (_, i) => `  - { id: t${i}, name: T }`).join('\n');
    expect(await toldOf(`${site}\nteams:\n${teams}`)).toEqual([
      'c.yaml:3:3 teams: is too long: at most 200 teams fit.',
    ]);
  });
});
