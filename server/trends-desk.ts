import { MARKS_MAX } from '../shared/wire-trend-notes.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { HttpNeeds } from './http/app.ts';
import type { Intake } from './intake/intake.ts';
import type { Roster } from './intake/roster.ts';
import { localDayOf } from './judge/local-day.ts';
import type { Log } from './log.ts';
import { createTrends, type Trends } from './metrics/trends.ts';
import { Problem } from './problem.ts';
import type { Store } from './store/store.ts';

export interface TrendsDeskNeeds {
  config: Pick<Config, 'trendScopes' | 'site' | 'demo'>;
  clock: Clock;
  log: Log;
  store: Store;
  intake: Pick<Intake, 'saving'>;
  roster: Pick<Roster, 'health'>;
}

/** What the trends page asks and tells. Every command is logged with who gave it. */
export function openTrendsDesk({
  config,
  clock,
  log,
  store,
  intake,
  roster,
}: TrendsDeskNeeds): Pick<HttpNeeds, 'trends'> {
  const { zone } = config.site;
  const trends = trendsOf({ config, clock, store, intake, roster });
  return {
    trends: {
      ...trends,
      async notes({ from, to }) {
        const span = { from: localDayOf(from, zone).from, to: localDayOf(to, zone).to };
        return { now: clock.now(), marks: await store.trendMarks(span, MARKS_MAX) };
      },
      async addNote(note) {
        const added = await store.addNote({ ...note, madeAt: clock.now() });
        log.info({ note: added.id, by: note.by }, 'note added to the trends');
        return added;
      },
      async removeNote({ id, by }) {
        if (!(await store.removeNote(id))) throw new Problem('not_found', `There is no note ${id} any more.`);
        log.info({ note: id, by }, 'note taken from the trends');
      },
    },
  };
}

/** The history as the wall would have told it: for the page, and for the weekly summary. */
export function trendsOf({ config, clock, store, intake, roster }: Omit<TrendsDeskNeeds, 'log'>): Trends {
  return createTrends({
    store,
    scopes: config.trendScopes,
    zone: config.site.zone,
    demo: config.demo,
    now: () => clock.now(),
    health: (now) => roster.health(now),
    notSavedSince: () => intake.saving().notSavedSince,
  });
}
