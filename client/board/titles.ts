import { metricShape, type WallAlert } from '../../shared/alert.ts';
import type { Feed, Snapshot, SourceHealth } from '../../shared/figure.ts';
import type { View } from '../live.ts';

/** What the page is called: its board, and the first thing that is wrong with it. */
export function titleOf(view: View): string {
  const name = view.snapshot === null ? 'First Ring wall' : `${view.snapshot.board.name}, First Ring wall`;
  const state = stateOf(view);
  return state === null ? name : `${name}: ${state}`;
}

const FEED_NAMES: Readonly<Record<Feed, string>> = {
  phones: 'Phones',
  emails: 'Emails',
  mentions: 'Mentions',
};

/** The kinds of feed that are late or lost, as the wall names them. */
export function lostFeeds({ calls, emails, mentions }: Snapshot, feed: 'late' | 'lost'): string[] {
  const names: string[] = [];
  if (calls?.firstRing.feed === feed) names.push(FEED_NAMES.phones);
  if (emails?.withinHour.feed === feed) names.push(FEED_NAMES.emails);
  if (mentions?.feed === feed) names.push(FEED_NAMES.mentions);
  return names;
}

/** So many letters stand in the row in the size of a state, and in the smaller one. */
const LETTERS_MAX = 36;

/**
 * What is not connected: the usual words, or, where others of the kind still are, the names of those that are not.
 */
export function lostWords(sources: readonly SourceHealth[], feed: Feed, usual: string): string {
  const all = sources.filter((source) => source.feeds.includes(feed));
  const gone = all.filter(({ state }) => state === 'lost' || state === 'late');
  if (gone.length === 0 || gone.length === all.length) return usual;
  const named = `${gone.map(({ id }) => id).join(', ')} not connected`;
  return named.length <= LETTERS_MAX ? named : `${gone.length} of ${all.length} sources not connected`;
}

function stateOf({ truth, snapshot }: View): string | null {
  if (truth === 'server-lost' || truth === 'too-old') return 'not live';
  if (truth === 'not-saving') return 'not saving';
  if (snapshot === null) return null;
  const lost = lostFeeds(snapshot, 'lost').map((name) => `${name.toLowerCase()} not connected`);
  const critical = snapshot.alerts.some((alert) => isCryingNow(alert, snapshot));
  if (critical) lost.unshift('critical');
  if (snapshot.demo) lost.push('demo data');
  return lost.length === 0 ? null : lost.join(', ');
}

/** Critical, nobody has it yet, and its feed still tells of it. */
function isCryingNow({ level, acked, recoveredAt, metric }: WallAlert, snapshot: Snapshot): boolean {
  if (level !== 'critical' || acked !== null || recoveredAt !== null) return false;
  const { feed } = metricShape(metric);
  return feed === null || !lostFeeds(snapshot, 'lost').includes(FEED_NAMES[feed]);
}
