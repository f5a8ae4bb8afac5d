import { type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Fact } from '../../fact.ts';
import type { Caller } from './call-facts.ts';
import type { Random } from './random.ts';

/** What follows a caller who gave up: calls from us to her, or her own second call. */
export interface After {
  facts: Fact[];
  again: Caller | null;
}

/** Most are called back within ten minutes, some late, some call again themselves. */
export function callBack(caller: Caller, endedAt: Instant, random: Random): After {
  const kind = random.next();
  if (kind < 0.07) {
    const offeredAt = Math.round(endedAt + random.between(0.7, 6) * MINUTE);
    return { facts: [], again: { ...caller, call: `${caller.call}-again`, offeredAt, menuMs: 0 } };
  }
  const late = kind > 0.87;
  const reachedAt = Math.round(endedAt + (late ? random.between(11, 26) : random.between(1.5, 9.2)) * MINUTE);
  const tried = random.chance(0.2)
    ? outbound(`${caller.call}-tried`, caller, reachedAt - 70 * SECOND, null, random)
    : [];
  return {
    facts: [
      ...tried,
      ...outbound(`${caller.call}-back`, caller, reachedAt - random.int(4, 18) * SECOND, reachedAt, random),
    ],
    again: null,
  };
}

/** A call from us; `reachedAt` null when it rings out. */
function outbound(
  call: string,
  caller: Caller,
  at: Instant,
  reachedAt: Instant | null,
  random: Random,
): Fact[] {
  const number = caller.number ?? '';
  const dialled: Fact = { kind: 'arrived', call, at, direction: 'out', number };
  if (reachedAt === null) return [dialled, { kind: 'end', call, at: at + 32 * SECOND, why: 'hangup' }];
  return [
    dialled,
    { kind: 'pickup', call, at: reachedAt },
    { kind: 'bridged', call, at: reachedAt + random.int(20, 150) },
    { kind: 'end', call, at: Math.round(reachedAt + random.between(0.6, 6) * MINUTE), why: 'hangup' },
  ];
}
