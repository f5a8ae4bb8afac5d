import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';

const env = { X_BEARER_TOKEN: 'AAAAAAAAAAAAAAAAAAAAAA%3Dtoken', SHORT: 'tiny' };
const site = 'site: { name: Harbor, zone: UTC, country: gb }';
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'first-ring-x-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(yaml: string, more: NodeJS.ProcessEnv = {}) {
  await writeFile(join(folder, 'c.yaml'), yaml);
  return loadConfig({ ...env, ...more, CONFIG: 'c.yaml' }, folder);
}

const source = (lines: string): string =>
  `${site}\nsources:\n  - id: brand\n    kind: x\n    token: \${X_BEARER_TOKEN}\n${lines}`;
const small = source("    rules: ['@harborhealth']");

async function toldOf(yaml: string): Promise<string> {
  const error = await load(yaml).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error, yaml).toBeInstanceOf(Problem);
  return error instanceof Problem ? error.message : '';
}

describe('a source of kind x', () => {
  it('needs a token and rules, and has X’s own prices and a small cap otherwise', async () => {
    const { sources, boards } = await load(small);
    expect(sources).toEqual([
      {
        kind: 'x',
        id: 'brand',
        x: {
          id: 'brand',
          token: env.X_BEARER_TOKEN,
          rules: ['@harborhealth'],
          mode: 'stream',
          everyMs: 300_000,
          lookBackMs: 3_600_000,
          cap: { posts: 500, microUsd: 5_000_000 },
          prices: { post: 5_000, user: 10_000 },
          country: 'gb',
          baseUrl: 'https://api.x.com',
        },
      },
    ]);
    expect(boards[0]?.mentions).toBe(true);
  });

  it('takes every setting, money to the hundredth of a cent', async () => {
    const { sources } = await load(
      source(
        [
          "    rules: ['a -is:retweet', b, b]",
          '    mode: search',
          '    every: 15m',
          '    look_back: 0s',
          '    daily_cap: { posts: 100, usd: 0.35 }',
          '    prices: { post: 0.0015, user: 0 }',
          '    base_url: http://127.0.0.1:8080',
        ].join('\n'),
      ),
    );
    expect(sources[0]).toMatchObject({
      x: {
        rules: ['a -is:retweet', 'b'],
        mode: 'search',
        everyMs: 900_000,
        lookBackMs: 0,
        cap: { posts: 100, microUsd: 350_000 },
        prices: { post: 1_500, user: 0 },
        baseUrl: 'http://127.0.0.1:8080',
      },
    });
  });

  it.each([
    ['no rules', source('    rules: []'), /rules: is empty: say what counts as a mention/],
    [
      'a rule that is too long',
      source(`    rules: ['${'a'.repeat(513)}']`),
      /rules\[0\]: must be a rule in X's own language, up to 512/,
    ],
    ['a rule that is no text', source('    rules: [7]'), /rules\[0\]: must be a rule/],
    [
      'a token written out',
      small.replace(/token: .*/, 'token: AAAA'),
      /token: must not be written in this file/,
    ],
    [
      'a token that is none',
      small.replace('X_BEARER_TOKEN', 'SHORT'),
      /token: is too short: the value of SHORT must have at least 20/,
    ],
    [
      'a cap of nothing',
      `${small}\n    daily_cap: { posts: 0 }`,
      /daily_cap.posts: must be a whole number from 10 to/,
    ],
    [
      'a cap in words',
      `${small}\n    daily_cap: { usd: five }`,
      /daily_cap.usd: must be an amount in US dollars/,
    ],
    ['a price below zero', `${small}\n    prices: { post: -1 }`, /prices.post: must be an amount/],
    [
      'asking too often',
      `${small}\n    mode: search\n    every: 10s`,
      /every: must be a length of time.*from 1m/,
    ],
    ['a stream that is asked', `${small}\n    every: 10m`, /every: needs mode: search beside it/],
    ['another mode', `${small}\n    mode: firehose`, /mode: must be stream .* or search/],
    [
      'a token in clear over the network',
      `${small}\n    base_url: http://proxy.example`,
      /base_url: must be https:\/\//,
    ],
    ['a path after the host', `${small}\n    base_url: https://proxy.example/x`, /base_url: must be/],
    ['a setting that is not there', `${small}\n    rule: a`, /rule: is not known here. Did you mean rules\?/],
    [
      'two apps',
      `${small}\n  - { id: more, kind: x, token: "\${X_BEARER_TOKEN}", rules: [a] }`,
      /sources\[1\].kind: is a second source of kind x/,
    ],
  ])('says what is wrong with %s, and how to mend it', async (_, yaml, words) => {
    const told = await toldOf(yaml);
    expect(told).toMatch(words);
    expect(told).not.toContain(env.X_BEARER_TOKEN);
  });

  it('is in the example file, as it would be written', async () => {
    const example = await readFile(join(import.meta.dirname, '../../docs/first-ring.example.yaml'), 'utf8');
    const lines = example.slice(example.indexOf('# - id: brand')).split('\n');
    const end = lines.findIndex((line, i) => i > 0 && !/^\s*# {3}/.test(line));
    const block = (end === -1 ? lines : lines.slice(0, end))
      .map((line) => line.replace(/^\s*# /, '  '))
      .join('\n');
    const { sources } = await load(`${site}\nsources:\n${block}`);
    expect(sources).toMatchObject([{ kind: 'x', id: 'brand', x: { mode: 'stream', cap: { posts: 500 } } }]);
  });
});
