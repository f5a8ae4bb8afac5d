import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Post } from '../../server/fact.ts';
import type { Reach } from '../../server/outgoing/reach.ts';
import { pictureIdOf } from '../../server/store/picture-id.ts';
import { createPictures, TRY_AGAIN_MS } from '../../server/voice/pictures.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { TestClock } from '../support/test-clock.ts';

const start = Date.parse('2026-11-17T16:00:00Z');
let folder: ReturnType<typeof temporaryFolder>;
let opened: AnIntake;
let stopping: AbortController;
let looked: string[];

const reach: Reach = {
  async lookup(host) {
    looked.push(host);
    return [];
  },
  may: () => false,
};
const post = (id: string): Post => ({
  kind: 'post',
  network: 'mastodon',
  id,
  author: id,
  text: 'Hello.',
  avatar: `https://${id}.example/a.png`,
  type: 'post',
  at: start,
  seen: start,
});

/** Moves the clock on in steps until so many pictures were looked for. */
async function untilLooked(clock: TestClock, stepMs: number, times: number): Promise<void> {
  const look = async (): Promise<number> => {
    await clock.advance(stepMs);
    return looked.length;
  };
  await expect.poll(look).toBe(times);
}

beforeEach(async () => {
  folder = temporaryFolder();
  opened = await openIntake(`${folder.path}/data.sqlite`, { at: start });
  stopping = new AbortController();
  looked = [];
});
afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('pictures of authors', () => {
  it('are fetched when their posts come, each once, and what failed again after some hours', async () => {
    const { clock, store, intake, log } = opened;
    const pictures = createPictures({ store, clock, log, reach, kept: () => undefined });
    const running = pictures.run(stopping.signal);
    await clock.advance(SECOND);
    expect(looked).toEqual([]);
    await intake.save('social', [post('ann'), post('ben')]);
    pictures.look();
    await untilLooked(clock, SECOND, 2);
    pictures.look();
    await clock.advance(MINUTE);
    expect(looked.toSorted()).toEqual(['ann.example', 'ben.example']);
    await clock.advance(TRY_AGAIN_MS);
    await untilLooked(clock, 30 * MINUTE, 4);
    expect(await store.picture(pictureIdOf('https://ann.example/a.png'))).toBeNull();
    stopping.abort();
    await running;
    expect(log.errors).toEqual([]);
  });

  it('go on when the database could not keep one', async () => {
    const { clock, intake, log, store } = opened;
    let fails = true;
    const failing = {
      picturesWanted: (limit: number, since: number) => store.picturesWanted(limit, since),
      keepPicture: (...had: Parameters<typeof store.keepPicture>) =>
        fails ? Promise.reject(new Error('the disk is full')) : store.keepPicture(...had),
    };
    await intake.save('social', [post('ann')]);
    const pictures = createPictures({ store: failing, clock, log, reach, kept: () => undefined });
    const running = pictures.run(stopping.signal);
    await expect.poll(() => log.errors.length).toBe(1);
    fails = false;
    pictures.look();
    await untilLooked(clock, SECOND, 2);
    stopping.abort();
    await running;
  });
});
