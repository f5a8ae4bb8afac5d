import type { WireError } from '../shared/wire-answer.ts';

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
  return ask<T>(path, { signal: stop, cache: 'no-store' });
}

/** Sends a command and resolves with its answer, as `read` does. */
export async function tell<T>(path: string, command: object): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new ApiProblem(0, 'The server does not answer. It is asked again every few seconds.');
  }
  if (answer.ok) return (await answer.json()) as T;
  if (answer.status === 401) return signIn();
  throw new ApiProblem(answer.status, await wordsIn(answer));
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
