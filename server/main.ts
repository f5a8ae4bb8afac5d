import { startApp } from './app.ts';
import { systemClock } from './clock.ts';
import { loadConfig } from './config.ts';
import { createLog } from './log.ts';
import { Problem } from './problem.ts';

/** How long open connections may take to finish after SIGTERM. */
const DRAIN_MS = 10_000;

try {
  const config = await loadConfig(process.env, process.cwd());
  const log = createLog(config.logLevel);
  const app = await startApp({
    config,
    clock: systemClock,
    log,
    say: (line) => process.stdout.write(`${line}\n`),
  });
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({ afterMs: DRAIN_MS }, 'did not stop in time');
      process.exit(1);
    }, DRAIN_MS).unref();
    app.close().then(
      () => log.info('stopped'),
      (error: unknown) => {
        log.error({ err: error }, 'stopped with an error');
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`First Ring cannot start.\n${error.message}\n`);
  process.exitCode = 1;
}
