import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { openAlertDesk } from '../../server/alert-desk.ts';
import { openAlerting } from '../../server/alerting.ts';
import { openDesk } from '../../server/desk.ts';
import type { Fact } from '../../server/fact.ts';
import { createHttp, type HttpNeeds } from '../../server/http/app.ts';
import type { Taking } from '../../server/http/batch.ts';
import { exampleStatus } from '../../server/http/example-status.ts';
import { createHttpServer } from '../../server/http/listen.ts';
import { type Lock, openLock } from '../../server/http/lock.ts';
import { createTries } from '../../server/http/tries.ts';
import { checkFact } from '../../server/intake/check-fact.ts';
import { createIntake, type Intake } from '../../server/intake/intake.ts';
import { createPrivacy } from '../../server/intake/privacy.ts';
import { openItemsDesk } from '../../server/items-desk.ts';
import { openReportsDesk } from '../../server/reports-desk.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { openTelling } from '../../server/telling.ts';
import { openTrendsDesk } from '../../server/trends-desk.ts';
import type { TestAnswer } from '../../shared/wire-desk.ts';
import { aBoard } from '../metrics/a-site.ts';
import { aSnapshot } from '../push/a-snapshot.ts';
import { someRules } from '../support/some-rules.ts';
import { someTrendScopes } from '../support/some-trend-scopes.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

export const NOW = Date.parse('2026-11-20T12:00:00Z');
export const TOKEN = 'phones-token-0123456789';
export const OTHER_TOKEN = 'mails-token-0123456789';

export interface TestHttp {
  url: string;
  port: number;
  store: Store;
  clock: TestClock;
  lock: Lock;
  clientDir: string;
  /** What was logged, as text. */
  logged: () => string;
  /** What was said on the console. */
  said: string[];
  heard: { source: string; at: number }[];
  told: { source: string; facts: readonly Fact[]; refused: readonly string[] }[];
  /** How often people changed what boards show. */
  moderated: { times: number };
  /** Tests of connections that were asked for, and what they find; an error is thrown. */
  tests: { asked: string[]; result: TestAnswer | Error };
  /** Switches what intake does with the next saves. */
  /** The real intake, past HTTP. */
  intake: Intake;
  saving: { fail: Error | null; wait: Promise<void> | null; sizes: number[] };
  reasons: string[];
  post: (body: string | Buffer, headers?: Record<string, string>) => Promise<Response>;
  close: () => Promise<void>;
}

export interface TestHttpOptions {
  demo?: boolean;
  built?: boolean;
  adminPassword?: string | null;
  tvToken?: string | null;
  idleMs?: number;
  headersMs?: number;
  folder?: string;
}

