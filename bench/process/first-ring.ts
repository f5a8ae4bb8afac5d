import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startApp } from '../../server/app.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';
import { type LoopWatch, watchLoop } from '../../tests/support/watch-loop.ts';
import { answering, cpuUs, heldBytes, residentBytes } from './answering.ts';

/**
 * First Ring as it is started for users, which can be asked what it costs. With NOW its clock is set to that instant
 * at the start, for databases that were made on another day.
 */
const offsetMs = process.env.NOW === undefined ? 0 : Number(process.env.NOW) - Date.now();
const config = await loadConfig(process.env, process.cwd());
const app = await startApp({
  config,
  clock: { ...systemClock, now: () => Date.now() + offsetMs },
  log: createLog(config.logLevel),
  say: () => undefined,
  // Authors are made up: nobody on the internet is asked for their pictures. A resolver too never answers in the same turn.
  reach: { lookup: () => nextTurn([]), may: () => false },
});
const delay = monitorEventLoopDelay({ resolution: 1 });
let work: LoopWatch | null = null;
answering({
  url: () => app.url,
  cpuUs,
  residentBytes,
  heldBytes,
  watchDelay() {
    delay.reset();
    delay.enable();
  },
  /** The longest that the event loop was held since it is watched, in ms. */
  longestDelayMs() {
    delay.disable();
    return delay.max / 1e6;
  },
  watchWork() {
    work = watchLoop();
  },
  /** The most that its main thread computed in one turn of the loop since it is watched, in ms. */
  longestWorkMs: () => work?.stop(),
  /** Ends cleanly; the process goes when everything is closed. */
  async close() {
    await app.close();
    setImmediate(() => process.disconnect());
  },
});
