import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createQueue } from '../../server/store/sqlite/queue.ts';

it('lets nothing begin on work that was sent after a failure and has not failed yet', async () => {
  const queue = createQueue();
  const steps: string[] = [];
  const piece = (name: string): { fail: (error: Error) => void; done: Promise<unknown> } => {
    const { promise, reject } = Promise.withResolvers<never>();
    const done = queue(true, async (sent) => {
      steps.push(`${name} begins`);
      sent();
      await promise;
    }).catch(() => steps.push(`${name} failed`));
    return { fail: reject, done };
  };
  const first = piece('first');
  const second = piece('second');
  const third = piece('third');
  await nextTurn();
  expect(steps).toEqual(['first begins', 'second begins']);
  first.fail(new Error('on its way'));
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(steps).toEqual(['first begins', 'second begins', 'first failed']);
  second.fail(new Error('it rested on the first'));
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  expect(steps.slice(3)).toEqual(['second failed', 'third begins']);
  third.fail(new Error('enough'));
  await Promise.all([first.done, second.done, third.done]);
});
