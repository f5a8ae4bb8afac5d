import { json, type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { COMMAND_MAX_BYTES } from './limits.ts';
import type { Lock } from './lock.ts';
import { isFromOurPage } from './origin.ts';
import { Refused } from './status.ts';

/** Lets in the admin alone: a TV may look at the wall and no further. */
export function adminOnly(lock: Lock): RequestHandler {
  return (request, _response, next) => {
    if (lock.who(request) === 'admin') return next();
    throw new Refused('forbidden', 'This needs the admin password: sign in at /sign-in.');
  };
}

/** The same for a page: it leads to the sign-in and back. */
export function adminPage(lock: Lock): RequestHandler {
  return (request, response, next) => {
    if (lock.who(request) === 'admin') return next();
    response
      .set('cache-control', 'no-store')
      .redirect(303, `/sign-in?next=${encodeURIComponent(request.originalUrl)}`);
  };
}

/**
 * A command: JSON from a page of ours, by the admin, read with the schema. What the handler returns is the answer.
 * Another site's page can send neither its Origin as ours nor JSON without asking first.
 */
export function command<T extends z.ZodType>(
  lock: Lock,
  schema: T,
  handle: (given: z.output<T>, request: Request) => Promise<unknown>,
): RequestHandler[] {
  const read: RequestHandler = (request, _response, next) => {
    if (!isFromOurPage(request)) throw new Refused('forbidden', 'This came from a page of another site.');
    if (request.is('application/json') === false)
      throw new Refused('unsupported', 'Send the command as JSON: content-type: application/json.');
    next();
  };
  return [
    adminOnly(lock),
    read,
    json({ limit: COMMAND_MAX_BYTES, strict: true }),
    async (request: Request, response: Response) => {
      const given = schema.safeParse(request.body);
      if (!given.success) throw new Refused('invalid', wordsFor(given.error));
      response.json(await handle(given.data, request));
    },
  ];
}

/** The first thing that is wrong, by its field. */
function wordsFor(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'The command cannot be read.';
  if (issue.code === 'unrecognized_keys') return `${issue.keys[0] ?? ''}: is not known here.`;
  const field = issue.path.map(String).join('.');
  return field === '' ? `The command ${issue.message}.` : `${field}: ${issue.message}.`;
}
