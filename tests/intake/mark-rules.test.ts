import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../server/config.ts';
import { markRules } from '../../server/intake/mark-rules.ts';
import { ruleChanges } from '../../server/judge/rules-said.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { quietLog } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const log = quietLog();

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;
beforeEach(async () => {
  folder = temporaryFolder();
  store = await openSqliteStore({ file: join(folder.path, 'data.sqlite') });
  log.errors.length = 0;
});
afterEach(async () => {
  await store.close();
  folder[Symbol.dispose]();
});

interface Written {
  site?: string;
  help?: string;
  money?: string;
}

async function configOf({
  site = '',
  help = '',
  money = 'queues: [{ id: billing, kind: calls }]',
}: Written = {}): Promise<Config> {
  const file = join(folder.path, 'first-ring.yaml');
  writeFileSync(
    file,
    `
site: { name: Acme, zone: UTC, hours: always${site === '' ? '' : `, ${site}`} }
teams:
  - { id: help, name: Help, queues: [{ id: support, kind: calls }]${help === '' ? '' : `, ${help}`} }
${money === '' ? '' : `  - { id: money, name: Money, ${money} }`}
sources: [{ id: all, kind: http, token: "\${TOKEN}", feeds: [phones, emails] }]
`,
  );
  return loadConfig(
    { DATA_DIR: folder.path, CONFIG: file, TOKEN: 'a-token-of-enough-characters' },
    folder.path,
  );
}

/** What is marked when First Ring starts with one configuration after the other. */
async function marksAfter(...starts: Written[]): Promise<string[]> {
  for (const [i, written] of starts.entries())
    await markRules({ store, log }, (await configOf(written)).rulesSaid, NOW + i);
  return (await store.trendMarks({ from: 0, to: NOW * 2 }, 100)).map(({ text }) => text);
}

describe('changes of the rules', () => {
  it('are none at the first start, and none at another with the same settings', async () => {
    expect(await marksAfter({}, {}, {})).toEqual([]);
  });

  it('are marked once, when First Ring starts with them, by the setting, its owner and both values', async () => {
    const changed = { help: 'targets: { first_ring: 75 }' };
    expect(await marksAfter({}, changed, changed)).toEqual([
      'First ring target of Help changed from 70 % to 75 %',
    ]);
    expect(await store.trendMarks({ from: 0, to: NOW * 2 }, 1)).toMatchObject([
      { at: NOW + 1, kind: 'rules', by: null },
    ]);
  });

  it("tell a promise of the site's once, with every team that keeps it", async () => {
    expect(await marksAfter({}, { site: 'targets: { emails: { within: 30m } }' })).toEqual([
      'Email time of Acme, Help and Money changed from 60 min to 30 min',
    ]);
  });

  it('tell that hours and holidays changed without their tables', async () => {
    const after = { site: 'holidays: [2026-12-24]', help: 'hours: { mon-fri: ["08:00-18:00"] }' };
    expect(await marksAfter({}, after)).toEqual(['Holidays changed', 'Opening hours of Help changed']);
  });

  it('tell of the ring, of short abandons and of the clock of the first ring', async () => {
    expect(
      await marksAfter({}, { site: 'country: gb, short_abandon: 3s, first_ring_from: offered' }),
    ).toEqual([
      'Length of one ring changed from 6 s to 3 s',
      'Start of the first ring changed from the first phone that rings to entering the queue',
      'Shortest wait that counts as given up changed from 5 s to 3 s',
    ]);
  });

  it('tell of a team and its queues, not of every promise that came with them', async () => {
    expect(await marksAfter({ money: '' }, {}, { money: '' })).toEqual([
      'Team Money was added',
      'Queue billing was added: Money',
      'Team Money was removed',
      'Queue billing was removed',
    ]);
  });

  it('tell that the formulas are others, where verdicts were made by an earlier rule book', async () => {
    await store.setMeta('rules', 'a fingerprint of before');
    expect(await marksAfter({})).toEqual(['The formula changed (rule book 3)']);
  });

  it('tell that the formulas changed from one start to the next', async () => {
    const { rulesSaid } = await configOf();
    const before = rulesSaid.map((one) => (one.what === 'Rule book' ? { ...one, value: '2' } : one));
    expect(ruleChanges(before, rulesSaid)).toEqual(['The formula changed (rule book 3)']);
  });

  it('do not mark what no figure depends on', async () => {
    expect(await marksAfter({}, { site: 'place: New York, min_sample: 9' })).toEqual([]);
  });

  it('are so many at the most, and the rest a number', async () => {
    const { rulesSaid } = await configOf();
    const many = Array.from({ length: 40 }, (_, i) => ({
      owner: 'site',
      of: null,
      what: `Queue q${i}`,
      value: 'Help',
      isTold: true,
    }));
    const told = ruleChanges(rulesSaid, [...rulesSaid, ...many]);
    expect(told).toHaveLength(20);
    expect(told.at(-1)).toBe('21 more settings changed');
  });

  it('never keep First Ring from starting: what cannot be written is told at the next start', async () => {
    const full = { ...store, keepRules: () => Promise.reject(new Error('disk full')) };
    await markRules({ store, log }, (await configOf()).rulesSaid, NOW);
    const changed = (await configOf({ help: 'targets: { first_ring: 75 }' })).rulesSaid;
    await markRules({ store: full, log }, changed, NOW + 1);
    expect(log.errors).toHaveLength(1);
    await markRules({ store, log }, changed, NOW + 2);
    expect(await store.trendMarks({ from: 0, to: NOW * 2 }, 100)).toMatchObject([{ at: NOW + 2 }]);
  });

  it('hold no address, no domain and no number that was written', async () => {
    const secretive = { site: 'domains: [hidden.example]', help: 'text_numbers: ["+15550100999"]' };
    const { rulesSaid } = await configOf(secretive);
    expect(JSON.stringify(rulesSaid)).not.toMatch(/hidden|5550100999/);
  });
});
