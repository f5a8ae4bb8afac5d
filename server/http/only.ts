import type { RequestHandler, Router } from 'express';
import { Refused } from './status.ts';

/** A path that can only be read, or, with POST, only be told something. */
export function only(
  routes: Router,
  path: string,
  handlers: RequestHandler | RequestHandler[],
  method: 'GET' | 'POST' = 'GET',
): void {
  const route = routes.route(path);
  if (method === 'GET') route.get(handlers);
  else route.post(handlers);
  const said =
    method === 'GET' ? 'This can only be read, with GET.' : 'This is a command: send it with POST.';
  route.all(() => {
    throw new Refused('not_allowed', said, { allow: method === 'GET' ? 'GET, HEAD' : 'POST' });
  });
}

/** A path that can be read, and told something. */
export function readAndTell(
  routes: Router,
  path: string,
  { read, tell }: { read: RequestHandler[]; tell: RequestHandler[] },
): void {
  routes
    .route(path)
    .get(read)
    .post(tell)
    .all(() => {
      throw new Refused('not_allowed', 'This takes GET and POST.', { allow: 'GET, HEAD, POST' });
    });
}
