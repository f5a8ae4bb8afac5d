import { startApp } from '../../server/app.ts';
import type { Clock } from '../../server/clock.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';

/**
 * First Ring in a process that can be asked how it is: what it holds in memory after everything unused was let go, and
 * what reached the end of the process uncaught. SPEED makes its clock run so many times faster than life.
 */
const speed = Number(process.env.SPEED ?? 1);
const startedAt = Date.now();
const clock: Clock = {
  now: () => Math.floor(startedAt + (Date.now() - startedAt) * speed),
  sleep: (ms, stop) => systemClock.sleep(ms / speed, stop),
};
const uncaught: string[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) =>
    uncaught.push(error instanceof Error ? `${error.stack}` : String(error)),
  );
}
const config = await loadConfig(process.env, process.cwd());
const app = await startApp({
  config,
  clock,
  log: createLog(config.logLevel),
  say: (line) => process.stdout.write(`${line}\n`),
});
async function stop(): Promise<void> {
  await app.close();
  process.disconnect();
}

async function tell(): Promise<void> {
  const held: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { heapUsed, external } = process.memoryUsage();
    held.push(heapUsed + external);
  }
  process.send?.({ heldBytes: Math.min(...held), uncaught });
}

process.on('message', (asked) => void (asked === 'stop' ? stop() : tell()));
process.send?.({ url: app.url });
