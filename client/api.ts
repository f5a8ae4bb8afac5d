import type { WireError } from '../shared/wire-answer.ts';

/** Without a whole answer for this long there is none. The test of a connection, a command, may take 20 s. */
const READ_WITHIN_MS = 10_000;
const TOLD_WITHIN_MS = 25_000;

/** The server refused, or could not be reached; the message is for a person. */
export class ApiProblem extends Error {
  /** 0 when there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
  }
}

/** Reads from the server. Throws an ApiProblem; without a pass it leads to the sign-in and never comes back. */
export async function read<T>(path: string, stop: AbortSignal): Promise<T> {
  return ask<T>(
    path,
    { signal: stop, cache: 'no-store' },
    { ms: READ_WITHIN_MS, else: 'The server does not answer. It is asked again every few seconds.' },
  );
}

/** Sends a command and resolves with its answer, as `read` does. */
export async function tell<T>(path: string, command: object, method: 'POST' | 'DELETE' = 'POST'): Promise<T> {
  return ask<T>(
    path,
    {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
    },
    { ms: TOLD_WITHIN_MS, else: 'The server did not answer: nobody knows whether this was done. Try again.' },
  );
}

async function ask<T>(path: string, init: RequestInit, within: { ms: number; else: string }): Promise<T> {
  const late = AbortSignal.timeout(within.ms);
  try {
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
    const answer = await fetch(path, { ...init, signal, credentials: 'same-origin' });
    if (answer.status === 401) return await signIn();
    if (!answer.ok) throw new ApiProblem(answer.status, await wordsIn(answer));
    return (await answer.json()) as T;
  } catch (error) {
    if (error instanceof ApiProblem || init.signal?.aborted === true) throw error;
    // Not reached, silent, cut off in the middle, or something between that answers with a page of its own.
    throw new ApiProblem(0, within.else);
  }
}

function signIn(): Promise<never> {
  const { pathname, search } = window.location;
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
  return new Promise(() => undefined);
}

async function wordsIn(answer: Response): Promise<string> {
  const plain = `The server answered ${answer.status}. Its log says why.`;
  if (answer.headers.get('content-type')?.includes('json') !== true) return plain;
  const { error } = (await answer.json()) as Partial<WireError>;
  return error?.message ?? plain;
}
