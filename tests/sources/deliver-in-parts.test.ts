import { describe, expect, it } from 'vitest';
import type { Fact, Post } from '../../server/fact.ts';
import { deliverInParts, FACTS_PER_DELIVERY } from '../../server/sources/deliver-in-parts.ts';
import { createPostOutbox } from '../../server/sources/post-outbox.ts';
import { createOutbox } from '../../server/sources/x/outbox.ts';

const posts = (count: number): Post[] =>
  Array.from({ length: count }, (_, n) => ({
    kind: 'post',
    network: 'x',
    id: `${n}`,
    author: 'ada',
    type: 'post',
    visibility: 'public',
    at: n,
    seen: n,
  }));

/** Keeps what it is handed, and fails at the delivery of that number. */
function keeping(failsAt = Number.POSITIVE_INFINITY) {
  const had: { facts: readonly Fact[]; cursor: string | undefined }[] = [];
  return {
    had,
    deliver: async (facts: readonly Fact[], cursor?: string): Promise<void> => {
      if (had.length === failsAt) throw new Error('the disk is full');
      had.push({ facts, cursor });
    },
    ids: () => had.flatMap(({ facts }) => facts.map((fact) => ('id' in fact ? fact.id : ''))),
  };
}

const ids = (count: number): string[] => posts(count).map(({ id }) => id);

describe('facts that are delivered in parts', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [FACTS_PER_DELIVERY, [FACTS_PER_DELIVERY]],
    [FACTS_PER_DELIVERY + 1, [FACTS_PER_DELIVERY, 1]],
    [2 * FACTS_PER_DELIVERY, [FACTS_PER_DELIVERY, FACTS_PER_DELIVERY]],
  ])('%d of them go in order, with the cursor on the last part alone', async (count, sizes) => {
    const kept = keeping();
    await deliverInParts(kept.deliver, posts(count), 'there');
    expect(kept.had.map(({ facts }) => facts.length)).toEqual(sizes);
    expect(kept.had.map(({ cursor }) => cursor)).toEqual([...sizes.slice(1).map(() => undefined), 'there']);
    expect(kept.ids()).toEqual(ids(count));
  });

  it('leave the cursor where it was when one part fails', async () => {
    const kept = keeping(1);
    await expect(deliverInParts(kept.deliver, posts(3 * FACTS_PER_DELIVERY), 'there')).rejects.toThrow(
      'disk',
    );
    expect(kept.had.map(({ cursor }) => cursor)).toEqual([undefined]);
  });
});

describe('a backlog of thousands of posts', () => {
  const COUNT = 2_010;
  const most = ({ had }: ReturnType<typeof keeping>): number =>
    Math.max(...had.map(({ facts }) => facts.length));

  it('leaves the outbox of X a few at a time', async () => {
    const kept = keeping();
    const outbox = createOutbox();
    outbox.open({
      deliver: kept.deliver,
      cursor: () => 'there',
      full: () => undefined,
      failed: expect.unreachable,
    });
    outbox.put(posts(COUNT));
    await outbox.empty();
    expect(kept.ids()).toEqual(ids(COUNT));
    expect(most(kept)).toBe(FACTS_PER_DELIVERY);
    expect(kept.had.at(-1)?.cursor).toBe('there');
  });

  it('that was held goes whole, or the source would pass for live after a part of it; what comes next does not', async () => {
    const kept = keeping();
    const outbox = createOutbox();
    const way = { cursor: () => 'there', full: () => undefined, failed: expect.unreachable };
    outbox.open({ ...way, deliver: kept.deliver });
    outbox.hold(true);
    outbox.put(posts(COUNT).slice(0, 200));
    outbox.hold(false);
    await outbox.empty();
    expect(kept.had.map(({ facts }) => facts.length)).toEqual([200]);
    outbox.put(posts(COUNT));
    await outbox.empty();
    expect(kept.ids()).toEqual(ids(COUNT));
    expect(kept.had.slice(1).every(({ facts }) => facts.length <= FACTS_PER_DELIVERY)).toBe(true);
  });

  it('is told again whole by the outbox of X when it failed in the middle', async () => {
    const broken = keeping(3);
    const outbox = createOutbox();
    const failures: unknown[] = [];
    const way = {
      cursor: () => 'there',
      full: () => undefined,
      failed: (why: unknown) => failures.push(why),
    };
    outbox.open({ ...way, deliver: broken.deliver });
    outbox.put(posts(COUNT));
    await expect(outbox.empty()).rejects.toThrow('disk');
    expect(failures).toHaveLength(1);
    const kept = keeping();
    outbox.open({ ...way, deliver: kept.deliver });
    await outbox.empty();
    expect(kept.ids()).toEqual(ids(COUNT));
  });

  it('leaves the outbox of the other networks a few at a time', async () => {
    const kept = keeping();
    const outbox = createPostOutbox({ deliver: kept.deliver, cursor: () => 'there' });
    outbox.put(posts(COUNT));
    await outbox.empty();
    expect(kept.ids()).toEqual(ids(COUNT));
    expect(most(kept)).toBe(FACTS_PER_DELIVERY);
    expect(kept.had.filter(({ cursor }) => cursor !== undefined)).toHaveLength(1);
    expect(kept.had.at(-1)?.cursor).toBe('there');
  });
});
