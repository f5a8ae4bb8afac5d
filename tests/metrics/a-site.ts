import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Fact } from '../../server/fact.ts';
import { createIntake, type Intake } from '../../server/intake/intake.ts';
import { createPrivacy, hashKey } from '../../server/intake/privacy.ts';
import { createCalendar } from '../../server/judge/hours.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import type { WeeklyHours } from '../../server/judge/weekly-hours.ts';
import type { Board } from '../../server/metrics/board.ts';
import { createFigures, type Figures } from '../../server/metrics/figures.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import type { Snapshot, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import { someRules, someTeam } from '../support/some-rules.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

export interface Site {
  clock: TestClock;
  store: () => Store;
  figures: () => Figures;
  /** The newest verdict on each item, as the commits told of it. */
  judged: Map<string, Judged>;
  /** Saves facts of the PBX (or of the source named) and resolves after the commit. */
  say: (facts: readonly Fact[], source?: string) => Promise<void>;
  fold: () => Promise<void>;
  snapshot: (board?: string, health?: readonly SourceHealth[]) => Promise<Snapshot>;
  /** A new process on the same file. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

interface Wanted {
  at: string;
  zone?: string;
  weekly?: WeeklyHours;
  holidays?: readonly string[];
  minSample?: number;
  /** Reads take a few turns of the event loop, as those of a database on another machine do. */
  slow?: boolean;
}

/** A site on a real database and the real intake: team `help` and the site each have a board. */
export async function openSite({
  at,
  zone = 'Europe/London',
  weekly = 'always',
  holidays = [],
  minSample = 5,
  slow = false,
}: Wanted): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  const clock = createTestClock(at);
  const calendar = createCalendar({ zone, weekly, holidays });
  const team = someTeam({ calendar });
  const rules = someRules({
    zone,
    teams: new Map([
      ['help', team],
      ['money', team],
    ]),
    site: team,
  });
  const boards = [
    aBoard('help', { scope: 'team:help', calendar, minSample }),
    aBoard('all', { scope: 'site', calendar, minSample }),
  ];
  const judged = new Map<string, Judged>();
  let running = await start();

  async function start(): Promise<{ store: Store; intake: Intake; figures: Figures }> {
    const store = await openSqliteStore({ file: join(folder, 'first-ring.db') });
    const privacy = createPrivacy({ key: await hashKey(store), rules });
    const intake = createIntake({ store, clock, rules, log: pino({ enabled: false }), privacy });
    const figures = createFigures({
      store: slow ? slowReads(store) : store,
      boards,
      rules,
      zone,
      build: 'b1',
      demo: false,
    });
    intake.onCommit((committed) => {
      for (const { key, after } of committed.items) {
        if (after) judged.set(key, after.judged);
        else judged.delete(key);
      }
      figures.apply(committed);
    });
    return { store, intake, figures };
  }

  return {
    clock,
    store: () => running.store,
    figures: () => running.figures,
    judged,
    say: async (facts, source = 'pbx') => void (await running.intake.save(source, facts)),
    fold: () => running.intake.fold(clock.now()),
    snapshot: async (board = 'help', health = []) => {
      const now = clock.now();
      await running.figures.prepare(now);
      return running.figures.snapshot(board, now, health);
    },
    restart: async () => {
      await running.store.close();
      running = await start();
    },
    close: async () => {
      await running.store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function slowReads(store: Store): Store {
  const slowly = async <T>(read: () => Promise<T>): Promise<T> => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const rows = await read();
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return rows;
  };
  return {
    ...store,
    tallies: (span, scopes) => slowly(() => store.tallies(span, scopes)),
    openItems: () => slowly(() => store.openItems()),
    async *callViews(span) {
      for await (const page of store.callViews(span)) yield await slowly(async () => page);
    },
    settledIn: (span, figures, scopes) => slowly(() => store.settledIn(span, figures, scopes)),
    mentions: (limit) => slowly(() => store.mentions(limit)),
    quote: (at, since) => slowly(() => store.quote(at, since)),
  };
}

export function aBoard(id: string, over: Pick<Board, 'scope' | 'calendar'> & Partial<Board>): Board {
  return {
    id,
    name: id,
    place: null,
    minSample: 5,
    calls: { firstRingTarget: 70, ringPeriodMs: 6_000, serviceLevelTarget: 80, serviceLevelMs: 20_000 },
    callbacks: { target: 80, withinMs: 600_000 },
    emails: { target: 80, withinMs: 3_600_000, clock: 'business' },
    mentions: true,
    names: true,
    chime: null,
    ...over,
  };
}

export function healthOf(id: string, over: Partial<SourceHealth> = {}): SourceHealth {
  return { id, feeds: ['phones'], state: 'live', since: 0, heardAt: 0, trouble: null, ...over };
}

let calls = 0;

interface CallShape {
  /** Offered this long after it arrived. */
  menuMs?: number;
  /** First alert after the offer; null: no phone rings. */
  preRingMs?: number | null;
  /** Pickup after the first alert; null: nobody picks up. */
  ringMs?: number | null;
  /** The end after the offer; null: it goes on. */
  endMs?: number | null;
  number?: string;
}

/** The facts of one call offered to `support` at an instant, answered on the first ring unless said otherwise. */
export function aCall(offered: Instant | string, shape: CallShape = {}): Fact[] {
  const { menuMs = 0, preRingMs = 0, ringMs = 2_000, endMs = 60_000, number = '' } = shape;
  const at = typeof offered === 'string' ? Date.parse(offered) : offered;
  calls += 1;
  const call = `c${calls}`;
  const facts: Fact[] = [
    { kind: 'arrived', call, at: at - menuMs, number },
    { kind: 'offered', call, at, queue: 'support' },
  ];
  if (preRingMs !== null) {
    facts.push({ kind: 'alert', call, at: at + preRingMs, agent: 'a1' });
    if (ringMs !== null) {
      const pickup = at + preRingMs + ringMs;
      facts.push(
        { kind: 'pickup', call, at: pickup, agent: 'a1' },
        { kind: 'bridged', call, at: pickup, agent: 'a1' },
      );
    }
  }
  const why = preRingMs !== null && ringMs !== null ? 'hangup' : 'abandon';
  if (endMs !== null) facts.push({ kind: 'end', call, at: at + endMs, why });
  return facts;
}

/** One customer's email to the team's mailbox. */
export function anEmail(at: Instant | string, id: string): Fact {
  const when = typeof at === 'string' ? Date.parse(at) : at;
  return {
    kind: 'mail_in',
    id: `<${id}@home.example>`,
    at: when,
    from: 'ann@home.example',
    to: ['help@acme.example'],
  };
}

/** Our answer to it. */
export function anAnswer(at: Instant | string, id: string): Fact {
  const when = typeof at === 'string' ? Date.parse(at) : at;
  const to = ['ann@home.example'];
  const refs = [`<${id}@home.example>`];
  return { kind: 'mail_out', id: `<re-${id}@acme.example>`, at: when, from: 'help@acme.example', to, refs };
}
