import type { Snapshot, SourceHealth } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Rules } from '../judge/rules.ts';
import type { Committed, Store } from '../store/store.ts';
import type { Board } from './board.ts';
import { boardDay } from './board-day.ts';
import { type Reading, readingOf } from './feed.ts';
import { createHoursWatch } from './hours-watch.ts';
import { createKept, type Kept } from './kept.ts';
import { nextOpenChangeAt, unsettledIn } from './open-items.ts';
import { callbacksNow, callsNow, emailsNow, longestNow, type Scene } from './regions.ts';

/** The figures of now: what every board shows, kept in memory and true to the last commit. */
export interface Figures {
  /**
   * Reads what the figures need from the store; again when the local day turned or a quarter-hour began. Cheap when
   * nothing is to be done. Rejects with the store's error; the next call tries again.
   */
  prepare(now: Instant): Promise<void>;
  /** Takes over what a commit changed; synchronous, called in commit order. */
  apply(committed: Committed): void;
  /**
   * The whole snapshot of one board at `now` given the sources' health, and since when nothing could be saved.
   * Synchronous; its cost does not depend on the
   * number of calls today. Throws for an unknown board, and when `prepare` has not been through for this `now`.
   */
  snapshot(
    boardId: string,
    now: Instant,
    health: readonly SourceHealth[],
    notSavedSince?: Instant | null,
  ): Snapshot;
  /**
   * The next instant at which time alone changes a figure or gauge: a pending verdict is lost, an email is at risk or
   * overdue, hours open or close, the day turns, patience ends. Infinity when there is none.
   */
  nextChangeAt(now: Instant): Instant;
}

export interface FiguresNeeds {
  store: Store;
  boards: readonly Board[];
  rules: Rules;
  /** IANA zone of the site. */
  zone: string;
  /** Names the client bundle that the server serves. */
  build: string;
  demo: boolean;
}

/** Figures that read nothing before their first `prepare`. */
export function createFigures({ store, boards, rules, zone, build, demo }: FiguresNeeds): Figures {
  const kept = createKept({ store, boards, rules, zone });
  const byId = new Map(boards.map((board) => [board.id, board]));
  const teams = [rules.site, ...rules.teams.values()];
  const hours = createHoursWatch([...boards, ...teams].map(({ calendar }) => calendar));
  return {
    prepare: (now) => kept.prepare(now),
    apply: (committed) => kept.apply(committed),
    snapshot(boardId, now, health, notSavedSince = null) {
      const board = byId.get(boardId);
      if (!board) throw new Error(`There is no board "${boardId}".`);
      const { day, scene } = sceneOf(kept, board, now, readingOf(now, health, notSavedSince));
      return {
        version: 1,
        build,
        board: { id: board.id, name: board.name, place: board.place },
        at: now,
        zone,
        day,
        demo,
        notSavedSince,
        sources: [...health],
        calls: callsNow(scene),
        callbacks: callbacksNow(scene),
        emails: emailsNow(scene),
        mentions: board.mentions
          ? kept.posts.mentionsNow(scene.today.quarters, scene.today.day, scene.reading)
          : null,
        quote: kept.posts.quote(),
        longest: longestNow(scene),
        chime: board.chime,
        alerts: [],
      };
    },
    nextChangeAt(now) {
      const memory = kept.memory();
      const open = memory === null ? Number.POSITIVE_INFINITY : nextOpenChangeAt(memory.open, now);
      return Math.min(open, hours.nextChangeAt(now), kept.dayOf(now).to);
    },
  };
}

function sceneOf(
  kept: Kept,
  board: Board,
  now: Instant,
  reading: Reading,
): { day: Snapshot['day']; scene: Scene } {
  const { quarters, views, open } = kept.at(now);
  const shape = kept.dayOf(now);
  const day = boardDay(board.calendar, shape, now);
  const today = {
    scope: board.scope,
    day: shape,
    axis: day.axis,
    quarters,
    unsettled: unsettledIn(open, board.scope, shape, reading),
    cuts: kept.cuts,
    baselineAt: (at: Instant) => kept.baselineOf(board, at),
  };
  return { day, scene: { board, now, today, yesterday: kept.yesterdayOf(now), views, open, reading } };
}
