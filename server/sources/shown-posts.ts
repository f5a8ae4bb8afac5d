import type { Mention, Network, Snapshot } from '../../shared/figure.ts';
import { type Instant, MINUTE } from '../../shared/time.ts';

/** A network's word for a post holds this long; then it is asked again, or the post is not shown. */
export const CONFIRMED_FOR_MS = 60 * MINUTE;
/** More than a wall shows, so that a post is confirmed before it moves up into the place of one that went. */
const LOOKED_AT_MAX = 25;

/**
 * Which posts stand on the walls, for a network that wants to be asked whether they still may. A post of a network in
 * `confirmFirst` is shown only while the network's word for it holds, and only with its author's name and handle.
 */
export interface ShownPosts {
  /** Ids, each of the first version, of the network's posts that walls show or may show next; newest first. */
  ids(network: Network): Promise<readonly string[]>;
  /** The network said just now that the post is there as it is shown; `id` is that of its first version. */
  confirm(network: Network, id: string, at: Instant): void;
  confirmedAt(network: Network, id: string): Instant | null;
  /** The snapshot without the posts that may not be shown. */
  onlyConfirmed(snapshot: Snapshot): Snapshot;
}

export interface ShownPostsNeeds {
  /** The newest, newest first; their ids are `<network>/<first version>`. */
  mentions(limit: number): Promise<readonly Pick<Mention, 'id' | 'network'>[]>;
  confirmFirst: readonly Network[];
}

export function createShownPosts(needs: ShownPostsNeeds): ShownPosts {
  const confirmed = new Map<string, Instant>();
  const mayShow = ({ id, network, name, handle }: Mention, now: Instant): boolean => {
    if (!needs.confirmFirst.includes(network)) return true;
    if (name === '' || handle === '') return false;
    return now - (confirmed.get(id) ?? Number.NEGATIVE_INFINITY) < CONFIRMED_FOR_MS;
  };
  return {
    async ids(network) {
      const newest = await needs.mentions(LOOKED_AT_MAX);
      return newest.filter((post) => post.network === network).map(({ id }) => id.slice(network.length + 1));
    },
    confirm(network, id, at) {
      const key = `${network}/${id}`;
      // The oldest word first, so that those which no longer hold are found at once.
      confirmed.delete(key);
      confirmed.set(key, at);
      for (const [oldest, then] of confirmed) {
        if (at - then < CONFIRMED_FOR_MS) break;
        confirmed.delete(oldest);
      }
    },
    confirmedAt: (network, id) => confirmed.get(`${network}/${id}`) ?? null,
    onlyConfirmed(snapshot) {
      const { mentions: shown } = snapshot;
      if (shown === null || shown.latest.every((post) => mayShow(post, snapshot.at))) return snapshot;
      return {
        ...snapshot,
        mentions: { ...shown, latest: shown.latest.filter((post) => mayShow(post, snapshot.at)) },
      };
    },
  };
}
