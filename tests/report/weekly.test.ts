import { describe, expect, it } from 'vitest';
import type { Log } from '../../server/log.ts';
import {
  createWeekly,
  LOOK_EVERY_MS,
  SUBSCRIBERS_MAX,
  TRIES_MAX,
  type Weekly,
} from '../../server/report/weekly.ts';
import { MailProblem } from '../../server/smtp/mail-problem.ts';
import type { Mail } from '../../server/smtp/send-mail.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { aWeek, HEATMAPS, MONDAY, ZONE } from './a-summary.ts';

const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** Monday 16 November, seven in the morning in New York. */
const DUE = MONDAY + 7 * DAY + 7 * HOUR;

interface Bench extends AsyncDisposable {
  clock: TestClock;
  store: Store;
  weekly: Weekly;
  /** What the mail server took. */
  taken: Mail[];
  asked: { period: string; scope: string }[];
  logged: unknown[][];
  /** What it does with the next mails: takes them, or throws. */
  server: { meet: (mail: Mail) => void | Promise<void>; closed: Promise<void> };
  subscribe(address: string, scope?: 'site' | 'team:help'): Promise<number>;
  states(): Promise<[state: string, tries: number, trouble: string | null][]>;
  /** Lets it look, as often as it would until `at`. */
  until(at: number): Promise<void>;
  /** Ends it as a machine that is switched off does, and starts it again on the same database. */
  restart(): Promise<void>;
}

/** The weekly summary over a real database, with a mail server of the test's. */
async function aBench(start: number): Promise<Bench> {
  const folder = temporaryFolder();
  const file = `${folder.path}/first-ring.sqlite`;
  const clock = createTestClock(start);
  const logged: unknown[][] = [];
  const kept = (...said: unknown[]): void => void logged.push(said);
  const none = (): void => undefined;
  const log: Log = { debug: none, info: none, warn: kept, error: kept, fatal: kept };
  const taken: Mail[] = [];
  const asked: Bench['asked'] = [];
  let close: () => void = none;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const server: Bench['server'] = { meet: () => undefined, closed };
  let scopes = ['site', 'team:help'];
  const open = async () => {
    const store = await openSqliteStore({ file });
    const stop = new AbortController();
    const weekly = createWeekly({
      store,
      clock,
      log,
      site: 'Harbor Health',
      zone: ZONE,
      due: { weekday: 0, minute: 420 },
      url: 'https://wall.harbor.example',
      font: async () => null,
      trends: {
        async series({ from, to, scopes: [scope = ''] }) {
          asked.push({ period: `${from} ${to}`, scope });
          // Without a promise nothing is drawn, which is tested elsewhere and takes a thread each time.
          return aWeek({ from, to, series: [] });
        },
        heatmap: async ({ figure }) => HEATMAPS.find((one) => one.figure === figure) ?? HEATMAPS[0]!,
        scopes: () => ({
          now: clock.now(),
          zone: ZONE,
          demo: false,
          today: '2026-11-16',
          scopes: scopes.map((scope) => ({
            scope,
            name: scope,
            kind: 'site' as const,
            team: null,
            figures: ['firstRing' as const, 'emailsWithinHour' as const],
            minSample: 5,
            targets: {},
            promisedMs: {},
          })),
        }),
      },
      smtp: {
        async send(mail) {
          await server.meet(mail);
          taken.push(mail);
        },
        close: () => close(),
      },
    });
    return { store, stop, weekly, running: weekly.run(stop.signal) };
  };
  let now = await open();
  const end = async (): Promise<void> => {
    now.stop.abort();
    await now.running;
    await now.store.close();
  };
  const settled = async (): Promise<void> => {
    // Charts are drawn on a thread: real time, which the test clock knows nothing of.
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      quiet = clock.sleepers > 0 ? quiet + 1 : 0;
    }
  };
  await settled();
  return {
    clock,
    taken,
    asked,
    logged,
    server,
    get store() {
      return now.store;
    },
    get weekly() {
      return now.weekly;
    },
    subscribe: async (address, scope = 'site') =>
      (await now.weekly.subscribe({ address, scope, by: 'Ann' })).id,
    states: async () =>
      (await now.store.subscribers()).map(({ state, tries, trouble }) => [state, tries, trouble]),
    async until(at) {
      // A night is not looked through in half-minutes: what is due is due at the next look, whenever that is.
      clock.set(Math.max(clock.now(), at - 2 * LOOK_EVERY_MS));
      while (clock.now() < at) {
        await clock.advance(Math.min(at - clock.now(), LOOK_EVERY_MS));
        await settled();
      }
    },
    async restart() {
      await end();
      now = await open();
      await settled();
    },
    async [Symbol.asyncDispose]() {
      scopes = [];
      await end();
      folder[Symbol.dispose]();
    },
  };
}

