import { afterEach, vi } from 'vitest';
import { type Clock, systemClock } from '../../../server/clock.ts';
import { createLog } from '../../../server/log.ts';
import { createShownPosts, type ShownPosts } from '../../../server/sources/shown-posts.ts';
import type { Source } from '../../../server/sources/source.ts';
import { type XConfig, xDefaults } from '../../../server/sources/x/config.ts';
import { idAt } from '../../../server/sources/x/ids.ts';
import { createX } from '../../../server/sources/x/source.ts';
import { type FakePost, type FakeX, openFakeX } from '../../support/fake-x.ts';

const opened: FakeX[] = [];

afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

/** A fake X that is closed when the test is over. */
export async function fakeX(now?: () => number): Promise<FakeX> {
  const fake = await openFakeX(now === undefined ? {} : { now });
  opened.push(fake);
  return fake;
}

export const config: XConfig = {
  id: 'x',
  token: 'a-bearer-token',
  rules: ['@harborhealth -is:retweet', '"harbor health" -is:retweet'],
  ...xDefaults,
  country: 'us',
};

/** The posts of `ids` (first versions) stand on walls. */
export function wallOf(ids: () => readonly string[]): ShownPosts {
  return createShownPosts({
    mentions: async () => ids().map((id) => ({ id: `x/${id}`, network: 'x' as const })),
    confirmFirst: ['x'],
  });
}

export function xAt(
  fake: FakeX,
  more: Partial<XConfig> = {},
  clock: Clock = systemClock,
  shown: ShownPosts = wallOf(() => []),
): Source {
  return createX({
    config: { ...config, baseUrl: fake.url, ...more },
    clock,
    log: createLog('silent'),
    shown,
  });
}

/** A post written at `at`; `n` tells those of one millisecond apart. */
export function aPost(at: number, n = 0, more: Partial<FakePost> = {}): FakePost {
  const id = String(BigInt(idAt(at)) + BigInt(n));
  return { id, text: `Thanks, @harborhealth (${n})`, author: '4001', at, ...more };
}

/** Waits until it holds, however busy the machine is. */
export function soon(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 15_000, interval: 5 });
}
