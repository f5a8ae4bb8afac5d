import { rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import type { Snapshot } from '../shared/figure.ts';
import { type Instant, SECOND } from '../shared/time.ts';
import { buildOf } from './build.ts';
import type { Clock } from './clock.ts';
import { makeDataDir } from './config/data-dir.ts';
import type { Config } from './config.ts';
import { createHttp } from './http/app.ts';
import { createDrain } from './http/drain.ts';
import { createHttpServer } from './http/listen.ts';
import { listenOn, openLock } from './http/lock.ts';
import { createTries } from './http/tries.ts';
import { checkFact } from './intake/check-fact.ts';
import { createIntake, type Intake } from './intake/intake.ts';
import { keepRules } from './intake/keep-rules.ts';
import { createPrivacy, hashKey } from './intake/privacy.ts';
import { openRoster, type Roster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { createFigures } from './metrics/figures.ts';
import { Problem } from './problem.ts';
import { createBoards } from './push/boards.ts';
import { boardServerOptions } from './push/socket-options.ts';
import { ingestTokensOf, sourcesOf } from './sources/all.ts';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts';
import type { Store } from './store/store.ts';

/** Verdicts lost to time reach the stored tallies at most this late; readers count them from their instant. */
const FOLD_EVERY_MS = 30 * SECOND;
/** About half a year of the demo's days. */
export const DEMO_FILE_BYTES_MAX = 2 ** 30;

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
  const { config, clock, log } = needs;
  const { rules, site, demo } = config;
  const clientDir = needs.clientDir ?? join(import.meta.dirname, '..', 'dist', 'client');
  const store = await openStore(config);

  // In: sources and senders, whose facts are saved, judged and tallied.
  const roster = await openRoster({ store, clock, log, senders: ingestTokensOf(config) });
  const asOf = (source: string): Instant => roster.knownUntil(source, clock.now());
  const privacy = createPrivacy({ key: await hashKey(store), rules });
  const intake = createIntake({ store, clock, rules, log, privacy, asOf });

  // Out: figures that are true to each commit, as whole snapshots.
  const build = buildOf(clientDir);
  const figures = createFigures({ store, boards: config.boards, rules, zone: site.zone, build, demo });
  const refresh = async (board: string): Promise<Snapshot> => {
    const now = clock.now();
    await figures.prepare(now);
    return figures.snapshot(board, now, roster.health(now));
  };
  const io = new SocketServer();
  const boards = createBoards({
    io,
    clock,
    boards: config.boards.map(({ id }) => id),
    refresh,
    nextChangeAt: (now) => Math.min(figures.nextChangeAt(now), roster.nextChangeAt(now)),
    log,
  });
  const changed = (): void => boards.changed();
  intake.onCommit((committed) => {
    figures.apply(committed);
    changed();
  });

  const door = await openDoor(needs, {
    store,
    intake,
    roster,
    refresh,
    changed,
    io,
    clientDir,
  });
  const stopping = new AbortController();
  await roster.start(sourcesOf(config, { clock, log }), { intake, changed });
  const running = [
    boards.run(stopping.signal),
    foldNowAndThen({ intake, clock, log, asOf, stop: stopping.signal }),
    keepRules({ store, intake, log, stop: stopping.signal }, config.rulesFingerprint),
  ];
  return {
    url: door.url,
    async close() {
      await roster.stop();
      stopping.abort();
      await Promise.all(running);
      await door.close();
      await store.close();
    },
  };
}

/** The site's store. A demo's that has grown for months begins anew: its eight weeks are soon told again. */
async function openStore({ dataDir, databaseFile: file, demo }: Config): Promise<Store> {
  await makeDataDir(dataDir);
  const store = await openSqliteStore({ file });
  if (!demo || (await stat(file)).size <= DEMO_FILE_BYTES_MAX) return store;
  await store.close();
  for (const part of ['', '-wal', '-shm']) await rm(`${file}${part}`, { force: true });
  return openSqliteStore({ file });
}

interface Inside {
  store: Store;
  intake: Intake;
  roster: Roster;
  refresh: (board: string) => Promise<Snapshot>;
  changed: () => void;
  io: SocketServer;
  clientDir: string;
}

/** The HTTP server with its lock: facts come in, pages, snapshots and sockets go out. Says where it listens. */
async function openDoor(needs: AppNeeds, inside: Inside): Promise<{ url: string; close(): Promise<void> }> {
  const { config, clock, log, say } = needs;
  const { demo, adminPassword, tvToken } = config;
  const { store, intake, roster, io } = inside;
  const tries = createTries({ clock });
  const lock = await openLock({ demo, adminPassword, tvToken, meta: store, say, clock, tries });
  const http = createHttpServer();
  http.on(
    'request',
    createHttp({
      intake,
      checkFact,
      heard(source, at) {
        if (roster.heard(source, at)) inside.changed();
      },
      clock,
      log,
      senders: ingestTokensOf(config).map(({ source, token }) => ({ id: source, token })),
      demo,
      tries,
      lock,
      snapshot: (board) => (config.boards.some(({ id }) => id === board) ? inside.refresh(board) : null),
      boards: () => config.boards.map(({ id, name, place }) => ({ id, name, place })),
      notReady: () => notReady(store, intake),
      clientDir: inside.clientDir,
    }),
  );
  // After the listener above, so that Socket.IO keeps its own requests from it.
  io.attach(http, {
    ...boardServerOptions,
    allowRequest: (request, allow) => allow(null, lock.allowsSocket(request)),
  });
  const close = createDrain({ http, io, clock });
  const { host, note } = listenOn(config, lock);
  const url = await listen(http, config.port, host);
  say(`First Ring is at ${url}${demo ? ' with demo data: a made-up team, not your customers' : ''}`);
  if (note !== null) say(note);
  log.info({ url, demo, boards: config.boards.length, sources: config.sources.length }, 'started');
  return { url, close };
}

async function notReady(store: Store, intake: Intake): Promise<string[]> {
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
  asOf: (source: string) => Instant;
  stop: AbortSignal;
}): Promise<void> {
  const { intake, clock, log, asOf, stop } = needs;
  while (!stop.aborted) {
    try {
      await intake.fold(clock.now(), asOf);
    } catch (error) {
      log.error({ err: error }, 'fold failed; it is tried again');
    }
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
