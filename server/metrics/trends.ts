import type { Scope, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type {
  Comparison,
  HeatmapAnswer,
  Interval,
  TrendFigure,
  TrendScopesAnswer,
  TrendsAnswer,
  WhatIfAnswer,
  WhatIfFigure,
} from '../../shared/wire-trends.ts';
import { dateOf, epochDayOf } from '../judge/local-days.ts';
import type { TrendNotes } from '../store/notes.ts';
import type { Store } from '../store/store.ts';
import type { TrendReads } from '../store/trends.ts';
import { createZoneDays, type ZoneDays } from './trends-days.ts';
import { heatmapOf } from './trends-heatmap.ts';
import { type AsRead, asRead } from './trends-known.ts';
import type { TrendScope } from './trends-scope.ts';
import { seriesOf } from './trends-series.ts';
import { createSteps, type Days, type Steps, type StepsAsked } from './trends-steps.ts';
import { whatIfOf } from './trends-what-if.ts';

/** What is asked of the history; everything in it exists. Dates are ISO local dates, `to` the last day, included. */
export interface SeriesQuery {
  from: string;
  to: string;
  by: Interval;
  figures: readonly TrendFigure[];
  scopes: readonly Scope[];
  against: Comparison;
}

export interface HeatmapQuery {
  from: string;
  to: string;
  figure: HeatmapAnswer['figure'];
  scope: Scope;
}

export interface WhatIfQuery {
  from: string;
  to: string;
  by: WhatIfAnswer['by'];
  figure: WhatIfFigure;
  scope: Scope;
  /** Half-seconds of ring, whole seconds of wait, whole minutes of email. */
  withinMs: number;
}

/** The history of every figure, from the same tallies as the wall's. Nothing here holds the process for long. */
export interface Trends {
  series(query: SeriesQuery): Promise<TrendsAnswer>;
  heatmap(query: HeatmapQuery): Promise<HeatmapAnswer>;
  whatIf(query: WhatIfQuery): Promise<WhatIfAnswer>;
  scopes(): TrendScopesAnswer;
}

export interface TrendsNeeds {
  store: TrendReads & Pick<Store, 'settledIn' | 'openMail' | 'sourceCounts'> & Pick<TrendNotes, 'trendMarks'>;
  scopes: readonly TrendScope[];
  /** IANA zone of the site. */
  zone: string;
  demo: boolean;
  now: () => Instant;
  /** As the wall reads it: how the sources are doing, and since when nothing can be saved. */
  health: (now: Instant) => readonly SourceHealth[];
  notSavedSince: () => Instant | null;
}

/** What every part of an answer is made from. */
export interface Look {
  store: TrendsNeeds['store'];
  zone: ZoneDays;
  stepsOf: (asked: StepsAsked) => Steps;
  /** The scope by its name. @throws RangeError for one that is not there. */
  scopeOf: (scope: Scope) => TrendScope;
  now: Instant;
  read: AsRead;
}

export function createTrends(needs: TrendsNeeds): Trends {
  const { store, scopes, zone, demo } = needs;
  const days = createZoneDays(zone);
  const stepsOf = createSteps(days);
  const byName = new Map(scopes.map((one) => [one.scope, one]));
  const scopeOf = (scope: Scope): TrendScope => {
    const found = byName.get(scope);
    if (found === undefined) throw new RangeError(`There is no "${scope}".`);
    return found;
  };
  const look = (): Look => {
    const now = needs.now();
    const read = asRead(now, needs.health(now), needs.notSavedSince());
    return { store, zone: days, stepsOf, scopeOf, now, read };
  };
  const about = ({ from, to }: { from: string; to: string }, { now }: Look) => ({ now, zone, from, to });
  return {
    async series(query) {
      const own = look();
      return { ...about(query, own), demo, asked: query.by, ...(await seriesOf(own, query, daysOf(query))) };
    },
    async heatmap(query) {
      const own = look();
      return { ...about(query, own), ...(await heatmapOf(own, query, daysOf(query))) };
    },
    async whatIf(query) {
      const own = look();
      return { ...about(query, own), ...(await whatIfOf(own, query, daysOf(query))) };
    },
    scopes() {
      const now = needs.now();
      const told = scopes.map(({ mail: _mail, ...one }) => ({
        ...one,
        figures: [...one.figures],
        targets: { ...one.targets },
        promisedMs: { ...one.promisedMs },
      }));
      return { now, zone, demo, today: dateOf(days.dayOf(now)), scopes: told };
    },
  };
}

function daysOf({ from, to }: { from: string; to: string }): Days {
  return { from: epochDayOf(from), to: epochDayOf(to) };
}
