import { subscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { startApp } from '../../server/app.ts';
import { type Clock, systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { createLog } from '../../server/log.ts';

/**
 * First Ring on a clock that runs SPEED times as fast since BEGAN_AT, when it showed START_AT: weeks of snapshots in
 * minutes. Serves the client in CLIENT_DIR. At SIGUSR2 it breaks off every connection, as a network does.
 */
const speed = Number(process.env.SPEED);
const beganAt = Number(process.env.BEGAN_AT);
const startAt = Number(process.env.START_AT);
const clock: Clock = {
  now: () => Math.round(startAt + (Date.now() - beganAt) * speed),
  sleep: (ms, stop) => systemClock.sleep(ms / speed, stop),
};

const sockets = new Set<Socket>();
subscribe('net.server.socket', (message) => {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return;
  const { socket } = message;
  if (!(socket instanceof Socket)) return;
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
process.on('SIGUSR2', () => {
  for (const socket of sockets) socket.resetAndDestroy();
});

const config = await loadConfig(process.env, process.cwd());
const app = await startApp({
  config,
  clock,
  log: createLog(config.logLevel),
  clientDir: process.env.CLIENT_DIR ?? '',
  say: (line) => process.stdout.write(`${line}\n`),
});
process.on('SIGTERM', () => void app.close());
// A test that was stopped in its middle leaves nothing behind.
process.stdin.resume().once('end', () => process.exit());
process.stdin.unref();
