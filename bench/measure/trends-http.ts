import type { TrendsAnswer, WhatIfAnswer } from '../../shared/wire-trends.ts';
import type { Asker } from '../ask-json.ts';
import type { Child } from '../child.ts';
import { heldUp, watchLoopOf } from '../held-up.ts';
import type { Counted } from '../process/rows.ts';
import { type Measured, type Round, type Row, rowFrom, rowOf } from '../row.ts';
import { count, DUCKDB } from '../rows-counted.ts';
import type { MeasuredServer } from '../site.ts';
import { median } from '../statistics.ts';
import {
  drills,
  monthByHour,
  monthOfOneQueue,
  mustAgree,
  p90Rows,
  pairRows,
  repliesByDay,
  seriesPath,
  WITHIN_MS,
  whatIfMail,
  whatIfRing,
  whatIfRows,
  yearByDay,
} from '../trend-questions.ts';

const yearHttp: Measured = {
  name: 'trends: the same over HTTP',
  unit: 'ms',
  note: `GET /api/trends of the whole server, to the last byte; ${DUCKDB}, alone`,
  bar: { of: 'ratio', most: 0.2 },
};
const yearPlain: Measured = {
  name: 'trends: the same in SQLite',
  unit: 'ms',
  note: 'once: over HTTP; floor: SQLite, GROUP BY over the same rows',
};
const hours: Measured = {
  name: 'trends: a month of one queue by hour',
  unit: 'ms',
  note: `over HTTP; ${DUCKDB}`,
  bar: { of: 'value', most: 5 },
};
const whatIf: Measured = {
  name: 'trends: what if 10 s of ring, a year',
  unit: 'ms',
  note: `the site by day, over HTTP; ${DUCKDB}`,
  bar: { of: 'value', most: 50 },
};
const whatIfEmails: Measured = {
  name: 'trends: what if half an hour for emails, a year',
  unit: 'ms',
  note: 'the site by day, over HTTP',
  bar: { of: 'value', most: 50 },
};
const firstPage: Measured = {
  name: 'trends: the first page behind a figure, slowest kind',
  unit: 'ms',
  note: 'over HTTP, by time; of a day and of a month, of a queue and of the site, of calls and of emails',
  bar: { of: 'value', most: 20 },
};
const turn: Measured = {
  name: 'trends: most computed in one turn meanwhile',
  unit: 'ms',
  note: 'main thread of the server, all of the above one after the other and then all at once',
  bar: { of: 'value', most: 20 },
};
export const httpRows: readonly Measured[] = [
  yearHttp,
  yearPlain,
  hours,
  whatIf,
  whatIfEmails,
  firstPage,
  turn,
];

/** Asked of the whole server, in turn with DuckDB; every answer must be what the others count. */
export async function measureHttp(
  server: MeasuredServer,
  asker: Asker,
  others: Child,
  rounds: number,
): Promise<Row[]> {
  const plain = await agreeing(asker, others);
  await watchLoopOf(server);
  const found: Record<'year' | 'hours' | 'ring' | 'mail', Round[]> = {
    year: [],
    hours: [],
    ring: [],
    mail: [],
  };
  for (let round = 0; round <= rounds; round += 1) {
    const rows = {
      year: await next(asker, seriesPath(yearByDay), await count(others, 'duckdb', { what: 'firstRing' })),
      hours: await next(asker, seriesPath(monthByHour), await count(others, 'duckdb', monthOfOneQueue)),
      ring: await next(
        asker,
        whatIfRing,
        await count(others, 'duckdb', { what: 'whatIf', withinMs: WITHIN_MS }),
      ),
      mail: await next(asker, whatIfMail, null),
    };
    if (round === 0) continue;
    for (const name of ['year', 'hours', 'ring', 'mail'] as const) found[name].push(rows[name]);
  }
  const pages = await firstPages(asker, rounds);
  const together = [seriesPath(yearByDay), seriesPath(repliesByDay), whatIfRing, whatIfMail];
  await Promise.all([...together, ...drills.map(({ path }) => path)].map((path) => asker.ask(path)));
  const { delayMs, workMs } = await heldUp(server);
  return [
    rowOf(yearHttp, found.year),
    rowOf(yearPlain, [plain]),
    rowOf(hours, found.hours),
    rowOf(whatIf, found.ring),
    rowOf(whatIfEmails, found.mail),
    rowFrom({ ...firstPage, note: `${firstPage.note}; slowest: ${pages.name}` }, pages.ms, null),
    rowFrom(
      { ...turn, note: `${turn.note}; the loop was held ${delayMs.toFixed(0)} ms by the clock` },
      workMs,
      null,
    ),
  ];
}

async function next(asker: Asker, path: string, floor: Counted | null): Promise<Round> {
  const { ms } = await asker.ask(path);
  return floor === null ? { value: ms } : { value: ms, floor: floor.ms };
}

/** Holds every answer against the other databases'; the ms of the year, and SQLite's. */
async function agreeing(asker: Asker, others: Child): Promise<Round> {
  const whole = await asker.ask<TrendsAnswer>(seriesPath(yearByDay));
  const plain = await count(others, 'sqlite', { what: 'firstRing' });
  mustAgree('a year by day in SQLite', pairRows(whole.answer), plain.rows);
  const columnar = await count(others, 'duckdb', { what: 'firstRing' });
  mustAgree('a year by day in DuckDB', pairRows(whole.answer), columnar.rows);
  const month = await asker.ask<TrendsAnswer>(seriesPath(monthByHour));
  for (const which of ['sqlite', 'duckdb'] as const)
    mustAgree(
      `a month by hour in ${which}`,
      pairRows(month.answer),
      (await count(others, which, monthOfOneQueue)).rows,
    );
  const ranked = await asker.ask<TrendsAnswer>(seriesPath(repliesByDay));
  mustAgree(
    'p90 in DuckDB',
    p90Rows(ranked.answer),
    (await count(others, 'duckdb', { what: 'replies' })).rows,
  );
  const judged = await asker.ask<WhatIfAnswer>(whatIfRing);
  const asked = { what: 'whatIf', withinMs: WITHIN_MS } as const;
  mustAgree('what if in DuckDB', whatIfRows(judged.answer), (await count(others, 'duckdb', asked)).rows);
  // Once more, now that all of it was read before.
  const { ms } = await asker.ask(seriesPath(yearByDay));
  return { value: ms, floor: plain.ms };
}

/** The slowest kind of page by its median. */
async function firstPages(asker: Asker, rounds: number): Promise<{ name: string; ms: number }> {
  const medians: { name: string; ms: number }[] = [];
  for (const { name, path } of drills) {
    const took: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const { ms } = await asker.ask(path);
      if (round > 0) took.push(ms);
    }
    medians.push({ name, ms: median(took) });
  }
  return medians.reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
}
