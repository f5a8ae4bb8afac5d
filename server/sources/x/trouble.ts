import { type Instant, SECOND } from '../../../shared/time.ts';
import { Problem } from '../../problem.ts';
import type { TroubleKind } from './back-off.ts';

/** What went wrong with X, for a person in words, and for the next attempt in kind. */
export class XTrouble extends Problem {
  readonly kind: TroubleKind;
  /** X itself says not to ask again before this. */
  readonly until: Instant | null;
  /** X's words for why its search does not take a query; null where it is not about that. */
  readonly badQuery: string | null;

  constructor(
    message: string,
    about: {
      kind: TroubleKind;
      until?: Instant | null;
      isRefused?: boolean;
      badQuery?: string | null;
      cause?: unknown;
    },
  ) {
    super(about.isRefused ? 'forbidden' : 'unavailable', message, { cause: about.cause });
    this.name = 'XTrouble';
    this.kind = about.kind;
    this.until = about.until ?? null;
    this.badQuery = about.badQuery ?? null;
  }
}

/** X was being asked when there was no more use for the answer: no trouble, and nobody's fault. */
export class XStopped extends XTrouble {
  constructor(doing: string) {
    super(`Stopped while X was asked to ${doing}.`, { kind: 'network' });
    this.name = 'XStopped';
  }
}

/** What the client library threw while we were `doing` something ("read its rules"). Never holds the token. */
export function troubleOf(error: unknown, doing: string): XTrouble {
  if (error instanceof XTrouble) return error;
  const { code, data, rateLimit, requestError, responseError, _options: kept } = asFailure(error);
  const badQuery = code === 400 ? badQueryOf(data) : null;
  if (badQuery !== null)
    return new XTrouble(`X did not understand the wish to ${doing} (${badQuery}).`, {
      kind: 'http',
      badQuery,
    });
  if (typeof code === 'number') return ofStatus(code, reasonOf(data), resetOf(rateLimit), doing);
  // The library's getter looks for the network's error under another name than it is kept under.
  const inner = requestError ?? responseError ?? kept?.error;
  const name = inner?.code ?? inner?.name ?? 'no answer';
  return new XTrouble(
    `The connection to X failed while it was asked to ${doing} (${name}). ${mendOf(name)}`,
    {
      kind: 'network',
      cause: inner,
    },
  );
}

/** X said inside the stream that it ends it. */
export function endedBy(word: string): XTrouble {
  if (word === 'TooManyConnections') return tooManyConnections(null);
  return new XTrouble(`X ended the stream (${word}). It is connected again.`, { kind: 'network' });
}

function ofStatus(status: number, reason: string, until: Instant | null, doing: string): XTrouble {
  const said = reason === '' ? String(status) : `${status}, ${reason}`;
  const refused = (mend: string): XTrouble =>
    new XTrouble(`X refused to ${doing} (${said}). ${mend}`, { kind: 'http', isRefused: true });
  if (status === 401)
    return refused(
      "Make a new bearer token for the app in X's developer console, and set it in its variable.",
    );
  if (status === 402 || /credits/i.test(reason))
    return refused(
      "The app's credits are used up: buy credits, or raise its spending limit, in X's console.",
    );
  if (status === 403) return refused("Check in X's developer console that the app's plan includes it.");
  if (status === 429 && /TooManyConnections|streaming-connection|ConnectionException/.test(reason))
    return tooManyConnections(until);
  if (status === 429 && /usage-capped|UsageCapExceeded/.test(reason))
    return new XTrouble(`X refused to ${doing}: the month's cap of the app's plan is used up (${said}).`, {
      kind: 'rate',
      until,
      isRefused: true,
    });
  if (status === 429)
    return new XTrouble(`X was asked too often to ${doing} and wants us to wait${untilWords(until)}.`, {
      kind: 'rate',
      until,
    });
  if (status >= 500)
    return new XTrouble(`X cannot ${doing} just now (${said}). It is tried again; api.x.com may be down.`, {
      kind: 'http',
    });
  return new XTrouble(
    `X did not understand the wish to ${doing} (${said}). Check the rules of this source.`,
    {
      kind: 'http',
    },
  );
}

function tooManyConnections(until: Instant | null): XTrouble {
  return new XTrouble(
    'X says that the stream of this app is already open, and it allows one. Stop the other program, or give First Ring an app of its own; a connection that broke is let go by X within minutes.',
    { kind: 'rate', until },
  );
}

function untilWords(until: Instant | null): string {
  return until === null ? '' : ` until ${new Date(until).toISOString().slice(11, 16)} UTC`;
}

interface Failure {
  code?: unknown;
  data?: unknown;
  rateLimit?: { reset?: unknown; remaining?: unknown; day?: { reset?: unknown; remaining?: unknown } };
  requestError?: Error & { code?: string };
  responseError?: Error & { code?: string };
  _options?: { error?: Error & { code?: string } };
}

function asFailure(error: unknown): Failure {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The headers x-rate-limit-* and, where the window of a day is the one used up, x-app-limit-24hour-*. In seconds. */
function resetOf(limit: Failure['rateLimit']): Instant | null {
  const reset = limit?.day?.remaining === 0 ? limit.day.reset : limit?.reset;
  // The connection limit comes with a window that is not used up: its reset then says nothing.
  if (limit?.remaining !== undefined && limit.remaining !== 0 && limit.day?.remaining !== 0) return null;
  return typeof reset === 'number' && reset > 0 && reset < RESET_MAX ? reset * SECOND : null;
}

/** Seconds since 1970 have ten digits; more are none. */
const RESET_MAX = 10_000_000_000;

/** docs.x.com "Response codes and errors", 400: `errors` name the parameter that is wrong, and why. */
function badQueryOf(data: unknown): string | null {
  const { errors } = asFailure(data) as { errors?: unknown };
  if (!Array.isArray(errors)) return null;
  for (const error of errors as unknown[]) {
    const { parameters, message } = asFailure(error) as {
      parameters?: { query?: unknown };
      message?: unknown;
    };
    if (parameters?.query === undefined) continue;
    const said =
      typeof message === 'string' ? message.replace(/^There were errors processing your request: /, '') : '';
    return said === '' ? 'without a reason' : said.slice(0, 200);
  }
  return null;
}

/** X's name for it: a title, the end of a type, and the issue of a connection. */
function reasonOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { title, type, connection_issue: issue, errors } = data as Record<string, unknown>;
  const [first] = Array.isArray(errors) ? errors : [];
  const parts = [title, typeof type === 'string' ? type.split('/').at(-1) : undefined, issue];
  const said = parts.filter((part) => typeof part === 'string' && /^[\w .:-]{1,60}$/.test(part));
  return said.length > 0 || first === undefined ? [...new Set(said)].join(', ') : reasonOf(first);
}

function mendOf(name: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(name)) return 'Its name is not known here: check DNS and the network.';
  if (/CERT|SELF_SIGNED/.test(name)) return 'Its certificate is not trusted: a proxy may stand in between.';
  return 'Check the network between here and X.';
}
