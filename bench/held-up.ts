import type { MeasuredServer } from './site.ts';

/** How long the event loop of a server was held, at most, since it is watched. */
export interface HeldUp {
  /** By the clock: with waits for the disk and for other programs. */
  delayMs: number;
  /** By what its main thread computed in one turn. */
  workMs: number;
}

export async function watchLoopOf({ child }: MeasuredServer): Promise<void> {
  await child.ask('watchWork');
  await child.ask('watchDelay');
}

/** Ends the watch. */
export async function heldUp({ child }: MeasuredServer): Promise<HeldUp> {
  const delayMs = await child.ask<number>('longestDelayMs');
  return { delayMs, workMs: await child.ask<number>('longestWorkMs') };
}
