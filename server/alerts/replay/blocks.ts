import type { Compiled } from '../step.ts';
import type { Series } from './series.ts';

/** Looks that are passed over together where their lowest and highest say the same. */
export const BLOCK = 128;

/** Of each block of looks the first lowest and the first highest value, and the fewest and most items. */
export interface Blocks {
  low: Int32Array;
  high: Int32Array;
  fewest: Float64Array;
  most: Float64Array;
}

const kept = new WeakMap<Series, Map<boolean, Blocks>>();

/** Worked out once for a series, however often a level is dragged over it. `isPair`: n of d are compared, otherwise n. */
export function blocksOf(series: Series, isPair: boolean): Blocks {
  const own = kept.get(series) ?? new Map<boolean, Blocks>();
  kept.set(series, own);
  const blocks = own.get(isPair) ?? made(series, isPair);
  own.set(isPair, blocks);
  return blocks;
}

function made({ size, n, d }: Series, isPair: boolean): Blocks {
  const count = Math.ceil(size / BLOCK);
  const blocks = {
    low: new Int32Array(count).fill(-1),
    high: new Int32Array(count).fill(-1),
    fewest: new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    most: new Float64Array(count),
  };
  for (let block = 0; block < count; block += 1) {
    const end = Math.min(size, (block + 1) * BLOCK);
    let [low, high] = [-1, -1];
    let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
    for (let i = block * BLOCK; i < end; i += 1) {
      const items = isPair ? (d[i] as number) : 1;
      fewest = Math.min(fewest, items);
      most = Math.max(most, items);
      if (items === 0) continue;
      const value = n[i] as number;
      if (low < 0 || value * itemsAt(low) < (n[low] as number) * items) low = i;
      if (high < 0 || value * itemsAt(high) > (n[high] as number) * items) high = i;
    }
    blocks.low[block] = low;
    blocks.high[block] = high;
    blocks.fewest[block] = fewest;
    blocks.most[block] = most;
  }
  return blocks;
  function itemsAt(i: number): number {
    return isPair ? (d[i] as number) : 1;
  }
}

/** Does every look of a block say this? `sayAt`: what one says. False may only mean that it is not known. */
export function allSay(
  { low, high, fewest, most }: Blocks,
  block: number,
  said: number,
  { sample, min, sayAt }: Pick<Compiled, 'sample' | 'min'> & { sayAt: (i: number) => number },
): boolean {
  const least = Math.max(1, min);
  if (sample === 'd') {
    if ((most[block] as number) < least) return said === 0;
    if ((fewest[block] as number) < least) return false;
  }
  return sayAt(low[block] as number) === said && sayAt(high[block] as number) === said;
}
