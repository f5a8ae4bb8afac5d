import { Problem } from '../../problem.ts';

/**
 * The WAL-reset bug (sqlite.org/wal.html#walresetbug): with two connections on one file, a checkpoint that runs while
 * another connection commits can lose committed pages and corrupt the file. In every version since 3.7.0; mended in
 * 3.51.3 and, for the older lines, in 3.50.7 and 3.44.6.
 */
const mendedAt = {
  main: [3, 51, 3],
  lines: [
    [3, 50, 7],
    [3, 44, 6],
  ],
} as const;

/** Can this version of SQLite be trusted with a WAL file that has more than one connection? */
export function isSafeSqlite(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [mainMajor, mainMinor, mainPatch] = mendedAt.main;
  if (major !== mainMajor) return major > mainMajor;
  if (minor > mainMinor || (minor === mainMinor && patch >= mainPatch)) return true;
  return mendedAt.lines.some((line) => minor === line[1] && patch >= line[2]);
}

/** Throws a Problem that says what to do when the version is not safe. */
export function refuseUnsafeSqlite(version: string): void {
  if (isSafeSqlite(version)) return;
  throw new Problem(
    'unavailable',
    `SQLite ${version} can corrupt a database in WAL mode (the "WAL-reset" bug). ` +
      'It is mended in 3.51.3: install the versions of package-lock.json with "npm ci" and start again.',
  );
}