const passing = (): never => {
  throw new MailProblem('It is busy.', { lasting: false });
};

describe('the weekly summary', () => {
  it('sends nothing to somebody who leaves while the round is under way', async () => {
    await using bench = await aBench(DUE - DAY);
    await bench.subscribe('ann@harbor.example');
    const leaving = await bench.subscribe('bob@harbor.example');
    await bench.subscribe('cem@harbor.example');
    bench.server.meet = async () => void (await bench.store.removeSubscriber({ id: leaving }));
    await bench.until(DUE + MINUTE);
    expect(bench.taken.map(({ to }) => to)).toEqual(['ann@harbor.example', 'cem@harbor.example']);
  });

  it('goes out on Monday at seven, of the week before, once', async () => {
    await using bench = await aBench(DUE - DAY);
    await bench.subscribe('boss@harbor.example');
    await bench.until(DUE - 1);
    expect(bench.taken).toEqual([]);
    await bench.until(DUE + LOOK_EVERY_MS);
    expect(bench.taken.map(({ to, at }) => [to, at >= DUE])).toEqual([['boss@harbor.example', true]]);
    expect(bench.asked).toEqual([{ period: '2026-11-09 2026-11-15', scope: 'site' }]);
    await bench.until(DUE + 3 * DAY);
    await bench.restart();
    await bench.until(DUE + WEEK - 1);
    expect(bench.taken).toHaveLength(1);
    await bench.until(DUE + WEEK + LOOK_EVERY_MS);
    expect(bench.taken).toHaveLength(2);
    expect(bench.taken[0]?.messageId).not.toBe(bench.taken[1]?.messageId);
  });

  it('is not sent for a week that was over before somebody asked for it', async () => {
    await using bench = await aBench(DUE + 2 * DAY);
    await bench.subscribe('new@harbor.example');
    await bench.until(DUE + WEEK - 1);
    expect(bench.taken).toEqual([]);
    await bench.until(DUE + WEEK + LOOK_EVERY_MS);
    expect(bench.taken).toHaveLength(1);
  });

  it('is caught up with after days without power', async () => {
    await using bench = await aBench(DUE - HOUR);
    await bench.subscribe('boss@harbor.example');
    bench.clock.set(DUE + 4 * DAY);
    await bench.restart();
    expect(bench.taken).toHaveLength(1);
    expect(bench.asked.at(-1)?.period).toBe('2026-11-09 2026-11-15');
  });

  it('is sent again under the same name when nobody knows whether it was taken, and not in haste', async () => {
    await using bench = await aBench(DUE - HOUR);
    await bench.subscribe('boss@harbor.example');
    const sent: Mail[] = [];
    // The mail is taken, and then the power goes: what was to be written after is not.
    bench.server.meet = async (mail) => {
      sent.push(mail);
      await bench.store.pause(async () => new Promise((resolve) => setTimeout(resolve, 1)));
      throw new Error('the power is gone');
    };
    await bench.until(DUE + LOOK_EVERY_MS);
    expect(sent).toHaveLength(1);
    await bench.restart();
    expect(sent).toHaveLength(1);
    bench.server.meet = () => undefined;
    await bench.until(DUE + 5 * MINUTE);
    expect(bench.taken.map(({ messageId }) => messageId)).toEqual([sent[0]?.messageId]);
    expect(bench.logged).toHaveLength(1);
  });

  it('is tried again later and later while the mail server is busy, and everybody waits for it', async () => {
    await using bench = await aBench(DUE - HOUR);
    await bench.subscribe('a@harbor.example');
    await bench.subscribe('b@harbor.example', 'team:help');
    const tried: [string, number][] = [];
    bench.server.meet = ({ to }) => {
      tried.push([to, Math.round((bench.clock.now() - DUE) / MINUTE)]);
      passing();
    };
    for (let minute = 1; minute < 600; minute = Math.ceil(minute * 1.3))
      await bench.until(DUE + minute * MINUTE);
    // One of the two meets it each time; the other is told.
    expect(tried.length).toBeGreaterThan(5);
    expect(tried.length).toBeLessThan(13);
    const waits = tried.slice(1).map(([, at], i) => at - (tried[i]?.[1] ?? 0));
    expect(waits[0]).toBeLessThan(4);
    expect(waits.at(-1)).toBeGreaterThan(60);
    const states = await bench.states();
    expect(states.map(([state, , trouble]) => [state, trouble])).toEqual([
      ['due', 'It is busy.'],
      ['due', 'It is busy.'],
    ]);
    bench.server.meet = () => undefined;
    await bench.until(bench.clock.now() + 3 * HOUR);
    expect(bench.taken.map(({ to }) => to).sort()).toEqual(['a@harbor.example', 'b@harbor.example']);
    expect((await bench.states()).map(([state, , trouble]) => [state, trouble])).toEqual([
      ['sent', null],
      ['sent', null],
    ]);
  });

  it('is given up for who is refused for good, and the others get theirs', async () => {
    await using bench = await aBench(DUE - HOUR);
    for (const name of ['a', 'gone', 'b']) await bench.subscribe(`${name}@harbor.example`);
    let refused = 0;
    bench.server.meet = ({ to }) => {
      if (!to.startsWith('gone')) return;
      refused += 1;
      throw new MailProblem('The mail server refuses this address.', { lasting: true, ofRecipient: true });
    };
    await bench.until(DUE + LOOK_EVERY_MS);
    await bench.until(DUE + 3 * DAY);
    expect(bench.taken.map(({ to }) => to)).toEqual(['a@harbor.example', 'b@harbor.example']);
    expect(refused).toBe(1);
    expect((await bench.states())[1]).toEqual(['failed', 1, 'The mail server refuses this address.']);
    // The week after is another try.
    await bench.until(DUE + WEEK + LOOK_EVERY_MS);
    expect(refused).toBe(2);
  });

  it('waits an hour when the login is refused, so that no account is locked', async () => {
    await using bench = await aBench(DUE - HOUR);
    for (const name of ['a', 'b', 'c']) await bench.subscribe(`${name}@harbor.example`);
    const tried: number[] = [];
    bench.server.meet = () => {
      tried.push(bench.clock.now());
      throw new MailProblem('The mail server refuses the login.', { lasting: true });
    };
    await bench.until(DUE + LOOK_EVERY_MS);
    await bench.until(DUE + 50 * MINUTE);
    expect(tried).toHaveLength(1);
    expect((await bench.states()).map(([state, , trouble]) => [state, trouble])).toEqual(
      Array(3).fill(['due', 'The mail server refuses the login.']),
    );
    bench.server.meet = () => undefined;
    await bench.until(DUE + 70 * MINUTE);
    expect(bench.taken).toHaveLength(3);
  });

  it('is given up after two days of trying', async () => {
    await using bench = await aBench(DUE - HOUR);
    const id = await bench.subscribe('boss@harbor.example');
    bench.server.meet = passing;
    await bench.until(DUE + LOOK_EVERY_MS);
    const [own] = await bench.store.subscribers();
    expect(own?.state).toBe('due');
    await bench.store.setProgress(id, { ...own!, tries: TRIES_MAX - 1, nextAt: bench.clock.now() });
    await bench.until(bench.clock.now() + LOOK_EVERY_MS);
    expect(await bench.states()).toEqual([['failed', TRIES_MAX, 'It is busy.']]);
  });

  it('is made once for all who want the same', async () => {
    await using bench = await aBench(DUE - HOUR);
    for (const name of ['a', 'b', 'c']) await bench.subscribe(`${name}@harbor.example`);
    await bench.subscribe('a@harbor.example', 'team:help');
    await bench.until(DUE + LOOK_EVERY_MS);
    expect(bench.taken).toHaveLength(4);
    expect(bench.asked.map(({ scope }) => scope)).toEqual(['site', 'team:help']);
    expect(new Set(bench.taken.map(({ messageId }) => messageId)).size).toBe(4);
    expect(new Set(bench.taken.map(({ headers }) => headers?.['List-Unsubscribe'])).size).toBe(4);
  });

  it('does not send to who left while it was being sent', async () => {
    await using bench = await aBench(DUE - HOUR);
    const id = await bench.subscribe('a@harbor.example');
    bench.server.meet = async () => {
      await bench.store.removeSubscriber({ id });
    };
    await bench.until(DUE + LOOK_EVERY_MS);
    await bench.until(DUE + DAY);
    expect(bench.taken).toHaveLength(1);
    expect(await bench.store.subscribers()).toEqual([]);
  });

  it('is sent at once when somebody asks, beside the weekly one, and says why not', async () => {
    await using bench = await aBench(DUE - HOUR);
    const id = await bench.subscribe('boss@harbor.example');
    await bench.weekly.sendNow(id);
    expect(bench.taken).toHaveLength(1);
    expect(bench.asked.at(-1)?.period).toBe('2026-11-02 2026-11-08');
    await bench.until(DUE + LOOK_EVERY_MS);
    expect(bench.taken).toHaveLength(2);
    bench.server.meet = passing;
    await expect(bench.weekly.sendNow(id)).rejects.toThrow('It is busy.');
    await expect(bench.weekly.sendNow(id + 1)).rejects.toMatchObject({ code: 'not_found' });
    expect(await bench.states()).toEqual([['sent', 1, null]]);
  });

  it('makes good a week that was given up, when somebody asks for it', async () => {
    await using bench = await aBench(DUE - HOUR);
    const id = await bench.subscribe('boss@harbor.example');
    bench.server.meet = () => {
      throw new MailProblem('No.', { lasting: true, ofRecipient: true });
    };
    await bench.until(DUE + LOOK_EVERY_MS);
    expect(await bench.states()).toEqual([['failed', 1, 'No.']]);
    bench.server.meet = () => undefined;
    await bench.weekly.sendNow(id);
    expect(await bench.states()).toEqual([['sent', 1, null]]);
  });

  it('ends at once when it is told to, whatever the mail server does', async () => {
    const bench = await aBench(DUE - HOUR);
    await bench.subscribe('boss@harbor.example');
    const asked = new Promise<void>((resolve) => {
      bench.server.meet = () => {
        resolve();
        return bench.server.closed.then(() => {
          throw new MailProblem('It was broken off.', { lasting: false });
        });
      };
    });
    bench.clock.set(DUE);
    await bench.clock.advance(LOOK_EVERY_MS);
    await asked;
    await bench[Symbol.asyncDispose]();
    expect(bench.logged).toEqual([]);
  });

  it('takes an address once for each scope, and not without end', async () => {
    await using bench = await aBench(DUE - HOUR);
    await bench.subscribe('a@harbor.example');
    await expect(bench.subscribe('a@harbor.example')).rejects.toMatchObject({ code: 'invalid' });
    await bench.subscribe('a@harbor.example', 'team:help');
    for (let i = 2; i < SUBSCRIBERS_MAX; i += 1) await bench.subscribe(`n${i}@harbor.example`);
    await expect(bench.subscribe('last@harbor.example')).rejects.toMatchObject({ code: 'too_many' });
    await expect(bench.weekly.subscribe({ address: 'x@y', scope: 'team:none', by: 'Ann' })).rejects.toThrow(
      'there is no "team:none"',
    );
  });
});
