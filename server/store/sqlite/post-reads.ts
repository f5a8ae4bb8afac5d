import type Database from 'better-sqlite3';
import type { Mention } from '../../../shared/figure.ts';
import type { Instant } from '../../../shared/time.ts';
import type { Post, PostFact } from '../../fact.ts';
import { shownPost } from '../../judge/mention.ts';
import { pictureIdOf, picturePathOf } from '../picture-id.ts';
import type { ItemKey, KeptFact } from '../store.ts';
import type { ListedPost, PostMark, Said, VoiceReads } from '../voice.ts';
import { factsOn } from './lookups.ts';

type PostReads = Pick<
  VoiceReads,
  'mentions' | 'posts' | 'post' | 'freshPosts' | 'marked' | 'picture' | 'picturesWanted'
>;

/** The posts that bear a mark, by the item that each belongs to now. */
const markedItems = (mark: PostMark): string =>
  `SELECT coalesce(a.item, m.post) FROM post_marks m LEFT JOIN aliases a ON a.name = m.post WHERE m.mark = '${mark}'`;

const notHidden = `key NOT IN (${markedItems('hidden')})`;

/** Posts that are looked through for those not from X: where nearly all are, older ones are not worth the time. */
const LOOKED_THROUGH_MAX = 2_000;

interface Place {
  key: ItemKey;
  mention_at: Instant;
}

/** Posts, with what people decided of them and the pictures of their authors. */
export function postReads(db: Database.Database): PostReads {
  const factsOf = factsOn(db);
  const listed = postLister(db);
  const columns = 'SELECT key, mention_at FROM items WHERE mention_at IS NOT NULL';
  const newest = db.prepare<[number], Place>(
    `${columns} AND ${notHidden} ORDER BY mention_at DESC, key LIMIT ?`,
  );
  const newestNotX = db.prepare<[number], Place>(`
    SELECT key, mention_at FROM (${columns} ORDER BY mention_at DESC LIMIT ${LOOKED_THROUGH_MAX})
    WHERE key NOT GLOB 'post/x/*' AND ${notHidden} ORDER BY mention_at DESC, key LIMIT ?`);
  const pinned = db.prepare<[], Place>(
    `${columns} AND key IN (${markedItems('pinned')}) AND ${notHidden} ORDER BY mention_at DESC, key`,
  );
  const fresh = db.prepare<[Instant, number], Place>(
    `${columns} AND mention_at >= ? AND ${notHidden} ORDER BY mention_at DESC, key LIMIT ?`,
  );
  const one = db.prepare<[string, string], Place>(
    `${columns} AND key = coalesce((SELECT item FROM aliases WHERE name = ?), ?)`,
  );
  const pageOf = (mark: PostMark | null) =>
    db.prepare<[Instant, Instant, string, number], Place>(
      `${columns} ${mark === null ? '' : `AND key IN (${markedItems(mark)})`}
       AND mention_at <= ? AND (mention_at < ? OR key > ?) ORDER BY mention_at DESC, key LIMIT ?`,
    );
  const pages = { all: pageOf(null), hidden: pageOf('hidden'), pinned: pageOf('pinned') };
  const marked = db.prepare<[], { mark: PostMark; n: number }>(`
    SELECT m.mark, count(DISTINCT i.key) AS n
    FROM post_marks m LEFT JOIN aliases a ON a.name = m.post JOIN items i ON i.key = coalesce(a.item, m.post)
    WHERE i.mention_at IS NOT NULL GROUP BY m.mark`);
  const picture = db.prepare<[string], { type: string; bytes: Buffer }>(
    'SELECT type, bytes FROM avatars WHERE id = ? AND bytes IS NOT NULL',
  );
  const tried = db
    .prepare<[string, Instant], number>(
      'SELECT 1 FROM avatars WHERE id = ? AND (bytes IS NOT NULL OR at >= ?)',
    )
    .pluck();

  const mentions = db.transaction((limit: number): Mention[] => {
    const seen = new Set<ItemKey>();
    const rest = [...newest.all(limit), ...newestNotX.all(limit)].sort(
      (a, b) => b.mention_at - a.mention_at || (a.key < b.key ? -1 : 1),
    );
    const places = [...pinned.all(), ...rest].filter(({ key }) => !seen.has(key) && seen.add(key));
    return listed(places).map(({ listed: post }) => mentionOf(post));
  });
  return {
    mentions: async (limit) => mentions(limit),
    async posts({ after, limit, mark }) {
      const at = after?.at ?? Number.MAX_SAFE_INTEGER;
      const rows = pages[mark ?? 'all'].all(at, at, after === null ? '' : `post/${after.id}`, limit);
      return listed(rows).map((found) => found.listed);
    },
    async post(id) {
      const row = one.get(`post/${id}`, `post/${id}`);
      return row === undefined ? null : (listed([row])[0]?.listed ?? null);
    },
    async freshPosts(since, limit) {
      return fresh.all(since, limit).flatMap(({ key, mention_at: at }) => {
        const post = shown(factsOf([key]).get(key) ?? []);
        return post === null ? [] : [{ id: idOf(key), at, post }];
      });
    },
    async marked() {
      const counts = { hidden: 0, pinned: 0 };
      for (const { mark, n } of marked.all()) counts[mark] = n;
      return counts;
    },
    picture: async (id) => picture.get(id) ?? null,
    async picturesWanted(limit, triedSince) {
      const urls = new Set<string>();
      for (const { post } of listed([...pinned.all(), ...newest.all(limit)])) {
        if (post.avatar !== undefined && tried.get(pictureIdOf(post.avatar), triedSince) === undefined)
          urls.add(post.avatar);
      }
      return [...urls];
    },
  };
}

