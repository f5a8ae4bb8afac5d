import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRow, columnsOf, noRows } from '../../server/alerts/replay/columns.ts';
import { type Firing, firingsOf } from '../../server/alerts/replay/firings.ts';
import { type Past, pastOf, risingPast, slowerBurn } from '../../server/alerts/replay/past.ts';
import { lastSum, longestSince, movingSum, standing } from '../../server/alerts/replay/series.ts';
import { allWell, type Compiled, compile, levelOf, type Reading, step } from '../../server/alerts/step.ts';
import { isWorse } from '../../server/alerts/worse.ts';
import type { Stay } from '../../server/judge/history.ts';
import type { AlertRule } from '../../shared/alert.ts';
import type { Tally } from '../../shared/figure.ts';
import { aRule } from './a-rule.ts';

/** A world of a few hundred milliseconds, so that the plain way can look at every one of them. */
const END = 400;

interface Row extends Stay {
  key: string;
}

const rows = fc
  .array(
    fc.record({
      at: fc.nat(END),
      late: fc.nat(30),
      lasts: fc.option(fc.integer({ min: 1, max: 120 }), { freq: 4 }),
      met: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ at, late, lasts, met }, i): Row => {
      const from = at + late;
      const to = lasts === null ? Number.POSITIVE_INFINITY : from + lasts;
      return {
        key: `call/${(i * 7) % 10}/${i}`,
        figure: 'firstRing',
        scope: 'site',
        at,
        from,
        to,
        n: met ? 1 : 0,
        d: 1,
      };
    }),
  );

const holds = fc.record({
  forMs: fc.nat(60),
  clearForMs: fc.nat(40),
  margin: fc.nat(10),
  minItems: fc.nat(4),
});
const hours = fc.constantFrom(null, [
  { from: 20, to: 150 },
  { from: 180, to: 390 },
]);

const columns = (all: readonly Row[]) => {
  const made = noRows();
  for (const { key, ...stay } of all) addRow(made, key, stay);
  return columnsOf(made);
};

/** Looks at every millisecond with a value that is added up anew each time. */
function plainly(
  rule: AlertRule,
  compiled: Compiled,
  open: readonly { from: number; to: number }[] | null,
  read: (at: number) => Reading,
): Firing[] {
  const firings: Firing[] = [];
  let state = allWell;
  let current: Firing | null = null;
  for (let at = 0; at < END; at += 1) {
    const isOpen = open === null || open.some(({ from, to }) => at >= from && at < to);
    const reading = read(at);
    state = isOpen ? step(state, compiled, at, reading) : allWell;
    const level = levelOf(state);
    const value = reading.pairs[0] ?? { n: 0, d: 0 };
    if (level === null) {
      if (current !== null) current.to = at;
      current = null;
    } else if (current === null) {
      current = { from: at, to: null, level, worst: value };
      firings.push(current);
    } else {
      if (level === 'critical') current.level = level;
      if (isWorse(rule, value, current.worst)) current.worst = value;
    }
  }
  return firings;
}

const known = (all: readonly Row[], at: number): Row[] =>
  all.filter((row) => at >= Math.max(row.at, row.from) && at < row.to);
const sum = (all: readonly Row[]): Tally =>
  all.reduce((tally, { n, d }) => ({ n: tally.n + n, d: tally.d + d }), { n: 0, d: 0 });
const within = (all: readonly Row[], at: number, lengthMs: number): Tally =>
  sum(known(all, at).filter((row) => at - row.at <= lengthMs));
const newest = (all: readonly Row[], at: number, items: number): Tally =>
  sum([...known(all, at)].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1)).slice(-items));

const same = (
  rule: AlertRule,
  past: (compiled: Compiled) => Past,
  open: readonly { from: number; to: number }[] | null,
  read: (compiled: Compiled, at: number) => Reading,
): void => {
  const compiled = compile(rule);
  const looks = past(compiled);
  const quick = firingsOf(rule, compiled, looks, { span: { from: 0, to: END }, open });
  const plain = plainly(rule, compiled, open, (at) => read(compiled, at));
  // What grows is at its worst in the instant in which it ends, which no look sees; of two windows one is told.
  const isOther = looks.rises || rule.metric === 'burnRate';
  const told = (all: Firing[]) => (isOther ? all.map(({ worst: _worst, ...firing }) => firing) : all);
  expect(told(quick)).toEqual(told(plain));
};
const one = (pair: Tally): Reading => ({ pairs: [pair], stale: false });

describe('a replay finds what looking at every instant finds', () => {
  it('over a rolling window', () => {
    fc.assert(
      fc.property(rows, holds, hours, fc.integer({ min: 1, max: 120 }), (all, hold, open, length) => {
        const rule = aRule({ ...hold, warning: 60, critical: 40 });
        same(
          rule,
          (compiled) =>
            pastOf(
              movingSum(columns(all), (at) => at + length + 1),
              compiled,
              1,
            ),
          open,
          (_, at) => one(within(all, at, length)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('over the last items', () => {
    fc.assert(
      fc.property(rows, holds, hours, fc.integer({ min: 1, max: 12 }), (all, hold, open, items) => {
        const rule = aRule({ ...hold, warning: 60, critical: 40 });
        same(
          rule,
          (compiled) => pastOf(lastSum(columns(all), items), compiled, 1),
          open,
          (_, at) => one(newest(all, at, items)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of a gauge, and of what grows with time', () => {
    fc.assert(
      fc.property(rows, holds, hours, (all, { forMs, clearForMs }, open) => {
        const waits = all.map((row) => ({
          ...row,
          n: 1,
          d: 0,
          from: row.at,
          to: Math.min(row.to, row.at + 90),
        }));
        const gauge = aRule({
          metric: 'callersWaiting',
          direction: 'above',
          warning: 2,
          critical: 4,
          margin: 1,
          minItems: 0,
          forMs,
          clearForMs,
        });
        same(
          gauge,
          (compiled) => pastOf(standing(columns(waits)), compiled, 1),
          open,
          (_, at) => one({ n: known(waits, at).length, d: 1 }),
        );
        const longest = aRule({
          metric: 'longestWaiting',
          direction: 'above',
          warning: 0.1,
          critical: null,
          margin: 0,
          minItems: 0,
          forMs,
          clearForMs,
        });
        // A tenth of a second is the smallest level: stretched, so that some pass it.
        const slow = waits.map((row) => ({ ...row, to: row.at + 3 * (row.to - row.at) }));
        same(
          longest,
          (compiled) => risingPast(longestSince(columns(slow)), compiled, 1),
          open,
          (_, at) => one({ n: Math.max(0, ...known(slow, at).map((row) => at - row.at)), d: 1 }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('of a burn rate over two windows, the last items standing in for a short one', () => {
    fc.assert(
      fc.property(rows, holds, hours, (all, hold, open) => {
        const rule = aRule({
          ...hold,
          metric: 'burnRate',
          direction: 'above',
          warning: 1.5,
          critical: 3,
          margin: 0.5,
          target: 80,
        });
        const rolling = (length: number) => movingSum(columns(all), (at) => at + length + 1);
        const past = (compiled: Compiled) =>
          pastOf(
            slowerBurn([rolling(120), rolling(10), lastSum(columns(all), 10)], compiled.min),
            { ...compiled, min: 1 },
            1,
          );
        same(rule, past, open, ({ min }, at) => {
          const near = within(all, at, 10);
          return { pairs: [within(all, at, 120), near.d < min ? newest(all, at, 10) : near], stale: false };
        });
      }),
      { numRuns: 300 },
    );
  });
});
