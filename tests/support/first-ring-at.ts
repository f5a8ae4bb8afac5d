import { startApp } from '../../server/app.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';

/** First Ring with its clock set to START_AT at the start: recorded bytes bear the times of the day they were recorded. */
const offsetMs = Number(process.env.START_AT) - Date.now();
const config = await loadConfig(process.env, process.cwd());
const app = await startApp({
  config,
  clock: { ...systemClock, now: () => Date.now() + offsetMs },
  log: createLog(config.logLevel),
  say: (line) => process.stdout.write(`${line}\n`),
});
process.on('SIGTERM', () => void app.close());
