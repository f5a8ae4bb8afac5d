import { expect, it } from 'vitest';
import type { Store } from '../../server/store/store.ts';
import { openSite } from './a-site.ts';

it('closes what it read of the call views when its beginning fails, and begins again', async () => {
  const site = await openSite({ at: '2026-11-17T10:00:00Z' });
  try {
    const store = site.store();
    const reading = { open: 0 };
    const sound: Store = { ...store };
    store.callViews = async function* (span) {
      reading.open += 1;
      try {
        yield* sound.callViews(span);
      } finally {
        reading.open -= 1;
      }
    };
    store.pause = async (work) => {
      await sound.pause(work);
      throw new Error('held by another program');
    };
    await expect(site.snapshot()).rejects.toThrow('held by another program');
    expect(reading.open).toBe(0);
    store.pause = (work) => sound.pause(work);
    expect((await site.snapshot()).calls?.firstRing.tally).toEqual({ n: 0, d: 0 });
    expect(reading.open).toBe(0);
  } finally {
    await site.close();
  }
});
