import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRecorder, REASONS_MAX } from '../../server/intake/record.ts';
import { openRoster, type Roster } from '../../server/intake/roster.ts';
import { TEST_WITHIN_MS } from '../../server/intake/test-source.ts';
import { Problem } from '../../server/problem.ts';
import type { Run, Source } from '../../server/sources/source.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const start = Date.parse('2026-03-10T10:00:00Z');

let folder: ReturnType<typeof temporaryFolder>;
let opened: AnIntake;
let roster: Roster;
let running: Map<string, Run>;

const untilStopped = (run: Run): Promise<void> =>
  new Promise((resolve) => run.stop.addEventListener('abort', () => resolve()));
const aSource = (id: string, more: Partial<Source> = {}): Source => ({
  id,
  feeds: ['phones'],
  lateAfterMs: 15 * SECOND,
  lostAfterMs: 60 * SECOND,
  async run(run) {
    running.set(id, run);
    await untilStopped(run);
  },
  ...more,
});
const offered = (call: string, at: number) => ({ kind: 'offered', call, at, queue: 'support' }) as const;

const open = async (...sources: Source[]): Promise<void> => {
  const { store, clock, log, intake } = opened;
  const sender = { source: 'desk', feeds: ['emails'], lateAfterMs: null, lostAfterMs: null } as const;
  roster = await openRoster({ store, clock, log, senders: [sender] });
  await roster.start(sources, { intake, changed: () => undefined });
  await clock.advance(0);
};

