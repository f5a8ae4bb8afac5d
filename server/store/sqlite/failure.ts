import Database from 'better-sqlite3';
import { Problem, type ProblemCode } from '../../problem.ts';

/** What went wrong on another thread: errors lose their class on the way. */
export type Failure =
  | { kind: 'sqlite'; code: string; message: string }
  | { kind: 'problem'; code: ProblemCode; message: string }
  | { kind: 'bug'; message: string };

export function failureOf(error: unknown): Failure {
  if (error instanceof Database.SqliteError)
    return { kind: 'sqlite', code: error.code, message: error.message };
  if (error instanceof Problem) return { kind: 'problem', code: error.code, message: error.message };
  return { kind: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorOf(failure: Failure): Error {
  switch (failure.kind) {
    case 'sqlite':
      return new Database.SqliteError(failure.message, failure.code);
    case 'problem':
      return new Problem(failure.code, failure.message);
    case 'bug':
      return new Error(failure.message);
  }
}
