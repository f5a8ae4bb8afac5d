import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  IDLE_MAX_MS,
  ITEMS_MAX,
  JSON_BODY_MAX_BYTES,
  JSON_BODY_MAX_MS,
  WRONG_TRIES_MAX,
  WRONG_TRIES_MS,
} from '../../server/http/limits.ts';
import { wireFacts } from '../../shared/wire.ts';
import { factsAnswer, REFUSALS_TOLD_MAX } from '../../shared/wire-answer.ts';
import { openTestHttp, type TestHttp } from './test-http.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');
const facts = blocks('json').filter((block) => block.includes('"kind"'));
const commands = blocks('sh');

let http: TestHttp;
beforeAll(async () => {
  http = await openTestHttp();
});
afterAll(() => http.close());

describe('docs/api.md', () => {
  it('has an example of every kind of fact', () => {
    const shown = facts.flatMap((block) => [...block.matchAll(/"kind":"(\w+)"/g)].map((match) => match[1]));
    expect(new Set(shown)).toEqual(new Set(Object.keys(wireFacts)));
  });

  it.each(facts)('has facts that are taken: %s', async (block) => {
    const answer = factsAnswer.parse(await (await http.post(block)).json());
    expect(answer.refused).toEqual([]);
    expect(answer.stored + answer.alive).toBe(block.match(/"kind"/g)?.length);
  });

  it.each(commands)('has commands that work: %s', async (command) => {
    const [, path = ''] = /http:\/\/localhost:3000(\S+)/.exec(command) ?? [];
    const [, type] = /content-type: ([\w/+-]+)/.exec(command) ?? [];
    const [, body] = /(?:-d|--data-binary) '([^']*)'/s.exec(command) ?? [];
    const response =
      body === undefined || type === undefined
        ? await fetch(http.url + path)
        : await http.post(body, { 'content-type': type });
    expect(response.status).toBe(200);
    if (body !== undefined)
      expect(factsAnswer.parse(await response.json())).toMatchObject({
        stored: body.match(/"kind"/g)?.length,
        refused: [],
      });
  });

  it('shows the answer as it is given', () => {
    const shown = blocks('json').filter((block) => block.includes('"refusedTotal"'));
    expect(shown).toHaveLength(1);
    expect(() => factsAnswer.parse(JSON.parse(shown[0] ?? ''))).not.toThrow();
  });

  it('names the limits that the server keeps', () => {
    expect([IDLE_MAX_MS, JSON_BODY_MAX_MS]).toEqual([30_000, 30_000]);
    expect(text).toContain('nothing came for 30 s, or a JSON body took longer than 30 s');
    expect([JSON_BODY_MAX_BYTES, ITEMS_MAX, REFUSALS_TOLD_MAX]).toEqual([2 ** 20, 10_000, 100]);
    expect(text).toContain('1 MiB or 10,000 facts');
    expect([WRONG_TRIES_MAX, WRONG_TRIES_MS]).toEqual([10, 900_000]);
    expect(text).toContain('After ten wrong ones an address waits 15 minutes');
  });
});
