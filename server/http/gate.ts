import {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
  urlencoded,
} from 'express';
import { FORM_MAX_BYTES } from './limits.ts';
import type { Lock } from './lock.ts';
import { isForThisComputer, isFromOurPage } from './origin.ts';
import { pageCss, signedInPage, signInPage } from './page.ts';
import { Refused, tell } from './status.ts';

/** Without a lock: refuses what was not asked of this computer by its own name. */
export function thisComputerOnly(): RequestHandler {
  return (request, _response, next) => {
    if (isForThisComputer(request)) return next();
    throw new Refused(
      'forbidden',
      'Without a password this wall opens only as http://localhost. Set FIRST_RING_ADMIN_PASSWORD to open it under other names.',
    );
  };
}

/** The pages that are open while all else is locked: sign in, sign out, and how they look. */
export function signInRoutes(lock: Lock, clientDir: string): Router {
  const routes = Router();
  routes.get('/page.css', async (_request, response) => {
    response
      .type('css')
      .set('cache-control', 'no-cache')
      .send(await pageCss(clientDir));
  });
  if (!lock.on) return routes;
  routes.get('/sign-in', (request, response) => {
    response.set('cache-control', 'no-store').type('html');
    response.send(
      lock.who(request) === 'admin' ? signedInPage() : signInPage(localPath(request.query.next), null),
    );
  });
  routes.post(
    '/sign-in',
    urlencoded({ limit: FORM_MAX_BYTES, extended: false }),
    ownPagesOnly,
    (request, response) => signIn(lock, request, response),
  );
  routes.post('/sign-out', ownPagesOnly, (request, response) => {
    response.set('set-cookie', lock.signOut(request)).redirect(303, '/sign-in');
  });
  return routes;
}

/** Lets in whoever has a pass or a token: the API says 401, a page leads to the sign-in, a TV's link gives it a pass. */
export function gate(lock: Lock): RequestHandler {
  return (request, response, next) => {
    if (!lock.on || isFont(request)) return next();
    const isWall = /^\/wall(\/[^/]+)?$/.test(request.path);
    const { token } = request.query;
    if (isWall && typeof token === 'string') return openTv(lock, request, response, token);
    const role = lock.who(request);
    if (role === null) return turnAway(request, response);
    if (isWall && role === 'tv') response.set('set-cookie', lock.renew(request, role));
    next();
  };
}

async function signIn(lock: Lock, request: Request, response: Response): Promise<void> {
  const form: unknown = request.body;
  const password = textIn(form, 'password');
  const next = localPath(textIn(form, 'next'));
  response.set('cache-control', 'no-store');
  try {
    const cookie = await lock.signIn(request, password);
    if (cookie !== null) {
      response.set('set-cookie', cookie).redirect(303, next);
      return;
    }
    response.status(401).type('html').send(signInPage(next, 'That is not the password.'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, headers } = tell(error);
    response.status(status).set(headers).type('html').send(signInPage(next, error.message));
  }
}

/** A TV's link is used once: the token leaves the address bar and the history. */
function openTv(lock: Lock, request: Request, response: Response, token: string): void {
  const cookie = lock.openTv(request, token);
  if (cookie === null)
    throw new Refused(
      'unauthenticated',
      'This is not the token of this wall. Ask whoever runs First Ring for the right link.',
    );
  const rest = new URL(request.originalUrl, 'http://localhost').searchParams;
  rest.delete('token');
  const query = rest.size === 0 ? '' : `?${rest.toString()}`;
  response
    .set('set-cookie', cookie)
    .set('cache-control', 'no-store')
    .redirect(303, `${request.path}${query}`);
}

function turnAway(request: Request, response: Response): void {
  if (request.path.startsWith('/api/') || request.path === '/metrics') {
    throw new Refused('unauthenticated', 'Sign in, or send the TV token: Authorization: Bearer <TV token>.');
  }
  if (request.path.startsWith('/assets/')) throw new Refused('unauthenticated', 'Sign in first.');
  response
    .set('cache-control', 'no-store')
    .redirect(303, `/sign-in?next=${encodeURIComponent(localPath(request.originalUrl))}`);
}

/** The typefaces hold no secret and the sign-in page wears one. */
function isFont(request: Request): boolean {
  return /^\/assets\/[\w.-]+\.woff2$/.test(request.path);
}

function ownPagesOnly(request: Request, _response: Response, next: NextFunction): void {
  if (!isFromOurPage(request)) throw new Refused('forbidden', 'This came from a page of another site.');
  next();
}

function textIn(form: unknown, name: string): string {
  if (typeof form !== 'object' || form === null) return '';
  const value: unknown = Object.getOwnPropertyDescriptor(form, name)?.value;
  return typeof value === 'string' ? value : '';
}

/** A path of ours and nothing else: a sign-in never leads to another site. */
function localPath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return '/wall';
  const base = 'http://localhost';
  const url = URL.parse(value, base);
  return url === null || url.origin !== base ? '/wall' : `${url.pathname}${url.search}`;
}
