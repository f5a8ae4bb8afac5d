import { isIPv6 } from 'node:net';
import type { Instant } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import { ADDRESSES_KEPT_MAX, WRONG_TRIES_MAX, WRONG_TRIES_MS } from './limits.ts';
import { Refused } from './status.ts';

/** Counts wrong tokens and passwords by address. One count for pages, the API, facts and sockets alike. */
export interface Tries {
  /** Throws `too_many` while this address has to wait. */
  check(address: string | undefined): void;
  wrong(address: string | undefined): void;
  /** Takes one wrong try back: it turned out right. */
  right(address: string | undefined): void;
}

interface Count {
  wrong: number;
  until: Instant;
}

/** At most WRONG_TRIES_MAX wrong tries from an address in WRONG_TRIES_MS; an IPv6 network of 64 bits is one address. */
export function createTries(needs: { clock: Clock }): Tries {
  const { clock } = needs;
  const counts = new Map<string, Count>();
  return {
    check(address) {
      const count = counts.get(networkOf(address));
      const waitMs = count === undefined ? 0 : count.until - clock.now();
      if (count === undefined || waitMs <= 0 || count.wrong < WRONG_TRIES_MAX) return;
      const retryAfterS = Math.ceil(waitMs / 1_000);
      throw new Refused(
        'too_many',
        `Too many wrong passwords or tokens. Try again in ${Math.ceil(retryAfterS / 60)} min.`,
        { retryAfterS },
      );
    },
    wrong(address) {
      const key = networkOf(address);
      const now = clock.now();
      const before = counts.get(key);
      const count =
        before !== undefined && before.until > now ? before : { wrong: 0, until: now + WRONG_TRIES_MS };
      count.wrong += 1;
      // Put last again, so that the first of the map is the one to forget.
      counts.delete(key);
      counts.set(key, count);
      if (counts.size > ADDRESSES_KEPT_MAX) counts.delete(counts.keys().next().value ?? '');
    },
    right(address) {
      const count = counts.get(networkOf(address));
      if (count !== undefined) count.wrong -= 1;
    },
  };
}

function networkOf(address: string | undefined): string {
  const bare = (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(bare)) return bare;
  const [head = '', tail = ''] = bare.replace(/%.*$/, '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const zeros = bare.includes('::') ? Math.max(0, 8 - front.length - back.length) : 0;
  return [...front, ...Array.from({ length: zeros }, () => '0'), ...back].slice(0, 4).join(':');
}
