import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import type { Snapshot } from '../shared/figure.ts';
import { type Instant, SECOND } from '../shared/time.ts';
import { openAlerting } from './alerting.ts';
import { buildOf } from './build.ts';
import type { Clock } from './clock.ts';
import { sourcesOfBoard } from './config/board-sources.ts';
import { makeDataDir } from './config/data-dir.ts';
import type { Config } from './config.ts';
import { openDoor } from './door.ts';
import { createIntake, type Intake } from './intake/intake.ts';
import { keepPacked } from './intake/keep-packed.ts';
import { judgeAfterUpdate, keepRules } from './intake/keep-rules.ts';
import { markRules } from './intake/mark-rules.ts';
import { createPrivacy, hashKey } from './intake/privacy.ts';
import { probeSaving } from './intake/probe-saving.ts';
import { openRoster } from './intake/roster.ts';
import type { Log } from './log.ts';
import { createFigures } from './metrics/figures.ts';
import { asShown } from './metrics/posts.ts';
import { createObserved } from './observe/observe.ts';
import { publicReach, type Reach } from './outgoing/reach.ts';
import { createBoards } from './push/boards.ts';
import { ingestTokensOf, sourcesOf } from './sources/all.ts';
import { createShownPosts } from './sources/shown-posts.ts';
import { openSqliteStore } from './store/sqlite/open-sqlite-store.ts';
import type { Store } from './store/store.ts';
import { openTelling } from './telling.ts';
import { createVoice } from './voice/voice.ts';
import { watchIntake } from './watch-intake.ts';
import { openWeekly } from './weekly-mail.ts';

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
  /** Where pictures of authors may be fetched from; the public internet unless said otherwise. */
  reach?: Reach;
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
  const observed = createObserved({
    log,
    now: () => clock.now(),
    databaseFile: config.databaseFile,
    boards: () => boards.counts().watching,
    health: (now) => roster.health(now),
  });
  const intake = watchIntake(createIntake({ store, clock, rules, log, privacy, asOf }), observed);
  const stopping = new AbortController();
  const judging = { store, intake, log, stop: stopping.signal };
  await markRules({ store, log }, config.rulesSaid, clock.now());
  await judgeAfterUpdate({ ...judging, rules }, config.rulesFingerprint);

  // X's rules: its posts stand on a wall only while it confirms them.
  const shown = createShownPosts({
    mentions: (limit) => store.mentions(limit),
    confirmFirst: config.sources.some(({ kind }) => kind === 'x') ? ['x'] : [],
  });

  // Out: figures that are true to each commit, as whole snapshots.
  const build = buildOf(clientDir);
  const figures = createFigures({ store, boards: config.boards, rules, zone: site.zone, build, demo });
  const ofBoard = new Map(
    config.boards.map((board) => [
      board.id,
      { names: board.names, sources: sourcesOfBoard(board, config.sources, rules) },
    ]),
  );
  const refresh = (board: string): Promise<Snapshot> =>
    observed.timed('refresh', async () => {
      const now = clock.now();
      await figures.prepare(now);
      observed.shown();
      const own = ofBoard.get(board);
      const health = roster.health(now).filter(({ id }) => own?.sources.has(id) === true);
      const snapshot = shown.onlyConfirmed(
        figures.snapshot(board, now, health, intake.saving().notSavedSince),
      );
      const mentions = snapshot.mentions === null ? null : asShown(snapshot.mentions, own?.names === true);
      return { ...snapshot, mentions, alerts: alerting.onBoard(board, now) };
    });
  const io = new SocketServer();
  const boards = createBoards({
    io,
    clock,
    boards: config.boards.map(({ id }) => id),
    refresh,
    nextChangeAt: (now) =>
      Math.min(figures.nextChangeAt(now), roster.nextChangeAt(now), alerting.alerts.nextChangeAt(now)),
    log,
  });
  const changed = (): void => boards.changed();
  const telling = openTelling({ config, clock, log, store });
  const alerting = await openAlerting({
    config,
    clock,
    log,
    store,
    roster,
    intake,
    boards: () => boards,
    channels: telling.channels,
    shown: changed,
    toTell: () => telling.look(),
  });
  const linksChanged = (): void => {
    alerting.linksChanged();
    changed();
  };
  const reread = (): void => {
    figures.apply({ at: clock.now(), items: [], tallies: [], postsChanged: true, quotesChanged: true });
    changed();
  };
  const voice = createVoice({
    store,
    clock,
    log,
    zone: site.zone,
    ownAccounts: rules.ownAccounts,
    reach: needs.reach ?? publicReach,
    shown: reread,
  });
  intake.onCommit((committed) => {
    figures.apply(committed);
    alerting.committed(committed);
    observed.committed();
    changed();
    if (committed.postsChanged || committed.quotesChanged) voice.changed();
  });
  intake.onSavingChange(linksChanged);

  const weekly = openWeekly({ config, clock, log, store, intake, roster, clientDir });
  const door = await openDoor(needs, {
    store,
    intake,
    roster,
    refresh,
    changed: linksChanged,
    voiceChanged() {
      reread();
      voice.changed();
    },
    io,
    clientDir,
    observed,
    build,
    boards,
    weekly,
    alerting,
    telling,
  });
  await roster.start(await sourcesOf(config, { clock, log, shown }), { intake, changed: linksChanged });
  const running = [
    boards.run(stopping.signal),
    voice.run(stopping.signal),
    alerting.run(stopping.signal),
    telling.run(stopping.signal),
    probeSaving({ intake, clock, stop: stopping.signal }),
    foldNowAndThen({ intake, clock, log, asOf, stop: stopping.signal }),
    ...(weekly === null ? [] : [weekly.run(stopping.signal)]),
    keepRules(judging, config.rulesFingerprint),
    keepPacked({ store, clock, log, rules, stop: stopping.signal }),
  ];
  return {
    url: door.url,
    async close() {
      await roster.stop();
      stopping.abort();
      await Promise.all(running);
      await door.close();
      await store.close();
      observed.stop();
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
