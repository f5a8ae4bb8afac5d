import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Who may import whom. A part is the first entry whose path begins a file's path; itself is always allowed. */
const parts: Record<string, { path: string[]; may: string[] }> = {
  shared: { path: ['shared/'], may: [] },
  client: { path: ['client/'], may: ['shared'] },
  clock: { path: ['server/clock.ts'], may: ['shared'] },
  log: { path: ['server/log.ts'], may: ['shared'] },
  problem: { path: ['server/problem.ts'], may: ['shared'] },
  fact: { path: ['server/fact.ts'], may: ['shared'] },
  judge: { path: ['server/judge/'], may: ['fact', 'shared'] },
  all: {
    path: ['server/sources/all.ts'],
    may: ['sources', 'config', 'fact', 'clock', 'log', 'problem', 'shared'],
  },
  outgoing: { path: ['server/outgoing/'], may: ['clock', 'problem', 'shared'] },
  sources: { path: ['server/sources/'], may: ['fact', 'outgoing', 'clock', 'log', 'problem', 'shared'] },
  store: { path: ['server/store/'], may: ['fact', 'judge', 'problem', 'shared'] },
  intake: {
    path: ['server/intake/'],
    may: ['fact', 'clock', 'log', 'problem', 'judge', 'sources', 'store', 'shared'],
  },
  metrics: { path: ['server/metrics/'], may: ['store', 'judge', 'shared'] },
  drill: { path: ['server/drill/'], may: ['store', 'judge', 'fact', 'problem', 'shared'] },
  push: { path: ['server/push/'], may: ['clock', 'log', 'problem', 'shared'] },
  voice: {
    path: ['server/voice/'],
    may: ['store', 'judge', 'fact', 'outgoing', 'clock', 'log', 'problem', 'shared'],
  },
  alerts: {
    path: ['server/alerts/'],
    may: ['store', 'judge', 'outgoing', 'smtp', 'clock', 'log', 'problem', 'shared'],
  },
  smtp: { path: ['server/smtp/'], may: ['log', 'problem', 'shared'] },
  report: {
    path: ['server/report/'],
    may: ['store', 'metrics', 'judge', 'smtp', 'clock', 'log', 'problem', 'shared'],
  },
  observe: { path: ['server/observe/'], may: ['log', 'shared'] },
  config: {
    path: ['server/config.ts', 'server/config/'],
    may: ['judge', 'metrics', 'sources', 'alerts', 'outgoing', 'smtp', 'problem', 'shared'],
  },
  http: {
    path: ['server/http/'],
    may: ['store', 'metrics', 'intake', 'fact', 'clock', 'log', 'problem', 'shared'],
  },
  top: {
    path: [
      'server/app.ts',
      'server/alerting.ts',
      'server/alert-past.ts',
      'server/alert-desk.ts',
      'server/desk.ts',
      'server/telling.ts',
      'server/door.ts',
      'server/trends-desk.ts',
      'server/items-desk.ts',
      'server/watch-intake.ts',
      'server/reports-desk.ts',
      'server/weekly-mail.ts',
      'server/main.ts',
      'server/build.ts',
      'server/recount.ts',
      'server/start.mjs',
    ],
    may: [
      'all',
      'config',
      'sources',
      'store',
      'intake',
      'drill',
      'metrics',
      'push',
      'http',
      'voice',
      'smtp',
      'report',
      'outgoing',
      'alerts',
      'observe',
      'judge',
      'fact',
      'clock',
      'log',
      'problem',
      'shared',
      'top',
    ],
  },
};

/** Packages that only some parts may use; a package that is not here may be used by any. */
const packages: Record<string, string[]> = {
  zod: ['shared', 'config', 'http'],
  'better-sqlite3': ['store'],
  express: ['http'],
  'socket.io': ['push', 'top', 'http'],
  pino: ['log'],
  nodemailer: ['smtp'],
  '@resvg': ['report'],
  react: ['client'],
  'react-dom': ['client'],
  recharts: ['client'],
  'socket.io-client': ['client'],
};

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const files = ['shared', 'client', 'server'].flatMap(filesUnder);

function partOfFile(file: string): string | undefined {
  return Object.keys(parts).find((name) =>
    parts[name]?.path.some((path) => file === path || (path.endsWith('/') && file.startsWith(path))),
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Breaches of the table in one file, in words. */
function breachesIn(file: string): string[] {
  const part = partOfFile(file);
  if (part === undefined) return [`${file} belongs to no part: give it a place`];
  return importsOf(file).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      const name = specifier.split('/')[0] ?? '';
      const allowed = packages[name];
      return allowed && !allowed.includes(part)
        ? [`${file} (${part}) may not import the package ${name}`]
        : [];
    }
    const target = normalize(join(dirname(file), specifier));
    const other = partOfFile(target);
    if (other === undefined)
      return target.startsWith('client') || target.endsWith('.css')
        ? []
        : [`${file} imports ${target}, which belongs to no part`];
    return other === part || parts[part]?.may.includes(other)
      ? []
      : [`${file} (${part}) may not import ${target} (${other})`];
  });
}

describe('the house', () => {
  it('finds the files of every part', () => {
    expect(files.length).toBeGreaterThan(40);
    for (const name of Object.keys(parts)) expect(files.map(partOfFile), name).toContain(name);
  });

  it('lets each part import only what the table allows', () => {
    expect(files.flatMap(breachesIn)).toEqual([]);
  });

  it('lets no source know another source', () => {
    const folderOf = (file: string): string | undefined => /^server\/sources\/([^/]+)\//.exec(file)?.[1];
    const breaches = files.flatMap((file) => {
      const own = folderOf(file);
      if (own === undefined) return [];
      return importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => normalize(join(dirname(file), specifier)))
        .filter((target) => folderOf(target) !== undefined && folderOf(target) !== own)
        .map((target) => `${file} imports ${target}`);
    });
    expect(breaches).toEqual([]);
  });

  it('reads the wall clock in one place on the server', () => {
    const readers = files.filter(
      (file) =>
        file.startsWith('server/') &&
        /\bDate\.now\(\)|new Date\(\)|Temporal\.Now\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(readers).toEqual(['server/clock.ts']);
  });

  it('keeps SQL in the store', () => {
    const speakers = files.filter((file) =>
      /\b(SELECT .+ FROM|INSERT INTO|CREATE TABLE)\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(speakers.filter((file) => !file.startsWith('server/store/'))).toEqual([]);
  });

  it('keeps every source file under 250 lines', () => {
    const long = files
      .map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1] as const)
      .filter(([, lines]) => lines > 250);
    expect(long).toEqual([]);
  });
});
