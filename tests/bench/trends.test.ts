import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAsker, withAdmin } from '../../bench/ask-json.ts';
import { fillDatabase } from '../../bench/bulk.ts';
import { aYear, aYearOfMail, DATA_NOW } from '../../bench/large-data.ts';
import { measureKeeping } from '../../bench/measure/keeping.ts';
import { measureTrends } from '../../bench/measure/trends.ts';
import { measurePage } from '../../bench/measure/trends-page.ts';
import { writeRows } from '../../bench/rows.ts';
import { rulesOfSite, startServer, withMail } from '../../bench/site.ts';
import { mustAgree } from '../../bench/trend-questions.ts';
import { describeInBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function smallYear(folder: string): Promise<string> {
  const file = join(folder, 'first-ring.sqlite');
  const rules = await rulesOfSite(folder, withMail);
  const [calls, mail] = [aYear(20_000), aYearOfMail(5_000)];
  await fillDatabase({ file, rules, calls, mail, now: DATA_NOW, tell: () => undefined });
  return file;
}

describe('the benchmark of the trends', () => {
  it('counts a year as SQLite and DuckDB count the same rows, and measures every part', async () => {
    using folder = temporaryFolder();
    const database = await smallYear(folder.path);
    const [sqlite, duckdb] = [join(folder.path, 'rows.sqlite'), join(folder.path, 'rows.duckdb')];
    await writeRows({ of: database, sqlite, duckdb, tell: () => undefined });
    const rows = await measureTrends(folder.path, { rounds: 1, clicks: 0, database, sqlite, duckdb });
    expect(rows.filter(({ value }) => value === null || !(value > 0))).toEqual([]);
    expect(rows).toHaveLength(11);
  }, 60_000);

  it('says what is absent where the databases are', async () => {
    using folder = temporaryFolder();
    const database = join(folder.path, 'nothing.sqlite');
    const rows = await measureTrends(folder.path, { rounds: 1, clicks: 1, database });
    expect(rows).toHaveLength(13);
    expect(new Set(rows.map(({ value, holds }) => `${value} ${holds}`))).toEqual(new Set(['null null']));
  });

  it('weighs intake with and without what trends need kept, in time and late', async () => {
    using folder = temporaryFolder();
    const sizes = { rounds: 1, facts: 1_200, late: 1_200, calls: 500 };
    const rows = await measureKeeping(folder.path, sizes);
    expect(rows).toHaveLength(4);
    expect(rows.filter(({ ratio }) => ratio === null || !(ratio > 0))).toEqual([]);
  }, 60_000);

  it.each([
    ['another count', [['queue-01', 0, 3, 4]]],
    ['a row less', []],
    [
      'a row more',
      [
        ['queue-01', 0, 3, 5],
        ['queue-02', 0, 1, 1],
      ],
    ],
  ])('refuses %s', (_, theirs) => {
    expect(() => mustAgree('a year', [['queue-01', 0, 3, 5]], theirs as [string, ...number[]][])).toThrow(
      'a year: not the same',
    );
  });

  it('refuses to compare nothing', () => {
    expect(() => mustAgree('a year', [], [])).toThrow('not the same');
  });
});

describeInBrowser('the benchmark of the page of the trends', () => {
  it('draws another chart after each choice, and says how long that took', async () => {
    using folder = temporaryFolder();
    await smallYear(folder.path);
    await using server = await startServer(folder.path, { now: DATA_NOW, besides: withAdmin(withMail) });
    using asker = await openAsker(server);
    const [middle, worst] = await measurePage(server, asker, 11);
    expect(middle?.value).toBeGreaterThan(0);
    expect(worst?.value).toBeGreaterThanOrEqual(middle?.value ?? Number.NaN);
  }, 120_000);
});