interface Listed {
  listed: ListedPost;
  post: Post;
}

/** Reads posts whole. One is shown as its newest version is; not at all when its words are not known. */
function postLister(db: Database.Database): (places: readonly Place[]) => Listed[] {
  const factsOf = factsOn(db);
  const marks = db.prepare<[ItemKey, ItemKey], Said & { mark: PostMark }>(`
    SELECT mark, by, at FROM post_marks
    WHERE post = ? OR post IN (SELECT name FROM aliases WHERE item = ?) ORDER BY at DESC`);
  const hasPicture = db
    .prepare<[string], number>('SELECT 1 FROM avatars WHERE id = ? AND bytes IS NOT NULL')
    .pluck();
  const pathOf = (url: string | undefined): string | null => {
    if (url === undefined) return null;
    const id = pictureIdOf(url);
    return hasPicture.get(id) === undefined ? null : picturePathOf(id);
  };
  return (places) => {
    const facts = factsOf(places.map(({ key }) => key));
    return places.flatMap(({ key, mention_at: at }) => {
      const post = shown(facts.get(key) ?? []);
      if (post?.text === undefined) return [];
      const said = new Map(marks.all(key, key).map(({ mark, by, at: saidAt }) => [mark, { by, at: saidAt }]));
      const { network, author, name = '', handle = '', text } = post;
      // A feed may say anything here, and people click on it.
      const url = post.url?.startsWith('https://') === true ? post.url : null;
      const avatar = pathOf(post.avatar);
      const hidden = said.get('hidden') ?? null;
      const pinned = said.get('pinned') ?? null;
      const id = idOf(key);
      return [{ listed: { id, network, author, name, handle, text, at, url, avatar, hidden, pinned }, post }];
    });
  };
}

function shown(kept: readonly KeptFact[]): Post | null {
  return shownPost(kept.map(({ fact }) => fact as PostFact));
}

/** `post/mastodon/1` → `mastodon/1`. */
function idOf(key: ItemKey): string {
  return key.slice(key.indexOf('/') + 1);
}

function mentionOf({ id, network, name, handle, text, at, avatar, pinned }: ListedPost): Mention {
  return { id, network, name, handle, text, at, avatar, pinned: pinned !== null };
}
