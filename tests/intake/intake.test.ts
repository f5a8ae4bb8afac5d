import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import { FACTS_PER_COMMIT } from '../../server/intake/group-commit.ts';
import type { Committed } from '../../server/store/store.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { textNumber } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A Tuesday, in hours. */
const at: Instant = Date.parse('2026-03-10T10:00:00Z');
const number = '+44 20 7946 0001';

async function onIntake(
  check: (site: AnIntake, commits: Committed[], file: string) => Promise<void>,
): Promise<void> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'data.sqlite');
  await using site = await openIntake(file, { at });
  const commits: Committed[] = [];
  site.intake.onCommit((committed) => void commits.push(committed));
  await check(site, commits, file);
}

describe('saving', () => {
  it('commits whatever arrived in one turn of the event loop together', () =>
    onIntake(async ({ intake }, commits) => {
      const outcomes = await Promise.all(['a', 'b', 'c'].map((call) => intake.save('pbx', [offered(call)])));
      expect(outcomes).toEqual([['stored'], ['stored'], ['stored']]);
      expect(commits).toHaveLength(1);
      expect(commits[0]!.items.map(({ key }) => key)).toEqual(['call/pbx/a', 'call/pbx/b', 'call/pbx/c']);
      expect(tally(commits[0]!, 'callsOffered')).toEqual([3, 0]);
    }));

  it('acknowledges only after the commit, and tells of it first', () =>
    onIntake(async ({ intake }, _commits, file) => {
      const steps: string[] = [];
      intake.onCommit(() => steps.push(`told, ${rowsIn(file, 'facts')} on disk`));
      await intake.save('pbx', [offered('a')]).then(() => steps.push('acknowledged'));
      expect(steps).toEqual(['told, 1 on disk', 'acknowledged']);
    }));

  it('saves more facts than a transaction holds in several, with the cursor in the last', () =>
    onIntake(async ({ intake, store }, commits) => {
      const facts = Array.from({ length: 2 * FACTS_PER_COMMIT + 1 }, (_, i) => offered(`c${i}`));
      const outcomes = await intake.save('pbx', facts, 'here');
      expect(outcomes).toHaveLength(facts.length);
      expect(new Set(outcomes)).toEqual(new Set(['stored']));
      expect(commits.map(({ items }) => items.length)).toEqual([FACTS_PER_COMMIT, FACTS_PER_COMMIT, 1]);
      expect(await store.cursor('pbx')).toBe('here');
    }));

  it('judges and tells nothing at a repeat', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('pbx', [offered('a')]);
      const [before] = (await store.openItems()).map(({ foldedTo }) => foldedTo);
      expect(await intake.save('pbx', [offered('a'), offered('a')])).toEqual(['repeat', 'repeat']);
      expect(commits).toHaveLength(1);
      expect((await store.openItems()).map(({ foldedTo }) => foldedTo)).toEqual([before]);
    }));

  it('counts what was stored, repeated, in conflict and refused of each source', () =>
    onIntake(async ({ intake, store }) => {
      intake.refused('pbx', 2);
      await intake.save('pbx', [offered('a'), offered('a'), { ...offered('a'), at: at - 5 }]);
      intake.refused('other', 1);
      await intake.fold(at);
      expect(await store.sourceCounts()).toEqual(
        new Map([
          ['pbx', { stored: 1, repeat: 1, conflict: 1, refused: 2 }],
          ['other', { stored: 0, repeat: 0, conflict: 0, refused: 1 }],
        ]),
      );
    }));

  it('hears a sign of life and keeps none, but keeps its cursor', () =>
    onIntake(async ({ intake, store }, commits, file) => {
      expect(await intake.save('pbx', [{ kind: 'alive', at }], '17')).toEqual(['stored']);
      expect(commits).toEqual([]);
      expect(rowsIn(file, 'facts')).toBe(0);
      expect(await store.cursor('pbx')).toBe('17');
    }));

  it('keeps neither a number nor a name nor an address of a customer on the disk', () =>
    onIntake(async ({ intake, store }, _commits, file) => {
      await intake.save('pbx', [offered('a'), text('t1')]);
      await intake.save('mail', [mail('<1@cust.example>', at)]);
      await store.close();
      const dump = readAll(file);
      expect(dump).toContain('@cust.example');
      for (const secret of ['79460001', 'ann', 'Ann', 'Lee']) expect(dump).not.toContain(secret);
    }));
});

