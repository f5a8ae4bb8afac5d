import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HOUR } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import {
  type Credentials,
  type CredentialsNeeds,
  findCredentials,
  isTvToken,
  type Meta,
} from './credentials.ts';
import { bearerOf } from './ingest-tokens.ts';
import { PASSWORD_CHECKS_MAX } from './limits.ts';
import { isForThisComputer, isFromOurPage, isOverTls } from './origin.ts';
import { cookieFor, createPasses, type Passes, passIn, type Role } from './pass.ts';
import { passwordFits } from './password.ts';
import { Refused } from './status.ts';
import type { Tries } from './tries.ts';

/** An admin's pass ends after a week; a TV's after 400 days, the longest that browsers keep a cookie, from its last load. */
const PASS_MS: Record<Role, number> = { admin: 7 * 24 * HOUR, tv: 400 * 24 * HOUR };
const KEY = 'lock.key';

/** The one lock there is until people and roles come: an admin password and a read-only TV token. */
export interface Lock {
  /** False in the demo with neither set: everything is open, to this computer only. */
  readonly on: boolean;
  /** Who is asking; null when they may not come in. Throws `too_many` after too many wrong tokens. */
  who(request: IncomingMessage): Role | null;
  /** May this request open a socket? Never throws. */
  allowsSocket(request: IncomingMessage): boolean;
  /** A TV's Set-Cookie for its token, or null when the token is wrong. Throws `too_many`. */
  openTv(request: IncomingMessage, token: string): string | null;
  /** An admin's Set-Cookie for the password, or null when it is wrong. Throws `too_many`. */
  signIn(request: IncomingMessage, password: string): Promise<string | null>;
  /** The Set-Cookie that gives this role more time. */
  renew(request: IncomingMessage, role: Role): string;
  /** The Set-Cookie that takes the pass away. */
  signOut(request: IncomingMessage): string;
}

export interface LockNeeds extends CredentialsNeeds {
  clock: Clock;
  tries: Tries;
}

/** Finds or makes the credentials and the key that signs passes. */
export async function openLock(needs: LockNeeds): Promise<Lock> {
  const credentials = await findCredentials(needs);
  if (credentials === null) return openDoor();
  const key = await findKey(needs.meta);
  return locked(
    needs,
    credentials,
    createPasses(key, { admin: credentials.adminHash, tv: credentials.tvDigest }),
  );
}

/** Which address to listen on. Without a lock it is this computer alone, whatever HOST says. */
export function listenOn(
  config: { host: string | null },
  lock: Pick<Lock, 'on'>,
): { host: string; note: string | null } {
  if (lock.on) return { host: config.host ?? '0.0.0.0', note: null };
  const asked =
    config.host !== null && !['127.0.0.1', 'localhost', '::1'].includes(config.host)
      ? `, although HOST is ${config.host}`
      : '';
  const mend = 'To open it to others, set FIRST_RING_ADMIN_PASSWORD and FIRST_RING_TV_TOKEN.';
  return {
    host: '127.0.0.1',
    note: `No password is set, so only this computer can see the wall (127.0.0.1)${asked}. ${mend}`,
  };
}

async function findKey(meta: Meta): Promise<Buffer> {
  const stored = await meta.meta(KEY);
  if (stored !== null) return Buffer.from(stored, 'base64');
  const fresh = randomBytes(32);
  await meta.setMeta(KEY, fresh.toString('base64'));
  return fresh;
}

function openDoor(): Lock {
  const never = (): never => {
    throw new Refused('not_found', 'There is no lock, so there is nothing to sign in to.');
  };
  return {
    on: false,
    who: (request) => (isForThisComputer(request) ? 'admin' : null),
    allowsSocket: (request) => isForThisComputer(request) && isFromOurPage(request),
    openTv: never,
    signIn: never,
    renew: never,
    signOut: never,
  };
}

function locked({ clock, tries }: LockNeeds, credentials: Credentials, passes: Passes): Lock {
  let checking = 0;
  const cookie = (request: IncomingMessage, role: Role): string =>
    cookieFor(passes.issue(role, clock.now() + PASS_MS[role]), PASS_MS[role] / 1_000, isOverTls(request));

  /** A right token always opens; wrong ones are counted, so that nobody can shut the others out. */
  const fits = (request: IncomingMessage, token: string): boolean => {
    if (isTvToken(credentials, token)) return true;
    tries.check(request.socket.remoteAddress);
    tries.wrong(request.socket.remoteAddress);
    return false;
  };

  const who = (request: IncomingMessage): Role | null => {
    const pass = passIn(request.headers.cookie);
    const read = pass === null ? null : passes.read(pass, clock.now());
    if (read !== null) return read.role;
    const token = bearerOf(request.headers.authorization);
    return token !== null && fits(request, token) ? 'tv' : null;
  };

  return {
    on: true,
    who,
    allowsSocket(request) {
      if (!isFromOurPage(request)) return false;
      try {
        return who(request) !== null;
      } catch (error) {
        if (error instanceof Refused) return false;
        throw error;
      }
    },
    openTv: (request, token) => (fits(request, token) ? cookie(request, 'tv') : null),
    async signIn(request, password) {
      tries.check(request.socket.remoteAddress);
      if (checking >= PASSWORD_CHECKS_MAX)
        throw new Refused('too_many', 'Too many sign-ins at once. Try again in a second.', {
          retryAfterS: 1,
        });
      // Counted before the check, so that many at once cannot slip past the limit.
      checking += 1;
      tries.wrong(request.socket.remoteAddress);
      try {
        const { adminHash } = credentials;
        const right = adminHash !== null && (await passwordFits(password, adminHash));
        if (right) tries.right(request.socket.remoteAddress);
        return right ? cookie(request, 'admin') : null;
      } finally {
        checking -= 1;
      }
    },
    renew: cookie,
    signOut: (request) => cookieFor('', 0, isOverTls(request)),
  };
}
