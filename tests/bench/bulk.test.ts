import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillDatabase } from '../../bench/bulk.ts';
import { aYear, DATA_NOW, today } from '../../bench/large-data.ts';
import { rulesOfSite } from '../../bench/site.ts';
import { type Difference, recount } from '../../server/intake/recount.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a database filled in bulk', () => {
  it.each([
    ['a day', today(2_000), 3_000],
    ['a year', aYear(2_000), 2_000],
  ])('of %s is what intake would have left: a recount finds no difference', async (_name, spans, calls) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'bulk.sqlite');
    const rules = await rulesOfSite(folder.path);
    await fillDatabase({ file, rules, spans, now: DATA_NOW, tell: () => undefined });
    const store = await openSqliteStore({ file });
    const differences: Difference[] = [];
    const counted = await recount(store, rules, DATA_NOW, (some) => void differences.push(...some));
    expect(differences).toEqual([]);
    // One call in ten gave up: each of those was called back, and is a person. Fifty more have just given up.
    expect(counted.items).toBe(calls + 2 * (calls / 10) + 50 * 2);
    expect(counted.due).toBe(0);
    const rows = await store.tallies({ from: 0, to: Number.MAX_SAFE_INTEGER }, ['site']);
    const offered = rows.filter(({ figure }) => figure === 'callsOffered').reduce((sum, { n }) => sum + n, 0);
    expect(offered).toBe(calls + 50);
    expect(await store.openItems()).toHaveLength(50);
    await store.close();
  });
});
