import { setTimeout as wait } from 'node:timers/promises';
import { pastOf } from '../../server/alert-past.ts';
import { createReplays } from '../../server/alerts/replay/replays.ts';
import { systemClock } from '../../server/clock.ts';
import type { Rules } from '../../server/judge/rules.ts';
import type { Store } from '../../server/store/store.ts';
import type { AlertRule } from '../../shared/alert.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { DATA_NOW } from '../large-data.ts';
import { type Measured, type Row, rowFrom } from '../row.ts';
import { quantile } from '../statistics.ts';

const previewing: Measured = {
  name: 'preview of a rule over four weeks',
  unit: 'ms',
  note: '20,000 calls a day, the site as a whole; each time another level, 95th percentile',
  bar: { of: 'value', most: 100 },
};
const windowing: Measured = {
  name: 'preview of a rule over four weeks, another window',
  unit: 'ms',
  note: 'the same, and each time another window, 95th percentile',
  bar: { of: 'value', most: 250 },
};
const reading: Measured = {
  name: 'reading four weeks for the first preview',
  unit: 's',
  note: '560,000 calls, once for each scope and figure',
};
const held: Measured = {
  name: 'the longest that this holds the process',
  unit: 'ms',
  note: 'while four weeks are read and replayed; a timer of one millisecond that came late',
  bar: { of: 'value', most: 20 },
};

export const plain: AlertRule = {
  metric: 'firstRing',
  scope: 'site',
  window: { kind: 'rolling', minutes: 30 },
  direction: 'below',
  warning: 75,
  critical: 65,
  margin: 3,
  minItems: 10,
  forMs: 5 * MINUTE,
  clearForMs: 2 * MINUTE,
  hours: 'always',
  quiet: [],
  wall: true,
  chime: false,
  channels: [],
  says: '',
  on: true,
  target: null,
  source: null,
  board: null,
};

/** What it costs to try a rule on four weeks of calls. */
export async function measurePreviews(
  { store, file, rules }: { store: Store; file: string; rules: Rules },
  previews: number,
): Promise<Row[]> {
  const offset = DATA_NOW - systemClock.now();
  const clock = { ...systemClock, now: () => systemClock.now() + offset };
  const replays = createReplays({
    clock,
    file,
    ...pastOf({ rules, site: { name: '', place: null, zone: 'UTC' } }, store),
  });
  const stopping = new AbortController();
  const running = replays.run(stopping.signal);
  const late = watchTimer(stopping.signal);
  const from = performance.now();
  let answer = await replays.preview(plain);
  while (answer.state === 'reading') {
    await wait(20);
    answer = await replays.preview(plain);
  }
  if (answer.state !== 'ready') throw new Error(answer.said);
  const readMs = performance.now() - from;
  const time = async (rule: AlertRule): Promise<number> => {
    const began = performance.now();
    const found = await replays.preview(rule);
    if (found.state !== 'ready') throw new Error(found.said);
    return performance.now() - began;
  };
  const levels: number[] = [];
  for (let i = 0; i < previews; i += 1)
    levels.push(await time({ ...plain, warning: 60 + (i % 300) / 10, critical: 40 }));
  const windows: number[] = [];
  for (let i = 0; i < Math.ceil(previews / 5); i += 1)
    windows.push(await time({ ...plain, window: { kind: 'rolling', minutes: 15 + i } }));
  stopping.abort();
  await running;
  return [
    rowFrom(previewing, quantile(levels, 0.95), null),
    rowFrom(windowing, quantile(windows, 0.95), null),
    rowFrom(reading, readMs / SECOND, null),
    rowFrom(held, await late, null),
  ];
}

/** How late a timer of one millisecond ever came. */
async function watchTimer(stop: AbortSignal): Promise<number> {
  let most = 0;
  while (!stop.aborted) {
    const from = performance.now();
    await wait(1);
    most = Math.max(most, performance.now() - from - 1);
  }
  return most;
}