describe('a failure', () => {
  it('of the database fails every save of that transaction, none of them happened, and the next one works', () =>
    onIntake(async ({ intake, store, log }, commits, file) => {
      await intake.save('pbx', [offered('a')]);
      const other = new Database(file);
      other.exec('BEGIN IMMEDIATE');
      const failed = await Promise.allSettled([
        intake.save('pbx', [offered('b')], 'lost'),
        intake.save('pbx', [ended('a', 3 * SECOND)]),
      ]);
      for (const one of failed)
        expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
      expect(intake.health().trouble).toContain('is held by another program');
      expect(log.errors).toHaveLength(1);
      other.exec('ROLLBACK');
      other.close();
      expect(await store.cursor('pbx')).toBeNull();
      expect(await intake.save('pbx', [ended('a', 3 * SECOND), offered('b')])).toEqual(['stored', 'stored']);
      expect(
        commits
          .at(-1)!
          .items.map(({ key }) => key)
          .sort(),
      ).toEqual(['call/pbx/a', 'call/pbx/b']);
      expect(intake.health()).toEqual({ waiting: 0, committedAt: at, trouble: null, notSavedSince: null });
    }));

  it('of one save fails no other that came with it', () =>
    onIntake(async ({ intake, store }, commits, file) => {
      const other = new Database(file);
      other.exec(`CREATE TRIGGER bad BEFORE INSERT ON facts WHEN NEW.subject = 'bad'
        BEGIN SELECT RAISE(ABORT, 'cannot be kept'); END`);
      other.close();
      const [good, bad, alsoGood] = await Promise.allSettled([
        intake.save('pbx', [offered('a')]),
        intake.save('pbx', [offered('b'), offered('bad')]),
        intake.save('pbx', [offered('c')], 'here'),
      ]);
      expect(good).toEqual({ status: 'fulfilled', value: ['stored'] });
      expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'cannot be kept' } });
      expect(alsoGood).toEqual({ status: 'fulfilled', value: ['stored'] });
      expect(await store.itemKeys({ after: null, limit: 9 })).toEqual(['call/pbx/a', 'call/pbx/c']);
      expect(commits.flatMap(({ items }) => items.map(({ key }) => key))).toEqual([
        'call/pbx/a',
        'call/pbx/c',
      ]);
      expect(await store.cursor('pbx')).toBe('here');
    }));

  it('gives refusals that could not be counted back to the next commit', () =>
    onIntake(async ({ intake, store }, _commits, file) => {
      intake.refused('pbx', 3);
      const other = new Database(file);
      other.exec('BEGIN IMMEDIATE');
      await expect(intake.fold(at)).rejects.toMatchObject({ code: 'unavailable' });
      other.close();
      await intake.fold(at);
      expect(await store.sourceCounts()).toEqual(
        new Map([['pbx', { stored: 0, repeat: 0, conflict: 0, refused: 3 }]]),
      );
    }));
});

describe('time alone', () => {
  it('turns a pending verdict into a miss at its instant, and not before', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('pbx', [offered('a'), alert('a', SECOND)]);
      await intake.fold(at + 7 * SECOND - 1);
      expect(commits).toHaveLength(1);
      await intake.fold(at + 7 * SECOND);
      expect(tally(commits.at(-1)!, 'firstRing')).toEqual([0, 1]);
      await intake.fold(at + 8 * SECOND);
      expect(commits).toHaveLength(2);
      const rows = await store.tallies({ from: at, to: at + HOUR }, ['site']);
      expect(rows.find(({ figure }) => figure === 'firstRing')).toMatchObject({ n: 0, d: 1 });
    }));

  it('is folded along with the next save as well', () =>
    onIntake(async ({ intake, clock }, commits) => {
      await intake.save('pbx', [offered('a'), alert('a', SECOND)]);
      clock.set(at + MINUTE);
      await intake.save('pbx', [offered('b', MINUTE)]);
      expect(tally(commits.at(-1)!, 'firstRing')).toEqual([0, 1]);
    }));

  it('folds nothing beyond the last sign of life of a source, and takes it back when what came late says so', () =>
    onIntake(async ({ intake, clock }, commits) => {
      await intake.save('pbx', [offered('a'), alert('a', SECOND)]);
      await intake.fold(at + HOUR, (source) =>
        source === 'pbx' ? at + 2 * SECOND : Number.POSITIVE_INFINITY,
      );
      expect(commits).toHaveLength(1);
      await intake.fold(at + HOUR, () => Number.POSITIVE_INFINITY);
      expect(tally(commits.at(-1)!, 'firstRing')).toEqual([0, 1]);
      clock.set(at + 2 * HOUR);
      await intake.save('pbx', [pickup('a', 4 * SECOND)]);
      expect(tally(commits.at(-1)!, 'firstRing')).toEqual([1, 0]);
    }));

  it('folds everything due, however much', () =>
    onIntake(async ({ intake, store }) => {
      const calls = Array.from({ length: 1_200 }, (_, i) => offered(`c${i}`));
      await intake.save('pbx', calls);
      await intake.fold(at + MINUTE);
      const rows = await store.tallies({ from: at, to: at + HOUR }, ['site']);
      expect(rows.find(({ figure }) => figure === 'serviceLevel')).toMatchObject({ n: 0, d: 1_200 });
    }));
});