beforeEach(async () => {
  folder = temporaryFolder();
  opened = await openIntake(`${folder.path}/data.sqlite`, { at: start });
  running = new Map();
});
afterEach(async () => {
  await roster.stop();
  await opened[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('the roster', () => {
  it('knows the newest fact of a source, when it was saved, and both after a restart', async () => {
    await open(aSource('pbx'));
    expect(roster.record('pbx')).toEqual({ lastFact: null, refusals: [], lastTrouble: null });
    const run = running.get('pbx');
    opened.clock.set(start + SECOND);
    await run?.deliver([offered('c1', start), offered('c2', start - MINUTE)], 'a');
    opened.clock.set(start + 2 * SECOND);
    await run?.deliver([offered('c3', start - 1)], 'b');
    const lastFact = { at: start, savedAt: start + SECOND };
    expect(roster.record('pbx').lastFact).toEqual(lastFact);
    opened.clock.set(start + 3 * SECOND);
    await run?.deliver([offered('c4', start + 2 * SECOND)], 'c');
    await roster.stop();
    await open(aSource('pbx'));
    expect(roster.record('pbx').lastFact).toEqual({ at: start + 2 * SECOND, savedAt: start + 3 * SECOND });
  });

  it('counts nothing that could not be saved as told', async () => {
    const { store, clock, log } = opened;
    roster = await openRoster({ store, clock, log, senders: [] });
    const intake = {
      ...opened.intake,
      save: () => Promise.reject(new Problem('unavailable', 'The disk is full.')),
    };
    await roster.start([aSource('pbx')], { intake, changed: () => undefined });
    await clock.advance(0);
    await expect(running.get('pbx')?.deliver([offered('c1', start)])).rejects.toThrow('full');
    expect(roster.record('pbx').lastFact).toBeNull();
  });

  it('keeps why messages were refused, and the last trouble after it is over', async () => {
    let runs = 0;
    await open(
      aSource('pbx', {
        async run(run) {
          runs += 1;
          running.set('pbx', run);
          run.live();
          if (runs === 1) throw new Error('The PBX closed the connection.');
          await untilStopped(run);
        },
      }),
    );
    await opened.clock.advance(MINUTE);
    running.get('pbx')?.refuse('a line was too long');
    running.get('pbx')?.refuse('a line was too long');
    expect(roster.record('pbx')).toMatchObject({
      refusals: [{ reason: 'a line was too long', count: 2, at: start + MINUTE }],
      lastTrouble: { text: 'The PBX closed the connection.', at: start },
    });
    roster.told('desk', { facts: [offered('c', start)], refused: ['agent is missing'] });
    expect(roster.record('desk')).toMatchObject({
      refusals: [{ reason: 'agent is missing' }],
      lastFact: { at: start },
    });
    expect(roster.record('nobody').refusals).toEqual([]);
  });

  it('lets a source that fails, or never ends, disturb no other', async () => {
    await open(
      aSource('broken', { run: () => Promise.reject(new Error('no')) }),
      aSource('well'),
      aSource('bug', {
        run() {
          throw new TypeError('undefined is not a function');
        },
      }),
    );
    await opened.clock.advance(5 * MINUTE);
    running.get('well')?.live();
    await running.get('well')?.deliver([offered('c1', start)], 'on');
    const states = Object.fromEntries(roster.health(opened.clock.now()).map(({ id, state }) => [id, state]));
    expect(states).toEqual({ broken: 'lost', well: 'live', bug: 'lost', desk: 'waiting' });
    expect(await opened.store.cursor('well')).toBe('on');
  });

  it('never runs a source twice at a time, however fast it fails, and stops it before it resolves', async () => {
    let up = 0;
    let most = 0;
    let times = 0;
    await open(
      aSource('pbx', {
        async run(run) {
          times += 1;
          up += 1;
          most = Math.max(most, up);
          try {
            if (times < 6) await Promise.reject(new Error('cut'));
            await untilStopped(run);
          } finally {
            await new Promise((resolve) => setImmediate(resolve));
            up -= 1;
          }
        },
      }),
    );
    await opened.clock.advance(5 * MINUTE);
    expect([times, most, up]).toEqual([6, 1, 1]);
    await roster.stop();
    expect(up).toBe(0);
  });

  it('says since when a source is live, however often it is heard', async () => {
    await open(aSource('pbx'));
    const since = (): unknown => roster.health(opened.clock.now()).find(({ id }) => id === 'pbx')?.since;
    running.get('pbx')?.live();
    for (let i = 0; i < 10; i += 1) {
      opened.clock.set(opened.clock.now() + 5 * SECOND);
      running.get('pbx')?.live();
    }
    expect(since()).toBe(start);
    opened.clock.set(opened.clock.now() + 20 * SECOND);
    expect(since()).toBe(start + 65 * SECOND);
    running.get('pbx')?.live();
    expect(since()).toBe(start + 70 * SECOND);
  });
});

describe('the test of a connection', () => {
  it('says what was found, and how long that took', async () => {
    await open(
      aSource('pbx', {
        async check() {
          opened.clock.set(opened.clock.now() + 40);
          return 'All is well.';
        },
      }),
    );
    expect(roster.hasTest('pbx')).toBe(true);
    expect(await roster.test('pbx')).toEqual({ ok: true, said: 'All is well.', tookMs: 40 });
  });

  it('says what is wrong; a bug is logged, a Problem is not', async () => {
    let thrown: Error = new Problem('forbidden', 'The password is wrong: set it anew.');
    await open(aSource('pbx', { check: () => Promise.reject(thrown) }));
    expect(await roster.test('pbx')).toMatchObject({
      ok: false,
      said: 'The password is wrong: set it anew.',
    });
    expect(opened.log.errors).toEqual([]);
    thrown = new TypeError('undefined is not a function');
    expect(await roster.test('pbx')).toMatchObject({ ok: false });
    expect(opened.log.errors).toHaveLength(1);
  });

  it('runs once at a time for a source, and for another beside it', async () => {
    const gate = Promise.withResolvers<string>();
    await open(
      aSource('pbx', { check: () => gate.promise }),
      aSource('branch', { check: async () => 'Well.' }),
    );
    const first = roster.test('pbx');
    await expect(roster.test('pbx')).rejects.toMatchObject({ code: 'too_many' });
    expect(await roster.test('branch')).toMatchObject({ said: 'Well.' });
    gate.resolve('Done.');
    expect(await first).toMatchObject({ said: 'Done.' });
    expect(await roster.test('pbx')).toMatchObject({ said: 'Done.' });
  });

  it('is over after a while, and the source is told to stop', async () => {
    let told: AbortSignal | null = null;
    await open(
      aSource('pbx', {
        check(stop) {
          told = stop;
          return new Promise(() => undefined);
        },
      }),
    );
    const found = roster.test('pbx');
    await opened.clock.advance(TEST_WITHIN_MS);
    expect(await found).toMatchObject({ ok: false, said: expect.stringContaining('No answer within 20 s') });
    expect((told as AbortSignal | null)?.aborted).toBe(true);
  });

  it('is not there for a source that sends to us, has none, or is none', async () => {
    await open(aSource('pbx'));
    expect([roster.hasTest('pbx'), roster.hasTest('desk')]).toEqual([false, false]);
    await expect(roster.test('pbx')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(roster.test('desk')).rejects.toThrow('sends to us');
    await expect(roster.test('nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the record of refusals', () => {
  it('is bounded, keeps what was heard of last, and takes one reason of different moments for one', () => {
    const recorder = createRecorder({ before: null, keep: () => undefined });
    for (let i = 0; i < REASONS_MAX + 5; i += 1) recorder.refused(`reason ${i}`, start + i);
    recorder.refused('reason 7', start + MINUTE);
    const { refusals } = recorder.read();
    expect(refusals).toHaveLength(REASONS_MAX);
    expect(refusals[0]).toEqual({ reason: 'reason 7', count: 2, at: start + MINUTE });
    for (const day of ['01', '02', '03'])
      recorder.refused(`at: 2027-01-${day}T10:00:00.000Z is more than ahead`, start);
    expect(recorder.read().refusals[0]).toMatchObject({ count: 3 });
    const example = 'at must be ISO 8601 with a zone (2026-11-23T09:30:00Z), in the years 2000 to 2099';
    recorder.refused(example, start);
    expect(recorder.read().refusals[0]?.reason).toBe(example);
    recorder.refused('x'.repeat(10_000), start);
    expect(recorder.read().refusals[0]?.reason.length).toBeLessThanOrEqual(200);
  });
});
