import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { createLog } from '../../server/log.ts';
import { createBluesky } from '../../server/sources/bluesky/source.ts';
import { createMastodon } from '../../server/sources/mastodon/source.ts';
import type { Source } from '../../server/sources/source.ts';
import { HOUR } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { aSkyDeletion, aSkyPost, openFakeJetstream } from '../support/fake-jetstream.ts';
import { aStatus, MASTODON_TOKEN, openFakeMastodon, statusId } from '../support/fake-mastodon.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const log = createLog('silent');
const ROUNDS = 12;
const PER_ROUND = 30;
const folders: Disposable[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

/** A network that can be broken in every way. */
interface Network {
  make(): Source;
  /** The post of this number is written; `quietly`: while nobody listens. */
  post(n: number, quietly?: 'quietly'): void;
  remove(n: number, quietly?: 'quietly'): void;
  cut(): void;
  linked(count: number): Promise<void>;
}

const waiting = { timeout: 10_000, interval: 20 };
const ways = ['cut', 'stop', 'disk full'] as const;

/**
 * Posts are written all the time, while the link stands and while it does not; it breaks in every way, the process is
 * started anew, and the disk is full now and then. What is counted in the end is what was written.
 */
async function survives(
  network: Network,
  source: string,
): Promise<{ mentions: number; deleted: number; conflict: number }> {
  const folder = temporaryFolder();
  folders.push(folder);
  const file = join(folder.path, 'resume.sqlite');
  const key = Buffer.alloc(32, 1);
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await using site = await openIntake(file, { at: Date.now() + HOUR, key });
    const way = ways[round % ways.length] ?? 'cut';
    const stopping = new AbortController();
    const run = runOf(
      network.make(),
      site,
      stopping.signal,
      way === 'disk full' ? 2 : Number.POSITIVE_INFINITY,
    );
    await Promise.race([network.linked(1), run.ended]);
    for (let n = 0; n < PER_ROUND; n += 1) {
      network.post(next);
      next += 1;
      if (n % 7 === 0) await delay(1);
    }
    network.remove(next - 3);
    // Between two of these rounds a link stands too short to read back anything.
    if (way === 'stop') await expect.poll(() => tally(site, 'mentions'), waiting).toBe(next - 2 * round - 1);
    if (way === 'cut') network.cut();
    stopping.abort();
    await run.ended;
    await network.linked(0);
    for (let n = 0; n < PER_ROUND; n += 1) {
      network.post(next, 'quietly');
      next += 1;
    }
    network.remove(next - 3 - PER_ROUND - 5, 'quietly');
  }
  await using site = await openIntake(file, { at: Date.now() + HOUR, key });
  const stopping = new AbortController();
  const run = runOf(network.make(), site, stopping.signal, Number.POSITIVE_INFINITY);
  await expect.poll(() => tally(site, 'mentions'), waiting).toBe(next - 2 * ROUNDS);
  stopping.abort();
  await run.ended;
  return {
    mentions: await tally(site, 'mentions'),
    deleted: await tally(site, 'mentionsDeleted'),
    conflict: (await site.store.sourceCounts()).get(source)?.conflict ?? -1,
  };
}

function runOf(source: Source, { intake, store }: AnIntake, stop: AbortSignal, deliveries: number) {
  let left = deliveries;
  const run = async (): Promise<void> => {
    const cursor = await store.cursor(source.id);
    await source.run({
      cursor,
      stop,
      async deliver(facts, after) {
        left -= 1;
        if (left < 0) throw new Error('the disk is full');
        await intake.save(source.id, facts, after);
      },
      live: () => undefined,
      notice: () => undefined,
      refuse: () => undefined,
    });
  };
  // How it ends is not the matter here.
  return { ended: run().catch(() => undefined) };
}

async function tally({ store }: AnIntake, wanted: string): Promise<number> {
  let sum = 0;
  for await (const { figure, scope, n } of store.allTallies())
    if (scope === 'site' && figure === wanted) sum += n;
  return sum;
}

describe('what was written while links broke is counted once, and what was deleted is gone', () => {
  it('on Bluesky', async () => {
    const fake = await openFakeJetstream({ clock: systemClock });
    const began = Date.now();
    const config = {
      id: 'sky',
      jetstream: fake.url,
      profiles: null,
      keywords: ['harbor health'],
      hashtags: [],
      accounts: [],
      reposts: false,
    };
    const done = await survives(
      {
        make: () => createBluesky({ config, clock: systemClock, log }),
        post: (n, quietly) => fake.emit(aSkyPost(began + n, { rkey: `k${n}` }), quietly),
        remove: (n, quietly) => fake.emit(aSkyDeletion(began + n + 2, { rkey: `k${n}` }), quietly),
        cut: () => fake.cut(),
        linked: (count) => fake.links(count),
      },
      'sky',
    );
    await fake.close();
    expect(done).toEqual({ mentions: 2 * ROUNDS * (PER_ROUND - 1), deleted: 2 * ROUNDS, conflict: 0 });
  }, 60_000);

  it('on Mastodon', async () => {
    const fake = await openFakeMastodon({ clock: systemClock });
    const began = Date.now() - HOUR;
    const config = {
      id: 'fedi',
      server: fake.url,
      streaming: fake.url,
      token: MASTODON_TOKEN,
      hashtags: ['harbor'],
      keywords: [],
      keywordsIn: 'federated' as const,
      mentions: false,
    };
    const at = (n: number): number => began + n * 1_000;
    const done = await survives(
      {
        make: () => createMastodon({ config, clock: systemClock, log }),
        post: (n, quietly) => fake.publish(aStatus(at(n)), quietly),
        remove: (n, quietly) => fake.remove(statusId(at(n)), quietly),
        cut: () => fake.cut(),
        linked: (count) => fake.streams(count),
      },
      'fedi',
    );
    await fake.close();
    // What was written and deleted while nobody listened was never heard of; the rest was.
    expect(done.mentions).toBe(2 * ROUNDS * (PER_ROUND - 1));
    expect(done.deleted).toBeGreaterThan(0);
  }, 60_000);
});
