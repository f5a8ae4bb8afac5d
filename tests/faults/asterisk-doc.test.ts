import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anApp } from '../support/an-app.ts';
import { openFakeAsterisk } from '../support/fake-asterisk.ts';
import { recording } from '../support/recording.ts';
import { createTestClock } from '../support/test-clock.ts';

const doc = readFileSync(join(import.meta.dirname, '../../docs/asterisk.md'), 'utf8');

/** The first block of that language in the document. */
function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(doc)?.[1] ?? '';
}

/** The classes that the user of the document is given. */
function classes(right: 'read' | 'write'): string[] {
  return new RegExp(`^${right} = (\\S+)$`, 'm').exec(block('ini'))?.[1]?.split(',') ?? [];
}

it('docs/asterisk.md, followed to the letter, counts the calls of a PBX, and gives no right that is not used', async () => {
  expect(classes('write')).toEqual(['reporting']);
  const { connections, truth } = recording('d-queue-ring2');
  const asked: string[] = [];
  const fake = await openFakeAsterisk({
    user: /^\[(\w+)\]\nsecret/m.exec(block('ini'))?.[1] ?? '',
    read: classes('read'),
    permitted: classes('write').includes('reporting'),
    heard: ({ Action, Events }) => {
      if (Action === 'Login') asked.push(...(Events ?? '').split(','));
    },
  });
  const yaml = block('yaml').replace(/host: \S+/, `host: 127.0.0.1\n    port: ${fake.port}`);
  const configuration = `site: { name: By the book, zone: UTC, country: us, hours: always }\n${yaml}`;
  const clock = createTestClock(Math.ceil(truth.t1 * 1_000) + 60_000);
  {
    await using app = await anApp({ clock, port: fake.port, configuration });
    await fake.ready();
    await fake.play(connections[0] ?? []);
    const seen = await app.until(({ calls }) => calls?.firstRing.tally.d === 1);
    expect(seen.calls?.firstRing.tally).toEqual({ n: 1, d: 1 });
    expect(seen.sources[0]).toMatchObject({ state: 'live', trouble: null });
  }
  expect(asked.toSorted()).toEqual(classes('read').toSorted());
  await fake.close();
});
