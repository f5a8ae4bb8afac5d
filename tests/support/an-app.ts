import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type App, startApp } from '../../server/app.ts';
import type { Clock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import type { Log } from '../../server/log.ts';
import type { Reach } from '../../server/outgoing/reach.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Opens the boards of every such app. */
export const TV_TOKEN = 'a-token-for-the-television';

/** First Ring whole, in this process and on a clock of the test's, with one Asterisk. */
export interface AnApp extends AsyncDisposable {
  url: string;
  /** What a wall is shown now. */
  snapshot(): Promise<Snapshot>;
  /** Resolves with the first snapshot of which this is true. */
  until(isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
  /** What is stored of a figure, over all time; the sum of the site's tallies. */
  stored(figure: string): { n: number; d: number };
  /** What was logged as a warning or worse. */
  logged: unknown[][];
}

export interface AnAppNeeds {
  clock: Clock;
  port: number;
  secret?: string;
  /** Instead of a plain one: the text of first-ring.yaml. */
  configuration?: string;
  adminPassword?: string;
  /** Where the client's build lies, for tests that draw pages. */
  clientDir?: string;
  /** Where pictures of authors may be fetched from; nowhere without it. */
  reach?: Reach;
  env?: Record<string, string>;
}

/** Starts it; everything it holds is gone at the end of the block that declared it with `await using`. */
export async function anApp(needs: AnAppNeeds): Promise<AnApp> {
  const { clock, port, secret = 'not-a-real-secret', configuration = plain(port) } = needs;
  const folder = temporaryFolder();
  const file = join(folder.path, 'first-ring.yaml');
  writeFileSync(file, configuration);
  const password = needs.adminPassword;
  const env = {
    PORT: '0',
    DATA_DIR: folder.path,
    CONFIG: file,
    AMI_SECRET: secret,
    ...(password === undefined ? {} : { FIRST_RING_ADMIN_PASSWORD: password }),
    ...needs.env,
  };
  const config = await loadConfig({ ...env, FIRST_RING_TV_TOKEN: TV_TOKEN }, folder.path);
  const logged: unknown[][] = [];
  const app: App = await startApp({
    config,
    clock,
    log: aLog(logged),
    say: () => undefined,
    reach: needs.reach ?? nowhere,
    ...(needs.clientDir === undefined ? {} : { clientDir: needs.clientDir }),
  });
  const headers = { authorization: `Bearer ${TV_TOKEN}` };
  const snapshot = async (): Promise<Snapshot> => {
    const response = await fetch(`${app.url}/api/snapshot/${config.boards[0]?.id}`, { headers });
    if (!response.ok) throw new Error(`The snapshot was answered ${response.status}.`);
    return (await response.json()) as Snapshot;
  };
  return {
    url: app.url,
    logged,
    snapshot,
    async until(isSo) {
      const giveUpAt = Date.now() + 10_000;
      for (;;) {
        const seen = await snapshot();
        if (isSo(seen)) return seen;
        if (Date.now() > giveUpAt) throw new Error(`It never came true; at last: ${JSON.stringify(seen)}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    stored(figure) {
      using db = open(config.databaseFile);
      const sum = db.prepare(
        "SELECT coalesce(sum(n), 0) AS n, coalesce(sum(d), 0) AS d FROM tallies WHERE scope = 'site' AND figure = ?",
      );
      return sum.get(figure) as { n: number; d: number };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      folder[Symbol.dispose]();
    },
  };
}

/** A test asks nothing of the internet. */
const nowhere: Reach = { lookup: async () => [], may: () => false };

function open(file: string): Database.Database & Disposable {
  const db = new Database(file, { readonly: true });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

const plain = (port: number): string => `
site: { name: Bad days, zone: UTC, country: us, hours: always }
teams:
  - id: support
    name: Support
    queues:
      - { id: support, kind: calls, asterisk_queue: support }
      - { id: billing, kind: calls, asterisk_queue: billing }
      - { id: direct, kind: calls }
boards: [{ id: all, name: Support, show: site }]
sources:
  - { id: pbx, kind: asterisk, host: 127.0.0.1, port: ${port}, user: firstring, secret: "\${AMI_SECRET}", default_queue: direct }
`;

function aLog(logged: unknown[][]): Log {
  const kept = (...said: unknown[]): void => void logged.push(said);
  const dropped = (): void => undefined;
  return { debug: dropped, info: dropped, warn: kept, error: kept, fatal: kept };
}
