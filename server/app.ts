import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import type { Snapshot } from '../shared/figure.ts';
import { type Instant, SECOND } from '../shared/time.ts';
import { buildOf } from './build.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createHttp } from './http/app.ts';
import { HEADERS_MAX_BYTES, HEADERS_MAX_MS } from './http/limits.ts';
import { listenOn, openLock } from './http/lock.ts';
import { createTries } from './http/tries.ts';
import { checkFact } from './intake/check-fact.ts';
import { createIntake, type Intake } from './intake/intake.ts';
import { createPrivacy, hashKey } from './intake/privacy.ts';
import { openRoster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { createFigures } from './metrics/figures.ts';
import { Problem } from './problem.ts';
import { createBoards } from './push/boards.ts';
import { boardServerOptions } from './push/socket-options.ts';
import { ingestTokensOf, sourcesOf } from './sources/all.ts';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts';

/** Verdicts lost to time reach the stored tallies at most this late; readers count them from their instant. */
const FOLD_EVERY_MS = 30 * SECOND;

export interface App {
  url: string;
  /** Stops the sources, finishes what came in, and closes. */
  close(): Promise<void>;
}

export interface AppNeeds {
  config: Config;
  clock: Clock;
  log: Log;
  /** Writes a line to the console, for a person. */
  say: (line: string) => void;
  /** Where the client's build lies. */
  clientDir?: string;
}

/** Joins the parts in the order the data flows, and listens. Throws a Problem when it cannot start. */
export async function startApp(needs: AppNeeds): Promise<App> {
  const { config, clock, log, say } = needs;
  const clientDir = needs.clientDir ?? join(import.meta.dirname, '..', 'dist', 'client');
  const store = await openSqliteStore({ file: config.databaseFile });
  const { rules, site, demo } = config;
  const stopping = new AbortController();

  // Facts in: sources and senders, with how each is doing.
  const roster = await openRoster({ store, clock, log, senders: ingestTokensOf(config) });
  const privacy = createPrivacy({ key: await hashKey(store), rules });
  const intake = createIntake({
    store,
    clock,
    rules,
    log,
    privacy,
    asOf: (source) => roster.knownUntil(source, clock.now()),
  });

  // Figures out: kept true to each commit, pushed as whole snapshots.
  const figures = createFigures({
    store,
    boards: config.boards,
    rules,
    zone: site.zone,
    build: buildOf(clientDir),
    demo,
  });
  const refresh = async (board: string): Promise<Snapshot> => {
    const now = clock.now();
    await figures.prepare(now);
    return figures.snapshot(board, now, roster.health(now));
  };
  const tries = createTries({ clock });
  const lock = await openLock({
    demo,
    adminPassword: config.adminPassword,
    tvToken: config.tvToken,
    meta: store,
    say,
    clock,
    tries,
  });
  const http = createServer({ maxHeaderSize: HEADERS_MAX_BYTES, headersTimeout: HEADERS_MAX_MS });
  const io = new SocketServer(http, {
    ...boardServerOptions,
    allowRequest: (request, allow) => allow(null, lock.allowsSocket(request)),
  });
  const boards = createBoards({
    io,
    clock,
    boards: config.boards.map(({ id }) => id),
    refresh,
    nextChangeAt: (now) => Math.min(figures.nextChangeAt(now), roster.nextChangeAt(now)),
    log,
  });
  intake.onCommit((committed) => {
    figures.apply(committed);
    boards.changed();
  });
  http.on(
    'request',
    createHttp({
      intake,
      checkFact,
      heard(source, at) {
        if (roster.heard(source, at)) boards.changed();
      },
      clock,
      log,
      senders: ingestTokensOf(config).map(({ source, token }) => ({ id: source, token })),
      demo,
      tries,
      lock,
      snapshot: (board) => (config.boards.some(({ id }) => id === board) ? refresh(board) : null),
      boards: () => config.boards.map(({ id, name, place }) => ({ id, name, place })),
      notReady: () => notReady(store, intake),
      clientDir,
    }),
  );

  const { host, note } = listenOn(config, lock);
  const url = await listen(http, config.port, host);
  await roster.start(sourcesOf(config, { clock, log }), { intake, changed: boards.changed });
  const running = [
    boards.run(stopping.signal),
    foldNowAndThen({
      intake,
      clock,
      log,
      stop: stopping.signal,
      knownUntil: (source) => roster.knownUntil(source, clock.now()),
    }),
  ];
  say(`First Ring is at ${url}${demo ? ' with demo data: a made-up team, not your customers' : ''}`);
  if (note !== null) say(note);
  log.info({ url, demo, boards: config.boards.length, sources: config.sources.length }, 'started');

  return {
    url,
    async close() {
      await roster.stop();
      stopping.abort();
      await Promise.all(running);
      await io.close();
      http.closeAllConnections();
      await store.close();
    },
  };
}

async function notReady(store: { ping(): Promise<void> }, intake: Intake): Promise<string[]> {
  const reasons: string[] = [];
  await store.ping().catch((error: unknown) => {
    reasons.push(error instanceof Problem ? error.message : 'the database cannot be written');
  });
  const { trouble } = intake.health();
  if (trouble !== null) reasons.push(`the last commit failed: ${trouble}`);
  return reasons;
}

async function foldNowAndThen(needs: {
  intake: Intake;
  clock: Clock;
  log: Log;
  stop: AbortSignal;
  knownUntil(source: string): Instant;
}): Promise<void> {
  const { intake, clock, log, stop } = needs;
  while (!stop.aborted) {
    await intake
      .fold(clock.now(), needs.knownUntil)
      .catch((error: unknown) => log.error({ err: error }, 'fold failed; it is tried again'));
    await clock.sleep(FOLD_EVERY_MS, stop);
  }
}

function listen(server: Server, port: number, host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const words =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is taken by another program. Stop it, or choose another port: PORT=3001 npm start`
          : `Cannot listen on ${host}:${port}: ${error.message}. Set HOST and PORT to an address of this machine.`;
      reject(new Problem('unavailable', words, { cause: error }));
    });
    server.listen(port, host, () => {
      const { port: listening } = server.address() as AddressInfo;
      const name = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host;
      resolve(`http://${name}:${listening}`);
    });
  });
}
