import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../server/clock.ts';
import { idAt } from '../../server/sources/x/ids.ts';
import { aSkyPost, openFakeJetstream } from '../../tests/support/fake-jetstream.ts';
import { openFakeX } from '../../tests/support/fake-x.ts';
import { answering } from './answering.ts';

/** Posts are written in so many heaps a second, which is worse to read than one by one. */
const HEAPS_PER_SECOND = 20;
const AUTHORS = 700;
const WORDS = `Thank you @harborhealth, you were quick. ${'Ünïcödé 📞 '.repeat(12)}`;

interface Burst {
  perSecond: number;
  seconds: number;
}

/** A local Jetstream with its AppView, and a local X: networks on which many speak of us at once. */
const jetstream = await openFakeJetstream({ clock: systemClock });
const x = await openFakeX({ token: process.env.X_BEARER_TOKEN ?? '' });
for (let i = 0; i < AUTHORS; i += 1) {
  const did = `did:plc:author${i}`;
  jetstream.profiles.set(did, { did, handle: `author${i}.example`, displayName: `Author ${i}` });
}

answering({
  addresses: () => ({ jetstream: jetstream.url, profiles: jetstream.httpUrl, x: x.url }),
  /** Resolves when both are listened to. */
  async connected() {
    await Promise.all([jetstream.links(1), x.streaming()]);
  },
  /** Both resolve when all is written. */
  bluesky: (burst: Burst) =>
    pour(burst, (heap) =>
      jetstream.emitAll(
        heap.map(({ n, at }) => {
          const did = `did:plc:author${n % AUTHORS}`;
          return aSkyPost(at, { did, rkey: `k${n}`, record: { text: WORDS } });
        }),
      ),
    ),
  x: (burst: Burst) =>
    pour(burst, (heap) => {
      for (const { n, at } of heap)
        x.say({ id: idAt(at), text: WORDS, author: String(4_000 + (n % AUTHORS)), at });
    }),
});

/** Each post has a millisecond of its own, at most a second ahead of the clock. */
async function pour(
  { perSecond, seconds }: Burst,
  write: (heap: readonly { n: number; at: number }[]) => void,
): Promise<void> {
  const from = Date.now();
  const size = perSecond / HEAPS_PER_SECOND;
  for (let heap = 0; heap < seconds * HEAPS_PER_SECOND; heap += 1) {
    write(
      Array.from({ length: size }, (_, i) => {
        const n = heap * size + i;
        return { n, at: from + n };
      }),
    );
    await delay(Math.max(0, from + ((heap + 1) * 1_000) / HEAPS_PER_SECOND - Date.now()));
  }
}