describe('what belongs together', () => {
  it('makes one thread of two when a mail names both, whatever came first', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('mail', [mail('<1@cust.example>', at), mail('<2@cust.example>', at + MINUTE)]);
      expect(tally(commits[0]!, 'emailsReceived')).toEqual([2, 0]);
      await intake.save('mail', [
        mail('<3@cust.example>', at + 2 * MINUTE, ['<1@cust.example>', '<2@cust.example>']),
      ]);
      const items = await store.openItems();
      expect(
        items.map(
          ({ judged }) =>
            judged.pending.filter(({ figure, scope }) => figure === 'emailsWithinHour' && scope === 'site')
              .length,
        ),
      ).toEqual([1]);
      expect(commits.at(-1)!.items.filter(({ after }) => after === null)).toHaveLength(1);
    }));

  it('lets a waive wait for its mail', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('desk', [{ kind: 'waive', ref: '<1@cust.example>', at: at + MINUTE }]);
      await intake.save('mail', [mail('<1@cust.example>', at)]);
      expect(tally(commits.at(-1)!, 'emailsWaived')).toEqual([1, 0]);
      expect(await store.openItems()).toEqual([]);
    }));

  it('lets a deletion wait for its post, by the name of any version', () =>
    onIntake(async ({ intake }, commits) => {
      await intake.save('x', [{ kind: 'post_delete', network: 'x', id: '2', at: at + MINUTE }]);
      await intake.save('x', [post('1', ['1'])]);
      expect(tally(commits.at(-1)!, 'mentions')).toEqual([1, 0]);
      await intake.save('x', [post('2', ['1', '2'])]);
      expect(tally(commits.at(-1)!, 'mentions')).toEqual([-1, 0]);
      expect(commits.every(({ postsChanged }) => postsChanged)).toBe(true);
    }));

  it('tells of a quote', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('desk', [{ kind: 'quote', id: 'q', at, text: 'Lovely', cite: 'by email' }]);
      expect(commits).toMatchObject([{ quotesChanged: true, postsChanged: false }]);
      expect(await store.quotesSent({ from: at, to: at + 1 })).toEqual([
        { source: 'desk', text: 'Lovely', cite: 'by email', at },
      ]);
    }));

  it('owes a caller who gave up a call until somebody reaches her', () =>
    onIntake(async ({ intake, store, clock }, commits) => {
      await intake.save('pbx', [offered('a'), ended('a', 30 * SECOND)]);
      expect((await store.openItems()).map(({ key }) => key.slice(0, 9))).toEqual(['person/p-']);
      clock.set(at + 5 * MINUTE);
      await intake.save('pbx', [
        { kind: 'offered', call: 'out', at: at + 4 * MINUTE, direction: 'out', number: '0044 20 7946 0001' },
        { kind: 'pickup', call: 'out', at: at + 5 * MINUTE },
      ]);
      expect(tally(commits.at(-1)!, 'calledBack')).toEqual([1, 1]);
      expect(await store.openItems()).toEqual([]);
    }));

  it('waives what a person is owed, named by the key of her item', () =>
    onIntake(async ({ intake, store }, commits) => {
      await intake.save('sms', [text('t1')]);
      const [owed] = await store.openItems();
      await intake.save('desk', [{ kind: 'waive', ref: owed!.key, at: at + MINUTE }]);
      expect(tally(commits.at(-1)!, 'callbacksWaived')).toEqual([1, 0]);
      expect(await store.openItems()).toEqual([]);
    }));

  it('moves an obligation with the number when a call turns out to be somebody else', () =>
    onIntake(async ({ intake, store }) => {
      await intake.save('pbx', [offered('a'), ended('a', 30 * SECOND)]);
      const [before] = await store.openItems();
      await intake.save('pbx', [{ kind: 'arrived', call: 'a', at: at - SECOND, number: '+44 20 7946 0002' }]);
      const [after] = await store.openItems();
      expect(after!.key).not.toBe(before!.key);
      expect(await store.openItems()).toHaveLength(1);
    }));

  it('counts a text without a number as unknown', () =>
    onIntake(async ({ intake }, commits) => {
      await intake.save('sms', [{ ...text('t1'), number: 'anonymous' }]);
      expect(tally(commits.at(-1)!, 'callbacksUnknown')).toEqual([1, 0]);
    }));

  it('keeps the copies of a mail in two mailboxes apart, and counts the second as a duplicate', () =>
    onIntake(async ({ intake }, commits) => {
      const copy = (mailbox: string): Fact => ({ ...mail('<q1@cust.example>', at), mailbox }) as Fact;
      expect(await intake.save('mail', [copy('inbox'), copy('money'), copy('inbox')])).toEqual([
        'stored',
        'stored',
        'repeat',
      ]);
      expect(tally(commits.at(-1)!, 'emailsReceived')).toEqual([1, 0]);
      expect(tally(commits.at(-1)!, 'emailsDuplicate')).toEqual([1, 0]);
    }));

  it('takes a mail that was moved to the spam folder out of everything', () =>
    onIntake(async ({ intake }, commits) => {
      await intake.save('mail', [{ ...mail('<q1@cust.example>', at), mailbox: 'inbox' } as Fact]);
      await intake.save('mail', [{ kind: 'spam', ref: '<q1@cust.example>', at }]);
      expect(tally(commits.at(-1)!, 'emailsReceived')).toEqual([-1, 0]);
      expect(tally(commits.at(-1)!, 'emailsSpam')).toEqual([1, 0]);
    }));

  it('keeps the end of a stay apart from the end of the call, even where the stay has no name', () =>
    onIntake(async ({ intake }) => {
      const overflow: Fact = { kind: 'end', call: 'a', at: at + SECOND, why: 'overflow' };
      expect(await intake.save('pbx', [overflow, ended('a', MINUTE)])).toEqual(['stored', 'stored']);
    }));
});

