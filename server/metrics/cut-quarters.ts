import type { FigureId, Scope, Tally } from '../../shared/figure.ts';
import { type Instant, QUARTER_HOUR, quarterOf } from '../../shared/time.ts';
import type { Settled } from '../judge/verdict.ts';
import type { Store, TallyDelta } from '../store/store.ts';

/** Figures that are compared with last week. */
const COMPARED: readonly FigureId[] = ['firstRing', 'emailsWithinHour'];

/**
 * The verdicts of the quarter-hours that a comparison cuts, to the millisecond. One is read once per quarter-hour, and
 * again when a commit restates it.
 */
export interface CutQuarters {
  /** What was counted from the start of the quarter-hour of `cutAt` to `cutAt`; null, and noted, when not read yet. */
  upTo(scope: Scope, figure: FigureId, cutAt: Instant): Tally | null;
  /** Reads the quarter-hours of these cuts and those noted, unless they are there. */
  read(cutsAt: readonly Instant[]): Promise<void>;
  /** True when every noted quarter-hour has been read. */
  ready(): boolean;
  restated(delta: TallyDelta): void;
  forget(): void;
}

/** Nothing read yet. */
export function createCutQuarters(store: Store, scopes: readonly Scope[]): CutQuarters {
  const read = new Map<Instant, Settled[]>();
  const noted = new Set<Instant>();
  /** The one being read; null when a commit has restated it meanwhile. */
  let reading: Instant | null = null;
  return {
    upTo(scope, figure, cutAt) {
      const quarter = quarterOf(cutAt);
      if (cutAt === quarter) return { n: 0, d: 0 };
      const verdicts = read.get(quarter);
      if (!verdicts) {
        noted.add(quarter);
        return null;
      }
      const sum = { n: 0, d: 0 };
      for (const verdict of verdicts) {
        if (verdict.at >= cutAt || verdict.scope !== scope || verdict.figure !== figure) continue;
        sum.n += verdict.n;
        sum.d += verdict.d;
      }
      return sum;
    },
    async read(cutsAt) {
      for (const quarter of new Set([...cutsAt.map(quarterOf), ...noted])) {
        while (!read.has(quarter)) {
          reading = quarter;
          const span = { from: quarter, to: quarter + QUARTER_HOUR };
          const verdicts = await store.settledIn(span, COMPARED, scopes);
          if (reading === quarter) read.set(quarter, verdicts);
        }
        reading = null;
        noted.delete(quarter);
      }
    },
    ready: () => noted.size === 0,
    restated({ figure, quarter }) {
      if (!COMPARED.includes(figure)) return;
      if (reading === quarter) reading = null;
      if (read.delete(quarter)) noted.add(quarter);
    },
    forget() {
      read.clear();
      noted.clear();
    },
  };
}
