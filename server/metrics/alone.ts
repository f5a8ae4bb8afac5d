import type { Store } from '../store/store.ts';

/**
 * Reads while nothing else is committed, and when every commit before has been told of: what is read and what was told
 * are one picture.
 */
export async function alone(store: Pick<Store, 'pause'>, read: () => Promise<void>): Promise<void> {
  await store.pause(async () => {
    // The commit before this one is told of in the turn in which it resolved: let that turn end.
    await turn();
    await read();
  });
}

export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
