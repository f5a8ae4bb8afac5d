import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmailFact, Fact } from '../../server/fact.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { HOUR, MINUTE } from '../../shared/time.ts';
import { openIntake } from '../support/an-intake.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = Date.parse('2026-03-04T12:00:00Z');
const now = at + 6 * HOUR;
const counted = {
  figure: 'emailsWithinHour',
  scope: 'site',
  spans: [{ from: at, to: now }],
  now,
  knownUntil: {},
} as const;

function mail(id: string, minute: number, refs: string[] = []): EmailFact {
  return {
    kind: 'mail_in',
    id,
    at: at + minute * MINUTE,
    from: 'ann@cust.example',
    to: ['help@acme.example'],
    refs,
  };
}

const call: Fact[] = [
  { kind: 'offered', call: 'c', at, queue: 'support' },
  { kind: 'end', call: 'c', at: at + MINUTE, why: 'abandon' },
];

describe('a cause', () => {
  it('stays with its thread when two threads turn out to be one, under any of its keys; the newest holds', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    await using site = await openIntake(file, { at: now });
    const { store, intake } = site;
    await intake.save('mail', [mail('<a@x>', 0), mail('<b@x>', 1)]);
    const [a, b] = ['thread/<a@x>', 'thread/<b@x>'];
    await store.sayCause([b], { cause: 'Mail was late', by: 'Ann', at: now - 2 });
    await store.sayCause([a], { cause: 'Form sent twice', by: 'Ben', at: now - 1 });
    expect(await store.countCauses(counted)).toMatchObject({
      causes: [
        { cause: 'Form sent twice', count: 1 },
        { cause: 'Mail was late', count: 1 },
      ],
    });
    await intake.save('mail', [mail('<c@x>', 2, ['<b@x>', '<a@x>'])]);
    for (const key of [a, b, 'thread/<c@x>']) {
      expect(await store.missingItems([key])).toEqual([]);
      expect((await store.itemStory(key))?.causes).toEqual([
        { cause: 'Form sent twice', by: 'Ben', at: now - 1 },
        { cause: 'Mail was late', by: 'Ann', at: now - 2 },
      ]);
    }
    expect(await store.countCauses(counted)).toMatchObject({
      causes: [{ cause: 'Form sent twice', count: 1 }],
    });
    await store.sayCause([b], { cause: null, by: 'Ann', at: now });
    expect(await store.countCauses(counted)).toEqual({ causes: [], known: [] });
    expect((await store.itemStory(a))?.causes[0]).toEqual({ cause: null, by: 'Ann', at: now });
  });

  it('stays when everything is judged again, and when the server starts again', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    {
      await using site = await openIntake(file, { at: now });
      await site.intake.save('pbx', call);
      await site.store.sayCause(['call/pbx/c'], { cause: 'Trunk down', by: 'Ann', at: now });
      await site.store.forgetVerdicts();
      expect(await site.store.missingItems(['call/pbx/c'])).toEqual(['call/pbx/c']);
      await site.intake.judgeAgain(new AbortController().signal);
    }
    const store = await openSqliteStore({ file });
    expect(await store.causesOf(['call/pbx/c', 'call/pbx/d'])).toEqual(
      new Map([['call/pbx/c', 'Trunk down']]),
    );
    expect(await store.countCauses({ ...counted, figure: 'abandonment' })).toEqual({
      causes: [{ cause: 'Trunk down', count: 1 }],
      known: ['Trunk down'],
    });
    await store.close();
  });

  it('counts among the misses of its figure, its scope and its span alone', async () => {
    using folder = temporaryFolder();
    await using site = await openIntake(join(folder.path, 'data.sqlite'), { at: now });
    await site.intake.save('pbx', call);
    await site.store.sayCause(['call/pbx/c'], { cause: 'Trunk down', by: 'Ann', at: now });
    const causes = async (over: Partial<Parameters<typeof site.store.countCauses>[0]>) =>
      (await site.store.countCauses({ ...counted, figure: 'firstRing', ...over })).causes;
    expect(await causes({ scope: 'queue:support' })).toHaveLength(1);
    expect(await causes({ scope: 'queue:billing' })).toHaveLength(0);
    expect(await causes({ figure: 'emailsWithinHour' })).toHaveLength(0);
    expect(await causes({ spans: [{ from: at + 1, to: now }] })).toHaveLength(0);
    expect(await causes({ spans: [{ from: at, to: at + 1 }] })).toHaveLength(1);
  });

  it('of something that nobody told of has no story', async () => {
    using folder = temporaryFolder();
    await using site = await openIntake(join(folder.path, 'data.sqlite'), { at: now });
    expect(await site.store.itemStory('call/pbx/none')).toBeNull();
    expect(await site.store.missingItems(['call/pbx/none', 'thread/<none@x>'])).toHaveLength(2);
  });
});
