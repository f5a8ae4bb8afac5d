import { pictureIdOf } from '../picture-id.ts';
import type { VoiceWrites } from '../voice.ts';
import type { Transaction, Writer } from './writer.ts';

/** Pictures kept; about 20 KB each. */
export const PICTURES_MAX = 1_000;

type Noted<T> = { [K in keyof T]: T[K] extends (...args: infer A) => unknown ? (...args: A) => void : never };

/** Single statements, each to be run in a transaction of its own. */
export function voiceWrites(writer: Writer): (on: Transaction) => Noted<VoiceWrites> {
  const mark = writer.statement(
    'INSERT INTO post_marks (post, mark, by, at) VALUES (?, ?, ?, ?) ON CONFLICT (post, mark) DO NOTHING',
  );
  // A mark may stand under another name of the same post.
  const unmark = writer.statement(`
    DELETE FROM post_marks WHERE mark = ? AND post IN (
      SELECT ? UNION SELECT name FROM aliases WHERE item = (SELECT item FROM aliases WHERE name = ?))`);
  const take = writer.statement(
    'INSERT INTO quotes_shown (date, at, text, cite, post, why, by) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const withdraw = writer.statement(
    'UPDATE quotes_shown SET withdrawn_by = ?, withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL',
  );
  const keep = writer.statement(`
    INSERT INTO avatars (id, at, type, bytes, trouble) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
      at = excluded.at, type = excluded.type, bytes = excluded.bytes, trouble = excluded.trouble`);
  const makeRoom = writer.statement(
    'DELETE FROM avatars WHERE id IN (SELECT id FROM avatars ORDER BY at DESC, id LIMIT -1 OFFSET ?)',
  );
  return (on) => ({
    markPost(id, name, said) {
      const post = `post/${id}`;
      if (said === null) on.run(unmark, [name, post, post]);
      else on.run(mark, [post, name, said.by, said.at]);
    },
    takeQuote: ({ date, at, text, cite, post, why, by }) =>
      on.run(take, [date, at, text, cite, post, why, by]),
    withdrawQuote: (id, said) => on.run(withdraw, [said.by, said.at, id]),
    keepPicture(url, had, at) {
      const [type, bytes, trouble] =
        'trouble' in had ? [null, null, had.trouble] : [had.type, had.bytes, null];
      on.run(keep, [pictureIdOf(url), at, type, bytes, trouble]);
      on.run(makeRoom, [PICTURES_MAX]);
    },
  });
}
