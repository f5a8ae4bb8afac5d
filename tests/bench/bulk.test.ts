import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillDatabase } from '../../bench/bulk.ts';
import { aYear, aYearOfMail, DATA_NOW, today } from '../../bench/large-data.ts';
import { rulesOfSite, withMail } from '../../bench/site.ts';
import { type Difference, recount } from '../../server/intake/recount.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a database filled in bulk', () => {
  it.each([
    ['a day', today(2_000), 3_000, 0],
    ['a year', aYear(2_000), 2_000, 2_000],
  ])(
    'of %s is what intake would have left: a recount finds no difference',
    async (_name, busy, calls, threads) => {
      using folder = temporaryFolder();
      const file = join(folder.path, 'bulk.sqlite');
      const rules = await rulesOfSite(folder.path, withMail);
      const mail = threads === 0 ? [] : aYearOfMail(threads);
      await fillDatabase({ file, rules, calls: busy, mail, now: DATA_NOW, tell: () => undefined });
      const store = await openSqliteStore({ file });
      const differences: Difference[] = [];
      const counted = await recount(store, rules, DATA_NOW, (some) => void differences.push(...some));
      expect(differences).toEqual([]);
      // One call in ten gave up: each of those was called back, and is a person. Fifty more have just given up.
      expect(counted.items).toBe(calls + 2 * (calls / 10) + threads + 50 * 2);
      expect(counted.due).toBe(0);
      const rows = await store.tallies({ from: 0, to: Number.MAX_SAFE_INTEGER }, ['site']);
      const totalOf = (figure: string): number =>
        rows.filter((row) => row.figure === figure).reduce((sum, { n }) => sum + n, 0);
      expect(totalOf('callsOffered')).toBe(calls + 50);
      const open = (await store.openItems()).filter(({ key }) => key.startsWith('person/'));
      expect(open).toHaveLength(50);
      await store.close();
    },
  );

  it('has mail that was answered in time, late, again and never', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'bulk.sqlite');
    const rules = await rulesOfSite(folder.path, withMail);
    const mail = aYearOfMail(2_000);
    await fillDatabase({ file, rules, calls: [], mail, now: DATA_NOW, tell: () => undefined });
    const store = await openSqliteStore({ file });
    const rows = await store.tallies({ from: 0, to: Number.MAX_SAFE_INTEGER }, ['site']);
    const sum = (figure: string, what: 'n' | 'd'): number =>
      rows.filter((row) => row.figure === figure).reduce((total, row) => total + row[what], 0);
    // Three shapes of fifty write again.
    expect(sum('emailsReceived', 'n')).toBe(2_000 + 2_000 * (3 / 50));
    expect(sum('emailsWithinHour', 'd')).toBe(2_120);
    expect(sum('emailsWithinHour', 'n')).toBeGreaterThan(1_300);
    expect(sum('emailsWithinHour', 'n')).toBeLessThan(2_000);
    const answered = await store.spreadRanks({ scopes: ['site'], measure: 'reply', edges: [0, 100_000] });
    // One shape of fifty is never answered; of those of the last ten days somebody still waits.
    expect(answered.count[0]).toBe(2_120 - 40);
    expect((await store.openItems()).filter(({ key }) => key.startsWith('thread/')).length).toBeGreaterThan(
      0,
    );
    await store.close();
  });
});
