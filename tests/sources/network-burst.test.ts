import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { createLog } from '../../server/log.ts';
import { createBluesky } from '../../server/sources/bluesky/source.ts';
import { createMastodon } from '../../server/sources/mastodon/source.ts';
import type { Source } from '../../server/sources/source.ts';
import { SECOND } from '../../shared/time.ts';
import { openIntake } from '../support/an-intake.ts';
import { aSkyPost, openFakeJetstream } from '../support/fake-jetstream.ts';
import { aStatus, MASTODON_TOKEN, openFakeMastodon, statusId } from '../support/fake-mastodon.ts';
import { longestBlock } from '../support/longest-block.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const log = createLog('silent');
const LENGTH_MS = 3 * SECOND;
const PER_SECOND = 1_000;
const EVERY_MS = 50;
const folders: Disposable[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

/** Runs a source into a real intake on a real file, and counts what is saved. */
async function intoIntake(source: Source) {
  const folder = temporaryFolder();
  folders.push(folder);
  const intake = await openIntake(join(folder.path, 'burst.sqlite'), { at: Date.now() });
  const stopping = new AbortController();
  let saved = 0;
  const ended = source.run({
    cursor: null,
    stop: stopping.signal,
    async deliver(facts, cursor) {
      await intake.intake.save(source.id, facts, cursor);
      saved += facts.length;
    },
    live: () => undefined,
    notice: () => undefined,
    refuse: (reason) => expect.unreachable(reason),
  });
  return {
    saved: () => saved,
    counts: () => intake.store.sourceCounts(),
    async stop() {
      stopping.abort();
      await ended;
      await intake[Symbol.asyncDispose]();
    },
  };
}

/** Sends posts at the rate; resolves with what it cost. */
async function burst(send: (from: number, count: number) => void, saved: () => number) {
  const total = (LENGTH_MS / 1_000) * PER_SECOND;
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  let peak = before;
  const began = performance.now();
  let late = 0;
  const longest = await longestBlock(async () => {
    const perTurn = (PER_SECOND * EVERY_MS) / 1_000;
    for (let sent = 0; sent < total; sent += perTurn) {
      send(sent, perTurn);
      const due = began + (sent / PER_SECOND) * 1_000 + EVERY_MS;
      await delay(Math.max(0, due - performance.now()));
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    }
    const sentAt = performance.now();
    while (saved() < total) await delay(5);
    late = performance.now() - sentAt;
  });
  const tookMs = performance.now() - began;
  return { total, longest, late, perSecond: (total / tookMs) * 1_000, grownMb: (peak - before) / 1_048_576 };
}

describe('a burst of 1,000 posts a second', () => {
  it('from Bluesky is kept up with: every post is saved once, and nothing is held up for 50 ms', async () => {
    const fake = await openFakeJetstream({ clock: systemClock });
    const config = {
      id: 'sky',
      jetstream: fake.url,
      profiles: null,
      keywords: ['harbor health'],
      hashtags: [],
      accounts: [],
      reposts: false,
    };
    const run = await intoIntake(createBluesky({ config, clock: systemClock, log }));
    await fake.links(1);
    const cost = await burst((from, count) => {
      const at = Date.now();
      const posts = Array.from({ length: count }, (_, n) =>
        aSkyPost(at, { rkey: `k${from + n}`, did: `did:plc:p${(from + n) % 700}` }),
      );
      // As many again have nothing to do with us.
      const others = posts.map((post, n) =>
        aSkyPost(at, { rkey: `o${from + n}`, did: post.did, record: { text: 'Something else' } }),
      );
      fake.emitAll([...posts, ...others]);
    }, run.saved);
    const counts = (await run.counts()).get('sky');
    await run.stop();
    await fake.close();
    expect(counts).toMatchObject({ stored: cost.total, repeat: 0, conflict: 0, refused: 0 });
    expect(cost.longest).toBeLessThan(50);
    expect(cost.late).toBeLessThan(2_000);
    expect(cost.grownMb).toBeLessThan(150);
  });

  it('from Mastodon is kept up with as well', async () => {
    const fake = await openFakeMastodon({ clock: systemClock });
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
    const run = await intoIntake(createMastodon({ config, clock: systemClock, log }));
    await fake.streams(1);
    const cost = await burst((from, count) => {
      const at = Date.now();
      const events = Array.from({ length: count }, (_, n) => aStatus(at, { id: statusId(at, from + n) }));
      fake.say(events.map((status) => `event: update\ndata: ${JSON.stringify(status)}\n\n`).join(''));
    }, run.saved);
    const counts = (await run.counts()).get('fedi');
    await run.stop();
    await fake.close();
    expect(counts).toMatchObject({ stored: cost.total, repeat: 0, conflict: 0, refused: 0 });
    expect(cost.longest).toBeLessThan(50);
    expect(cost.late).toBeLessThan(2_000);
    expect(cost.grownMb).toBeLessThan(150);
  });
});
