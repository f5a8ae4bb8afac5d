import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../server/config.ts';
import type { Rules } from '../server/judge/rules.ts';
import { type Child, startChild } from './child.ts';

/** The made-up site that is measured: four teams with five queues each, a board for the site and one for each team. */
export const QUEUES: readonly string[] = Array.from(
  { length: 20 },
  (_, i) => `queue-${String(i + 1).padStart(2, '0')}`,
);
/** Mailboxes of four more teams, where there is mail. */
export const MAILBOXES: readonly string[] = Array.from(
  { length: 20 },
  (_, i) => `mailbox-${String(i + 1).padStart(2, '0')}`,
);
export const BOARD = 'site';
export const SOURCE = 'pbx';
export const MAIL_SOURCE = 'post-office';
export const INGEST_TOKEN = 'benchmark-ingest-token-of-the-pbx';
export const TV_TOKEN = 'benchmark-token-of-the-tv';

const teams = [0, 1, 2, 3].map((team) => {
  const queues = QUEUES.slice(team * 5, team * 5 + 5).map((id) => `{ id: ${id}, kind: calls }`);
  return `  - { id: team-${team + 1}, name: Team ${team + 1}, queues: [${queues.join(', ')}] }`;
});
/** What is connected besides the phones, each entry as it stands in the configuration. */
export interface Besides {
  teams?: readonly string[];
  sources: readonly string[];
  /** The secrets that the sources name. */
  secrets?: Readonly<Record<string, string>>;
}

const phonesAlone: Besides = { sources: [] };

/** The site of the year: mail in twenty mailboxes too. */
export const withMail: Besides = {
  teams: [0, 1, 2, 3].map((team) => {
    const queues = MAILBOXES.slice(team * 5, team * 5 + 5).map(
      (id) => `{ id: ${id}, kind: mailbox, addresses: [${addressOf(id)}] }`,
    );
    return `{ id: mail-${team + 1}, name: Mail ${team + 1}, queues: [${queues.join(', ')}] }`;
  }),
  sources: [`{ id: ${MAIL_SOURCE}, kind: http, token: "\${MAIL_TOKEN}", feeds: [emails] }`],
  secrets: { MAIL_TOKEN: 'benchmark-token-of-the-post-office' },
};

/** The address of a mailbox. */
export function addressOf(mailbox: string): string {
  return `${mailbox}@acme.example`;
}

const configurationOf = (besides: Besides): string => `
site: { name: Benchmark, zone: UTC, country: us, hours: always }
teams:
${[...teams, ...(besides.teams ?? []).map((team) => `  - ${team}`)].join('\n')}
sources:
  - { id: ${SOURCE}, kind: http, token: "\${INGEST_TOKEN}", feeds: [phones] }
${besides.sources.map((source) => `  - ${source}\n`).join('')}`;

/** The environment of a First Ring of this site whose data lie in a folder. Writes the configuration there. */
export function environmentOf(dataDir: string, besides = phonesAlone): Record<string, string> {
  const config = join(dataDir, 'first-ring.yaml');
  writeFileSync(config, configurationOf(besides));
  return {
    ...besides.secrets,
    CONFIG: config,
    DATA_DIR: dataDir,
    PORT: '0',
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    // As server/start.mjs has it.
    NODE_COMPILE_CACHE: join(import.meta.dirname, '..', 'node_modules', '.cache', 'first-ring'),
    INGEST_TOKEN,
    FIRST_RING_TV_TOKEN: TV_TOKEN,
  };
}

/** The rules of the site. Writes its configuration into the folder. */
export async function rulesOfSite(folder: string, besides = phonesAlone): Promise<Rules> {
  return (await loadConfig(environmentOf(folder, besides), folder)).rules;
}

/** As `npm start` has it. */
const YOUNG = '--max-semi-space-size=8';

export interface MeasuredServer extends AsyncDisposable {
  url: string;
  child: Child;
}

/**
 * First Ring in a process of its own; with `now` its clock is set to that instant at its start. With BENCH_PROFILE
 * in the environment it leaves a CPU profile in that folder.
 */
export async function startServer(
  dataDir: string,
  options: { now?: number; nodeArgs?: readonly string[]; besides?: Besides } = {},
): Promise<MeasuredServer> {
  const { now, nodeArgs = ['--expose-gc'], besides = phonesAlone } = options;
  const profile = process.env.BENCH_PROFILE;
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const env = { ...environmentOf(dataDir, besides), ...(now === undefined ? {} : { NOW: String(now) }) };
  const child = startChild('first-ring.ts', { env, nodeArgs: [YOUNG, ...nodeArgs, ...profiling] });
  const url = await child.ask<string>('url');
  return {
    url,
    child,
    async [Symbol.asyncDispose]() {
      if (profile !== undefined) {
        await child.ask('close');
        await child.ended;
      }
      await child[Symbol.asyncDispose]();
    },
  };
}
