import { setTimeout as delay } from 'node:timers/promises';
import { type MeasuredServer, TV_TOKEN } from './site.ts';

const LOOK_EVERY_MS = 100;

/**
 * Waits until so many facts of a source are durable, for at most so long. Resolves with how many then are, and with the
 * ms that it took, true to a tenth of a second.
 */
export async function untilStored(
  { url }: MeasuredServer,
  source: string,
  count: number,
  maxMs: number,
): Promise<{ stored: number; ms: number }> {
  const from = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TV_TOKEN}` } });
    if (!answer.ok) throw new Error(`/metrics was answered ${answer.status}.`);
    const stored = storedIn(await answer.text(), source);
    const ms = performance.now() - from;
    if (stored >= count || ms >= maxMs) return { stored, ms };
    await delay(LOOK_EVERY_MS);
  }
}

/** The facts of a source that were stored since the start, from the text of /metrics; 0 where it names none. */
export function storedIn(text: string, source: string): number {
  const start = `first_ring_facts_total{source="${source}",outcome="stored"} `;
  const line = text.split('\n').find((one) => one.startsWith(start));
  return line === undefined ? 0 : Number(line.slice(start.length));
}
