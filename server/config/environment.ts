import { join, resolve } from 'node:path';
import { type Complaint, didYouMean } from './complaint.ts';

export const DEFAULT_PORT = 3000;
export const PASSWORD_CHARS_MIN = 8;
export const TV_TOKEN_CHARS_MIN = 16;
export const CONFIG_FILE = 'first-ring.yaml';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** What the environment decides. */
export interface Environment {
  port: number;
  /** Null: not named; the server chooses the loopback when there is no lock. */
  host: string | null;
  dataDir: string;
  /** The file to read, and whether it was asked for by name; one that was not may be absent. */
  file: { path: string; name: string; asked: boolean };
  logLevel: string;
  adminPassword: string | null;
  tvToken: string | null;
}

/** An empty variable is as good as none. Complaints are added to the list; the values then are the defaults. */
export function readEnvironment(env: NodeJS.ProcessEnv, cwd: string, complaints: Complaint[]): Environment {
  const given = (name: string): string | null =>
    env[name] === undefined || env[name] === '' ? null : env[name];
  const wrong = (name: string, text: string): void => {
    complaints.push({ place: name, line: 0, column: 0, field: '', text });
  };
  const secret = (name: string, charsMin: number): string | null => {
    const value = given(name);
    if (value !== null && value.length < charsMin)
      wrong(name, `is too short: use at least ${charsMin} characters.`);
    return value;
  };
  const port = given('PORT') ?? String(DEFAULT_PORT);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    wrong('PORT', 'must be a whole number from 0 to 65535, e.g. 3000 (0 takes a free one).');
  const logLevel = given('LOG_LEVEL') ?? 'info';
  if (!logLevels.includes(logLevel)) {
    const near = didYouMean(logLevel, logLevels);
    wrong(
      'LOG_LEVEL',
      `must be one of ${logLevels.join(', ')}.${near === null ? '' : ` Did you mean ${near}?`}`,
    );
  }
  const named = given('CONFIG');
  return {
    port: Number(port),
    host: given('HOST'),
    dataDir: resolve(cwd, given('DATA_DIR') ?? 'data'),
    file: {
      path: named === null ? join(cwd, CONFIG_FILE) : resolve(cwd, named),
      name: named ?? CONFIG_FILE,
      asked: named !== null,
    },
    logLevel,
    adminPassword: secret('FIRST_RING_ADMIN_PASSWORD', PASSWORD_CHARS_MIN),
    tvToken: secret('FIRST_RING_TV_TOKEN', TV_TOKEN_CHARS_MIN),
  };
}
