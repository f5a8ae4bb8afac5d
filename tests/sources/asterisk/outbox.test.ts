import { expect, it } from 'vitest';
import type { Fact } from '../../../server/fact.ts';
import { createOutbox, WAITING_MAX } from '../../../server/sources/asterisk/outbox.ts';

const facts = (count: number): Fact[] => Array.from({ length: count }, (_, at) => ({ kind: 'alive', at }));

function slowWay() {
  const batches: number[] = [];
  const holds: boolean[] = [];
  const waiting: (() => void)[] = [];
  return {
    batches,
    holds,
    /** Lets the batch that is on its way become durable. */
    async finish(): Promise<void> {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
    way: {
      deliver(batch: readonly Fact[]): Promise<void> {
        batches.push(batch.length);
        return new Promise<void>((resolve) => waiting.push(resolve));
      },
      cursor: () => 'here',
      hold: (isFull: boolean) => void holds.push(isFull),
      failed: () => undefined,
    },
  };
}

it('sends one batch at a time, and what came in the meantime together', async () => {
  const slow = slowWay();
  const outbox = createOutbox();
  outbox.open(slow.way);
  for (const count of [1, 2, 3]) outbox.put(facts(count));
  expect(slow.batches).toEqual([1]);
  await slow.finish();
  expect(slow.batches).toEqual([1, 5]);
  await slow.finish();
  await outbox.empty();
});

it('has the reading stop while too much waits, and go on when it is durable', async () => {
  const slow = slowWay();
  const outbox = createOutbox();
  outbox.open(slow.way);
  outbox.put(facts(1));
  outbox.put(facts(WAITING_MAX - 2));
  expect(slow.holds).toEqual([]);
  outbox.put(facts(1));
  expect(slow.holds).toEqual([true]);
  await slow.finish();
  await slow.finish();
  expect(slow.holds).toEqual([true, false]);
  await outbox.empty();
});

it('keeps what could not be delivered for the next way, and until something is told there', async () => {
  const outbox = createOutbox();
  const failures: unknown[] = [];
  outbox.open({
    deliver: () => Promise.reject(new Error('the disk is full')),
    cursor: () => '',
    hold: () => undefined,
    failed: (error) => failures.push(error),
  });
  outbox.put(facts(2));
  await expect(outbox.empty()).rejects.toThrow('the disk is full');
  expect(failures).toHaveLength(1);
  const slow = slowWay();
  outbox.open(slow.way);
  expect(slow.batches).toEqual([]);
  outbox.put([]);
  expect(slow.batches).toEqual([2]);
  await slow.finish();
  await outbox.empty();
});
