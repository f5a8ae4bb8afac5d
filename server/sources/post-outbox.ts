import type { PostFact } from '../fact.ts';
import { Problem } from '../problem.ts';
import { deliverInParts } from './deliver-in-parts.ts';
import type { Deliver } from './source.ts';

/** With so many posts waiting, a source that can stop reading does. */
export const POSTS_WAITING_HIGH = 2_000;
/** With so many the link is given up, and gone on with from the last one saved. */
export const POSTS_WAITING_MAX = 20_000;

export interface PostOutboxNeeds {
  deliver: Deliver;
  /**
   * Where to go on from once everything put so far is durable; asked for at the moment when all that waits leaves. So
   * whoever moves on must put what he found in the same turn.
   */
  cursor: () => string;
  /** Adds what is known only by asking (names of authors). */
  complete?: (facts: readonly PostFact[]) => Promise<PostFact[]>;
}

/** Posts of one run on their way to becoming durable, in order. What it holds when the run breaks is read again. */
export interface PostOutbox {
  /** Throws a Problem when too many wait. No posts: the cursor alone is saved. */
  put(facts: readonly PostFact[]): void;
  /** Resolves when there is room to read on. */
  room(): Promise<void>;
  /** Resolves when everything put so far is durable; rejects when delivering failed. */
  empty(): Promise<void>;
  /** Rejects when delivering fails; never resolves. */
  failed: Promise<never>;
}

/** One delivery at a time; what came in the meantime is the next. */
export function createPostOutbox({ deliver, cursor, complete }: PostOutboxNeeds): PostOutbox {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  // It may fail before anybody listens, and is told to whoever does.
  failed.catch(() => undefined);
  let waiting: PostFact[] = [];
  let leaving = 0;
  let isDue = false;
  let running: Promise<void> | null = null;

  async function send(): Promise<void> {
    while (isDue) {
      const batch = waiting;
      const next = cursor();
      waiting = [];
      isDue = false;
      leaving = batch.length;
      const facts = complete === undefined || batch.length === 0 ? batch : await complete(batch);
      await deliverInParts(deliver, facts, next);
      leaving = 0;
    }
  }

  function start(): void {
    if (running !== null) return;
    // In the next turn: whoever puts first says where he then stands.
    running = Promise.resolve()
      .then(send)
      .finally(() => {
        running = null;
      });
    running.catch(reject);
  }

  return {
    put(facts) {
      if (waiting.length + leaving + facts.length > POSTS_WAITING_MAX)
        throw new Problem(
          'too_slow',
          'More posts come in than can be saved. The link was closed, and goes on from the last one saved.',
        );
      for (const fact of facts) waiting.push(fact);
      isDue = true;
      start();
    },
    async room() {
      while (running !== null && waiting.length + leaving > POSTS_WAITING_HIGH) await running;
    },
    async empty() {
      while (running !== null) await running;
    },
    failed,
  };
}
