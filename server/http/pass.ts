import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../../shared/time.ts';

/** Who is asking: the admin, or a TV that may only read. */
export type Role = 'admin' | 'tv';

export const COOKIE = 'first_ring';

/** A signed pass: `v1.<role>.<end>.<mac>`. It holds no secret and no name, and ends by itself. */
export interface Passes {
  issue(role: Role, until: Instant): string;
  /** Whose pass this is; null when it is forged, ended, or older than the password or token it was given for. */
  read(pass: string, now: Instant): { role: Role; until: Instant } | null;
}

/** `stamps` are the stored hashes: they go into the signature, so that a new password or token ends all its passes. */
export function createPasses(key: Buffer, stamps: Record<Role, string | null>): Passes {
  const macOf = (role: Role, until: Instant): Buffer | null => {
    const stamp = stamps[role];
    return stamp === null ? null : createHmac('sha256', key).update(`v1|${role}|${until}|${stamp}`).digest();
  };
  return {
    issue: (role, until) => `v1.${role}.${until}.${macOf(role, until)?.toString('base64url') ?? ''}`,
    read(pass, now) {
      const parts = /^v1\.(admin|tv)\.(\d{1,15})\.([\w-]{43})$/.exec(pass);
      if (parts === null) return null;
      const role: Role = parts[1] === 'admin' ? 'admin' : 'tv';
      const until = Number(parts[2]);
      const mac = macOf(role, until);
      const given = Buffer.from(parts[3] ?? '', 'base64url');
      if (mac === null || given.length !== mac.length || !timingSafeEqual(given, mac)) return null;
      return until > now ? { role, until } : null;
    },
  };
}

/** The value of our cookie in a Cookie header; null when it is not there. */
export function passIn(cookies: string | undefined): string | null {
  for (const part of (cookies ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value !== undefined) return value;
  }
  return null;
}

/** A Set-Cookie header: not for scripts, not sent from other sites, and only over TLS when this request came so. */
export function cookieFor(pass: string, maxAgeS: number, secure: boolean): string {
  return `${COOKIE}=${pass}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
