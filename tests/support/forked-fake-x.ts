import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { idAt } from '../../server/sources/x/ids.ts';
import { openFakeX } from './fake-x.ts';

/** A fake X in a process of its own, so that what it does is not measured with what is tested. */
export interface ForkedFakeX {
  url: string;
  /** Says so many posts a second on the stream, for so many seconds; resolves when all are written. */
  pour(perSecond: number, seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function forkFakeX(): Promise<ForkedFakeX> {
  const child = fork(import.meta.filename, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async pour(perSecond, seconds) {
      const poured = once(child, 'message');
      child.send({ perSecond, seconds });
      await poured;
    },
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    },
  };
}

if (import.meta.main) {
  const fake = await openFakeX();
  process.on('message', ({ perSecond, seconds }: { perSecond: number; seconds: number }) => {
    void pour(perSecond, seconds).then(() => process.send?.('poured'));
  });
  process.send?.(fake.url);

  async function pour(perSecond: number, seconds: number): Promise<void> {
    const slices = 20;
    const begun = Date.now();
    for (let slice = 0; slice < seconds * slices; slice += 1) {
      for (let i = 0; i < perSecond / slices; i += 1) {
        const n = (slice * perSecond) / slices + i;
        const at = begun + n;
        const text = `Thank you @harborhealth, you were quick. ${'Ünïcödé 📞 '.repeat(12)}`;
        fake.say({ id: idAt(at), text, author: String(4_000 + (n % 700)), at });
      }
      await delay(Math.max(0, begun + (1_000 / slices) * (slice + 1) - Date.now()));
    }
  }
}
