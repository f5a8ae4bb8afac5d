import type { WireError } from '../../shared/wire-answer.ts';
import { Problem, type ProblemCode } from '../problem.ts';

/** The one place that maps a Problem to an HTTP status. */
export function statusOf(code: ProblemCode): number {
  switch (code) {
    case 'invalid':
      return 400;
    case 'unauthenticated':
      return 401;
    case 'forbidden':
      return 403;
    case 'not_found':
      return 404;
    case 'not_allowed':
      return 405;
    case 'too_slow':
      return 408;
    case 'too_large':
      return 413;
    case 'unsupported':
      return 415;
    case 'too_many':
      return 429;
    case 'unavailable':
      return 503;
  }
}

export interface Details {
  /** When to try again, in whole seconds. */
  retryAfterS?: number;
  /** The methods that would have been right. */
  allow?: string;
  /** Items or lines, from the first, that are safe although the request failed. */
  durable?: number;
}

/** A Problem with what HTTP can say beside its words. */
export class Refused extends Problem {
  readonly details: Details;

  constructor(code: ProblemCode, message: string, details: Details = {}, options?: ErrorOptions) {
    super(code, message, options);
    this.details = details;
  }
}

/** Status, headers and body that tell a caller of a problem. */
export interface Telling {
  status: number;
  headers: Record<string, string>;
  body: WireError;
}

/** How any failure is told: a Problem by its code, an error of Express by its own status, all else as a 500 without words. */
export function tell(error: unknown): Telling {
  if (error instanceof Problem) {
    const details: Details = error instanceof Refused ? error.details : {};
    const { retryAfterS, allow, durable } = details;
    const headers: Record<string, string> = {};
    if (error.code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
    if (retryAfterS !== undefined) headers['retry-after'] = String(retryAfterS);
    if (allow !== undefined) headers.allow = allow;
    const body = { code: error.code, message: error.message, ...(durable === undefined ? {} : { durable }) };
    return { status: statusOf(error.code), headers, body: { error: body } };
  }
  const status = statusInside(error);
  if (status === null) {
    const message = 'Something went wrong in First Ring. Its log says what.';
    return { status: 500, headers: {}, body: { error: { code: 'internal', message } } };
  }
  const message =
    status === 413
      ? 'The body is too large.'
      : status === 404
        ? 'There is nothing here.'
        : 'The request cannot be read.';
  return { status, headers: {}, body: { error: { code: codeOf(status), message } } };
}

/** True when a failure is none that was foreseen, and so belongs in the log with its stack. */
export function isBug(error: unknown): boolean {
  return !(error instanceof Problem) && statusInside(error) === null;
}

/** Express and its parts mark a caller's mistake with a 4xx status on the error. */
function statusInside(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function codeOf(status: number): ProblemCode {
  switch (status) {
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 415:
      return 'unsupported';
    default:
      return 'invalid';
  }
}
