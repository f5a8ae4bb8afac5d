import type { Feed, Scope } from '../../shared/figure.ts';
import type { Rules } from '../judge/rules.ts';
import type { Board } from '../metrics/board.ts';
import { boardsOf } from './boards.ts';
import type { Settings } from './schema.ts';

/** Everything that a rule of attention can be about: the site, its teams and their queues, each with what is promised there. */
export type WatchedScope = Pick<
  Board,
  'scope' | 'name' | 'calendar' | 'calls' | 'callbacks' | 'emails' | 'mentions'
>;

/** In the order of the file; a board of each is what a board of it would be. */
export function watchedScopesOf(settings: Settings, rules: Rules, feeds: ReadonlySet<Feed>): WatchedScope[] {
  const { site, teams } = settings;
  const shown: { show: Scope; name: string }[] = [{ show: 'site', name: site.name }];
  for (const { id, name, queues } of teams) {
    shown.push({ show: `team:${id}`, name });
    for (const queue of queues) shown.push({ show: `queue:${queue.id}`, name: `${name}, ${queue.id}` });
  }
  const boards = shown.map((one) => ({ ...one, id: one.show, names: true }));
  return boardsOf({ ...settings, boards }, rules, feeds);
}