/** The whole of http on a free port, over a real store and the real intake. A demo (no lock) unless told otherwise. */
export async function openTestHttp(options: TestHttpOptions = {}): Promise<TestHttp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'first-ring-http-'));
  const clock = createTestClock(NOW);
  const lines: string[] = [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    }),
  );
  const store = await openSqliteStore({ file: join(folder, 'test.sqlite') });
  const rules = someRules();
  const intake = createIntake({
    store,
    clock,
    rules,
    log,
    privacy: createPrivacy({ key: Buffer.alloc(32, 7), rules }),
  });
  const saving: TestHttp['saving'] = { fail: null, wait: null, sizes: [] };
  const heard: TestHttp['heard'] = [];
  const told: TestHttp['told'] = [];
  const moderated: TestHttp['moderated'] = { times: 0 };
  const tests: TestHttp['tests'] = { asked: [], result: { ok: true, said: 'All is well.', tookMs: 12 } };
  const taking: Taking = {
    clock,
    log,
    checkFact,
    heard: (source, at) => heard.push({ source, at }),
    told: (source, said) => told.push({ source, ...said }),
    intake: {
      refused: (source, count) => intake.refused(source, count),
      async save(source, facts) {
        saving.sizes.push(facts.length);
        if (saving.wait !== null) await saving.wait;
        if (saving.fail !== null) throw saving.fail;
        return intake.save(source, facts);
      },
    },
  };
  const tries = createTries({ clock });
  const said: string[] = [];
  const { demo = false, adminPassword = null, tvToken = null } = options;
  const say = (line: string): number => said.push(line);
  const lock = await openLock({
    demo: demo || (adminPassword === null && tvToken === null),
    adminPassword,
    tvToken,
    meta: store,
    say,
    clock,
    tries,
  });
  const clientDir = join(folder, 'client');
  if (options.built !== false) buildClient(clientDir);
  const reasons: string[] = [];
  const board = aBoard('support', { scope: 'site', calendar: rules.site.calendar });
  const site = { name: 'Acme', place: null, zone: 'UTC' };
  const config = {
    rules,
    demo,
    site,
    boards: [board],
    sources: [],
    watchedScopes: [board],
    databaseFile: join(folder, 'test.sqlite'),
  };
  const alertNeeds = {
    config,
    clock,
    log,
    store,
    roster: { health: () => [], knownUntil: () => NOW },
    intake,
  };
  const alerting = await openAlerting({
    ...alertNeeds,
    boards: () => ({ darkSince: () => undefined }),
    channels: [],
    shown: () => undefined,
    toTell: () => undefined,
  });
  const needs: HttpNeeds = {
    ...taking,
    demo,
    tries,
    lock,
    clientDir,
    chime: (board) => (board === 'support' ? 'built-in' : null),
    senders: [
      { id: 'phones', token: TOKEN },
      { id: 'mails', token: OTHER_TOKEN },
    ],
    snapshot: (board) => (board === 'support' ? aSnapshot('support', clock.now()) : null),
    boards: () => [{ id: 'support', name: 'Patient Support', place: null }],
    notReady: async () => [...reasons],
    status: async () => exampleStatus,
    ...openDesk({
      config,
      clock,
      log,
      store,
      intake,
      roster: {
        health: () => [],
        async test(id) {
          tests.asked.push(id);
          if (tests.result instanceof Error) throw tests.result;
          return tests.result;
        },
      },
      voiceChanged() {
        moderated.times += 1;
      },
    }),
    ...openItemsDesk({
      config: { rules, demo, trendScopes: [] },
      clock,
      log,
      store,
      intake,
      roster: { health: () => [] },
    }),
    ...openTrendsDesk({
      config: { trendScopes: someTrendScopes(rules), demo, site: { name: 'Acme', place: null, zone: 'UTC' } },
      clock,
      log,
      store,
      intake,
      roster: { health: () => [] },
    }),
    ...openReportsDesk({
      config: { demo, site: { name: 'Acme', place: null, zone: 'UTC' } },
      clock,
      log,
      store,
      trends: { scopes: () => ({ now: clock.now(), zone: 'UTC', demo, today: '2026-11-20', scopes: [] }) },
      weekly: null,
    }),
    ...openTelling({
      ...alertNeeds,
      config: {
        ...alertNeeds.config,
        // It leads into the inner network, where nothing is sent.
        channels: [{ id: 'support', name: '#support', kind: 'slack', url: 'https://10.0.0.1/services/x' }],
        mail: null,
        outgoing: { networks: [], plainHosts: [], url: null },
      },
    }).desk,
    ...openAlertDesk({ ...alertNeeds, alerting }),
    metrics: async () => ({ type: 'text/plain; version=0.0.4; charset=utf-8', text: 'up 1\n' }),
  };
  const server = createHttpServer(options).on('request', createHttp(needs));
  const port = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    store,
    intake,
    clock,
    lock,
    clientDir,
    logged: () => lines.join(''),
    said,
    heard,
    told,
    moderated,
    tests,
    saving,
    reasons,
    post: (body, headers = {}) =>
      fetch(`${url}/api/facts`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
      if (options.folder === undefined) rmSync(folder, { recursive: true });
    },
  };
}

function buildClient(clientDir: string): void {
  mkdirSync(join(clientDir, 'assets'), { recursive: true });
  writeFileSync(join(clientDir, 'index.html'), '<!doctype html><title>wall</title>');
  writeFileSync(join(clientDir, 'assets', 'index-a1b2c3d4.js'), 'export {};');
  writeFileSync(join(clientDir, 'assets', 'overpass-latin-wght-normal-9z8y.woff2'), 'font');
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Writes these bytes on a bare socket, in these pieces, and reads until the other side ends or `until` matches. */
export function rawRequest(
  port: number,
  pieces: readonly (string | Buffer)[],
  until: RegExp = /$^/,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (until.test(heard)) socket.destroy();
    });
    socket.on('close', () => resolve(heard));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(heard) : reject(error),
    );
    const write = (at: number): void => {
      const piece = pieces[at];
      // Each piece in a packet of its own, so that the server sees the cut.
      if (piece !== undefined) socket.write(piece, () => setImmediate(() => write(at + 1)));
    };
    socket.on('connect', () => write(0));
  });
}

/** An offered call, as a sender writes it. */
export function offered(call: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { kind: 'offered', call, at: NOW - 60_000, queue: 'support', ...more };
}
