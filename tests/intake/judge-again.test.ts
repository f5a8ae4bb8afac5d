import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAfterUpdate, keepRules } from '../../server/intake/keep-rules.ts';
import { recount } from '../../server/intake/recount.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { Store } from '../../server/store/store.ts';
import { londonRules, openIntake } from '../support/an-intake.ts';
import { deliveriesOf, histories, historyTo, type Told } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const key = Buffer.alloc(32, 7);
const at = historyTo;
const never = new AbortController().signal;
const runs = Number(process.env.PROPERTY_RUNS ?? 15);

/** Shorter rings, a longer patience with mails, nobody is owed a call any more, and a word is muted. */
function changedRules(): Rules {
  const rules = londonRules();
  const teams = [...rules.teams].map(
    ([id, team]) => [id, { ...team, callbackMs: null, emailMs: 2 * team.emailMs }] as const,
  );
  const mentions = { ...rules.mentions, hasMutedWord: (text: string) => text === 'version 1' };
  return { ...rules, mentions, ringPeriodMs: 3_000, teams: new Map(teams) };
}

async function told(file: string, rules: Rules, history: readonly Told[]): Promise<void> {
  await using site = await openIntake(file, { at, rules, key });
  for (const { source, fact } of history) await site.intake.save(source, [fact]);
  await site.intake.fold(at);
  await keepRules({ ...site, stop: never }, 'old rules');
}

async function talliesOf(store: Store): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of store.allTallies()) if (row.n !== 0 || row.d !== 0) rows.push(row);
  return rows;
}

async function everythingOf(file: string): Promise<unknown[]> {
  await using site = await openIntake(file, { at, key });
  const keys = await site.store.itemKeys({ after: null, limit: 100_000 });
  const items = await site.store.write((tx) => tx.items(keys));
  return [[...items].map(([item, { judged }]) => [item, judged]), await talliesOf(site.store)];
}

describe('changed rules', () => {
  it(
    'judge everything stored again, as if it had always been judged by them',
    async () => {
      await fc.assert(
        fc.asyncProperty(histories.chain(deliveriesOf), async (history) => {
          using folder = temporaryFolder();
          const [file, fresh] = [join(folder.path, 'a.sqlite'), join(folder.path, 'b.sqlite')];
          await told(file, londonRules(), history);
          await told(fresh, changedRules(), history);
          await using site = await openIntake(file, { at, rules: changedRules(), key });
          await using other = await openIntake(fresh, { at, rules: changedRules(), key });
          await keepRules({ ...site, stop: never }, 'new rules');
          await site.intake.fold(at);
          const found: unknown[] = [];
          await recount(site.store, changedRules(), at, (differences) => void found.push(...differences));
          expect(found).toEqual([]);
          expect(await talliesOf(site.store)).toEqual(await talliesOf(other.store));
          expect(await site.store.meta('rules')).toBe('new rules');
        }),
        { numRuns: runs },
      );
    },
    30_000 + runs * 3_000,
  );

  it('are begun again at the next start when there was no time', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'a.sqlite');
    await told(file, londonRules(), fc.sample(histories, { numRuns: 1, seed: 1 })[0] ?? []);
    await using site = await openIntake(file, { at, rules: changedRules(), key });
    await keepRules({ ...site, stop: AbortSignal.abort() }, 'new rules');
    expect(await site.store.meta('rules')).toBe('old rules');
  });

  it('judge everything first after an update that threw every verdict away', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'a.sqlite');
    await told(file, londonRules(), fc.sample(histories, { numRuns: 1, seed: 3 })[0] ?? []);
    const before = await everythingOf(file);
    const db = new Database(file);
    db.exec(
      "DELETE FROM items; DELETE FROM tallies; DELETE FROM spreads; UPDATE meta SET value = 'judge everything' WHERE name = 'rules'",
    );
    db.close();
    {
      await using site = await openIntake(file, { at, key });
      await judgeAfterUpdate({ ...site, stop: never }, 'new rules');
      expect(await site.store.meta('rules')).toBe('new rules');
      await judgeAfterUpdate({ ...site, stop: never }, 'other rules');
      expect(await site.store.meta('rules')).toBe('new rules');
    }
    expect(await everythingOf(file)).toEqual(before);
  });

  it('of another zone judge everything first, for its days are others', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'a.sqlite');
    await told(file, londonRules(), fc.sample(histories, { numRuns: 1, seed: 4 })[0] ?? []);
    {
      await using site = await openIntake(file, { at, key, rules: londonRules() });
      await judgeAfterUpdate({ ...site, stop: never }, 'old rules');
      while (await site.store.pack({ quarter: at, day: at / 86_400_000 }));
    }
    const lordHowe = { ...londonRules(), zone: 'Australia/Lord_Howe' };
    await using site = await openIntake(file, { at, key, rules: lordHowe });
    await judgeAfterUpdate({ ...site, stop: never }, 'new rules');
    await site.intake.fold(at);
    const found: unknown[] = [];
    const { items } = await recount(
      site.store,
      lordHowe,
      at,
      (differences) => void found.push(...differences),
    );
    expect(found).toEqual([]);
    expect(items).toBeGreaterThan(0);
    expect([await site.store.meta('rules'), await site.store.meta('zone')]).toEqual([
      'new rules',
      lordHowe.zone,
    ]);
  });

  it('leave alone what the same rules judged', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'a.sqlite');
    await told(file, londonRules(), fc.sample(histories, { numRuns: 1, seed: 2 })[0] ?? []);
    await using site = await openIntake(file, { at, key });
    let commits = 0;
    site.intake.onCommit(() => {
      commits += 1;
    });
    await keepRules({ ...site, stop: never }, 'old rules');
    expect(await site.intake.judgeAgain(never)).toBeGreaterThan(0);
    expect(commits).toBe(0);
  });
});
