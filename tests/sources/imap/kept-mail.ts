import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../../../server/clock.ts';
import { createIntake } from '../../../server/intake/intake.ts';
import { createPrivacy } from '../../../server/intake/privacy.ts';
import { supervise } from '../../../server/intake/supervise.ts';
import type { Source } from '../../../server/sources/source.ts';
import { openSqliteStore } from '../../../server/store/sqlite/open-sqlite-store.ts';
import { quietLog } from '../../support/an-intake.ts';
import { someRules } from '../../support/some-rules.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What a source led to, on the disk. */
export interface KeptMail extends AsyncDisposable {
  /** The sums of the site's tallies. */
  sum(figure: string): { n: number; d: number };
  facts(): number;
  /** How often two facts with one key differed. */
  conflicts(): number;
  state(): string;
  trouble(): string | null;
}

/** A source as the product runs it: kept running, its facts saved, judged and counted in a real database. */
export async function keepMail(source: Source, clock: Clock): Promise<KeptMail> {
  const folder = temporaryFolder();
  const file = join(folder.path, 'first-ring.sqlite');
  const store = await openSqliteStore({ file });
  const rules = someRules();
  const log = quietLog();
  const privacy = createPrivacy({ key: randomBytes(32), rules });
  const intake = createIntake({ store, clock, rules, log, privacy });
  const one = supervise({
    source,
    save: (id, facts, cursor) => intake.save(id, facts, cursor),
    refused: (id, count) => intake.refused(id, count),
    cursor: (id) => store.cursor(id),
    heardBefore: null,
    keepHeard: () => Promise.resolve(),
    changed: () => undefined,
    clock,
    log,
    random: Math.random,
  });
  const db = new Database(file, { readonly: true });
  const number = (sql: string): number => db.prepare(sql).pluck().get() as number;
  return {
    sum: (figure) =>
      db
        .prepare(
          "SELECT coalesce(sum(n), 0) AS n, coalesce(sum(d), 0) AS d FROM tallies WHERE scope = 'site' AND figure = ?",
        )
        .get(figure) as { n: number; d: number },
    facts: () => number('SELECT count(*) FROM facts'),
    conflicts: () => number('SELECT coalesce(sum(conflict), 0) FROM source_counts'),
    state: () => one.health(clock.now()).state,
    trouble: () => one.health(clock.now()).trouble,
    async [Symbol.asyncDispose]() {
      await one.stop();
      db.close();
      await store.close();
      folder[Symbol.dispose]();
    },
  };
}
