import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server as SocketServer } from 'socket.io';
import type { Snapshot } from '../shared/figure.ts';
import type { Instant } from '../shared/time.ts';
import type { StatusAnswer } from '../shared/wire-answer.ts';
import { openAlertDesk } from './alert-desk.ts';
import type { Alerting } from './alerting.ts';
import type { AppNeeds } from './app.ts';
import { openDesk } from './desk.ts';
import { createHttp } from './http/app.ts';
import { createDrain } from './http/drain.ts';
import { createHttpServer } from './http/listen.ts';
import { listenOn, openLock } from './http/lock.ts';
import { createTries } from './http/tries.ts';
import { checkFact } from './intake/check-fact.ts';
import type { Intake } from './intake/intake.ts';
import type { Roster } from './intake/roster.ts';
import { openItemsDesk } from './items-desk.ts';
import { databaseBytes, type Observed } from './observe/observe.ts';
import { Problem } from './problem.ts';
import type { Boards } from './push/boards.ts';
import { boardServerOptions } from './push/socket-options.ts';
import type { Weekly } from './report/weekly.ts';
import { openReportsDesk } from './reports-desk.ts';
import { ingestTokensOf } from './sources/all.ts';
import type { SourceCounts, Store } from './store/store.ts';
import type { Telling } from './telling.ts';
import { openTrendsDesk, trendsOf } from './trends-desk.ts';

/** What the door leads to. */
export interface Inside {
  store: Store;
  intake: Intake;
  roster: Roster;
  refresh: (board: string) => Promise<Snapshot>;
  changed: () => void;
  /** People decided something of posts or quotes. */
  voiceChanged: () => void;
  io: SocketServer;
  clientDir: string;
  observed: Observed;
  build: string;
  boards: Boards;
  /** The weekly summary by mail; null where no mail server is configured. */
  weekly: Weekly | null;
  alerting: Alerting;
  telling: Telling;
}

/** The HTTP server with its lock: facts come in, pages, snapshots and sockets go out. Says where it listens. */
export async function openDoor(
  needs: AppNeeds,
  inside: Inside,
): Promise<{ url: string; close(): Promise<void> }> {
  const { config, clock, log, say } = needs;
  const { demo, adminPassword, tvToken } = config;
  const { store, intake, roster, io, observed } = inside;
  const startedAt = clock.now();
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
      told: (source, said) => roster.told(source, said),
      clock,
      log,
      senders: ingestTokensOf(config).map(({ source, token }) => ({ id: source, token })),
      demo,
      tries,
      lock,
      snapshot: (board) => (config.boards.some(({ id }) => id === board) ? inside.refresh(board) : null),
      boards: () => config.boards.map(({ id, name, place }) => ({ id, name, place })),
      notReady: () => notReady(store, intake),
      chime(board) {
        const chimes = config.boards.some(({ id, chime }) => id === board && chime !== null);
        return chimes ? (config.chimes.get(board) ?? 'built-in') : null;
      },
      clientDir: inside.clientDir,
      status: () => statusOf(needs, inside, startedAt),
      ...openDesk({ config, clock, log, ...inside }),
      ...openTrendsDesk({ config, clock, log, ...inside }),
      ...openItemsDesk({ config, clock, log, ...inside }),
      ...openReportsDesk({ config, clock, log, trends: trendsOf({ config, clock, ...inside }), ...inside }),
      ...openAlertDesk({ config, clock, log, ...inside }),
      ...inside.telling.desk,
      metrics: async () => ({ type: observed.contentType, text: await observed.text() }),
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

/** How the server and everything that feeds it is doing now. */
async function statusOf(
  { config, clock }: AppNeeds,
  inside: Inside,
  startedAt: Instant,
): Promise<StatusAnswer> {
  const now = clock.now();
  const counts = await inside.store.sourceCounts();
  const none = { stored: 0, repeat: 0, conflict: 0, refused: 0 };
  const kinds = new Map<string, string>(config.sources.map(({ id, kind }) => [id, kind]));
  return {
    build: inside.build,
    demo: config.demo,
    zone: config.site.zone,
    startedAt,
    now,
    sources: inside.roster.health(now).map((health) => ({
      ...health,
      feeds: [...health.feeds],
      kind: kinds.get(health.id) ?? 'unknown',
      test: inside.roster.hasTest(health.id),
      ...recordOf(inside.roster, health.id, { ...none, ...counts.get(health.id) }),
    })),
    boards: inside.boards.counts(),
    intake: inside.intake.health(),
    database: { bytes: databaseBytes(config.databaseFile) },
    process: { residentBytes: process.memoryUsage.rss(), eventLoop: inside.observed.loopDelay() },
  };
}

function recordOf(roster: Roster, source: string, facts: SourceCounts) {
  const { lastFact, lastTrouble, refusals } = roster.record(source);
  const refused = refusals.reduce((sum, { count }) => sum + count, 0);
  return {
    // What was refused is written down with the next commit.
    facts: { ...facts, refused: Math.max(facts.refused, refused) },
    lastFact,
    // Clocks of other systems may run a little ahead of ours.
    lagMs: lastFact === null ? null : Math.max(0, lastFact.savedAt - lastFact.at),
    lastTrouble,
    refusals,
  };
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