function offered(call: string, afterMs = 0): Fact {
  return { kind: 'offered', call, at: at + afterMs, queue: 'support', number };
}

function alert(call: string, afterMs: number): Fact {
  return { kind: 'alert', call, at: at + afterMs, agent: 'a1', leg: 'l1' };
}

function pickup(call: string, afterMs: number): Fact {
  return { kind: 'pickup', call, at: at + afterMs, agent: 'a1', leg: 'l1' };
}

function ended(call: string, afterMs: number): Fact {
  return { kind: 'end', call, at: at + afterMs, why: 'abandon' };
}

function text(id: string) {
  return { kind: 'text_in', id, at, number, to: `+${textNumber}` } as const;
}

function mail(id: string, moment: Instant, refs: string[] = []): Fact {
  return {
    kind: 'mail_in',
    id,
    at: moment,
    from: 'Ann Lee <ann@cust.example>',
    to: ['help@acme.example'],
    refs,
  };
}

function post(id: string, chain: string[]): Fact {
  return { kind: 'post', network: 'x', id, chain, author: 'u1', text: 'words', type: 'post', at, seen: at };
}

/** The site's net change of a figure in a commit. */
function tally({ tallies }: Committed, figure: string): [number, number] {
  const own = tallies.filter((delta) => delta.figure === figure && delta.scope === 'site');
  return [own.reduce((sum, { n }) => sum + n, 0), own.reduce((sum, { d }) => sum + d, 0)];
}

function rowsIn(file: string, table: 'facts'): number {
  const db = new Database(file, { readonly: true });
  const rows = db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
  db.close();
  return rows ?? 0;
}

/** Every value in the file. */
function readAll(file: string): string {
  const db = new Database(file, { readonly: true });
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const rows = tables.flatMap((table) => db.prepare(`SELECT * FROM ${table}`).raw().all());
  db.close();
  return JSON.stringify(rows);
}
