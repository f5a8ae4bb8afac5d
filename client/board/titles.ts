import type { Snapshot } from '../../shared/figure.ts';
import type { View } from '../live.ts';

/** What the page is called: its board, and the first thing that is wrong with it. */
export function titleOf(view: View): string {
  const name = view.snapshot === null ? 'First Ring wall' : `${view.snapshot.board.name}, First Ring wall`;
  const state = stateOf(view);
  return state === null ? name : `${name}: ${state}`;
}

/** The kinds of feed that are late or lost, as the wall names them. */
export function lostFeeds({ calls, emails, mentions }: Snapshot, feed: 'late' | 'lost'): string[] {
  const names: string[] = [];
  if (calls?.firstRing.feed === feed) names.push('Phones');
  if (emails?.withinHour.feed === feed) names.push('Emails');
  if (mentions?.feed === feed) names.push('Mentions');
  return names;
}

function stateOf({ truth, snapshot }: View): string | null {
  if (truth === 'server-lost' || truth === 'too-old') return 'not live';
  if (truth === 'not-saving') return 'not saving';
  if (snapshot === null) return null;
  const lost = lostFeeds(snapshot, 'lost').map((name) => `${name.toLowerCase()} not connected`);
  if (snapshot.demo) lost.push('demo data');
  return lost.length === 0 ? null : lost.join(', ');
}
