import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import { nothingJudged } from '../../server/judge/verdict.ts';
import type { Item, KeptFact, Store, TallyDelta } from '../../server/store/store.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { changed, saved } from './changes.ts';

/** A store to check, empty at first; opened again on the same data by `again`, after a close. */
export interface Opened {
  store: Store;
  again(): Promise<Store>;
  close(): Promise<void>;
}

const at: Instant = Date.parse('2026-03-10T10:00:00Z');

/** What every implementation of the Store port must do. */
export function eachStoreCheck(name: string, open: () => Promise<Opened>): void {
  const on = (claim: string, check: (store: Store, opened: Opened) => Promise<void>): void => {
    it(claim, async () => {
      const opened = await open();
      try {
        await check(opened.store, opened);
      } finally {
        await opened.close();
      }
    });
  };

  describe(`${name} keeps facts`, () => {
    on('of which each key is added once, and else nothing of the transaction happens', async (store) => {
      await put(store, offered('c1', at), offered('c2', at));
      const again = store.write(async (tx) => {
        await tx.add([offered('c3', at)]);
        await tx.add([offered('c1', at + 1)]);
      });
      await expect(again).rejects.toThrow();
      expect(await factsOf(store, 'call/pbx/c1')).toEqual([offered('c1', at).fact]);
      expect(await factsOf(store, 'call/pbx/c3')).toEqual([]);
      await put(store, offered('c3', at));
      expect(await factsOf(store, 'call/pbx/c3')).toEqual([offered('c3', at).fact]);
    });

    on('and replaces one under its key, which must be there', async (store) => {
      await put(store, offered('c1', at));
      await store.write((tx) => tx.replace([offered('c1', at - 1, 'billing')]));
      expect(await factsOf(store, 'call/pbx/c1')).toEqual([offered('c1', at - 1, 'billing').fact]);
      await expect(store.write((tx) => tx.replace([offered('c2', at)]))).rejects.toThrow(/changed/);
      expect(await factsOf(store, 'call/pbx/c2')).toEqual([]);
    });

    on('apart by source, kind, subject and part', async (store) => {
      const one = offered('c1', at);
      const alert: KeptFact = {
        ...one,
        part: 'l1',
        fact: { kind: 'alert', call: 'c1', at, agent: 'a', leg: 'l1' },
      };
      await put(store, one, { ...one, part: 'e2' }, { ...one, source: 'branch' }, alert);
      expect(await factsOf(store, 'call/pbx/c1')).toHaveLength(4);
    });

    on('under the item that they were merged into, with its names', async (store) => {
      await put(
        store,
        { ...offered('c1', at), item: 'thread/a' },
        { ...offered('c2', at), item: 'thread/b' },
      );
      await store.write(async (tx) => {
        await tx.tie(['mail/a'], 'thread/a');
        await tx.tie(['mail/b', 'mail/c'], 'thread/b');
        await tx.merge('thread/b', 'thread/a');
        expect(await tx.aliases(['mail/a', 'mail/b', 'mail/c', 'mail/d'])).toEqual(
          new Map([
            ['mail/a', 'thread/a'],
            ['mail/b', 'thread/a'],
            ['mail/c', 'thread/a'],
          ]),
        );
      });
      expect(await factsOf(store, 'thread/a')).toHaveLength(2);
      expect(await factsOf(store, 'thread/b')).toEqual([]);
    });
  });

  describe(`${name} writes`, () => {
    on('nothing of a transaction that throws', async (store) => {
      const failed = store.write(async (tx) => {
        await tx.add([offered('c1', at)]);
        await tx.save([saved(item('call/pbx/c1'))]);
        await tx.addTallies([delta(1, 1)]);
        await tx.setCursor('pbx', '7');
        throw new Error('half way');
      });
      await expect(failed).rejects.toThrow('half way');
      expect(await factsOf(store, 'call/pbx/c1')).toEqual([]);
      expect(await store.itemKeys({ after: null, limit: 10 })).toEqual([]);
      expect(await store.tallies({ from: 0, to: at + HOUR })).toEqual([]);
      expect(await store.cursor('pbx')).toBeNull();
    });

    on('one transaction after the other', async (store) => {
      const steps: string[] = [];
      const work = (step: string) =>
        store.write(async () => {
          steps.push(`${step} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          steps.push(`${step} ends`);
        });
      await Promise.all([work('one'), work('two')]);
      expect(steps).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
    });

    on('what nobody reads before its commit', async (store) => {
      await store.write(async (tx) => {
        await tx.addTallies([delta(1, 1)]);
        await tx.save([saved(item('call/pbx/c1', { live: [waiting(at + HOUR)] }))]);
        expect(await store.tallies({ from: 0, to: at + HOUR })).toEqual([]);
        expect(await store.openItems()).toEqual([]);
      });
      expect(await store.tallies({ from: 0, to: at + HOUR })).toEqual([delta(1, 1)]);
      expect(await store.openItems()).toHaveLength(1);
    });

    on('ahead: the next reads what is still on its way, and all of it lasts', async (store, opened) => {
      const cause: Judged['contacts'] = [{ what: 'cause', at, team: null, why: 'abandoned' }];
      const pending = { figure: 'firstRing', scope: 'site', at, lostAt: at + MINUTE } as const;
      const call = item('call/pbx/c1', { contacts: cause, pending: [pending] }, { person: 'p-1' });
      const first = store.writeAhead(async (tx) => {
        await tx.add([offered('c1', at)]);
        await tx.save([saved(call)]);
        await tx.tie(['mail/a'], 'thread/a');
        return 'first';
      });
      const second = store.writeAhead(async (tx) => {
        expect((await tx.facts(['call/pbx/c1'])).get('call/pbx/c1')).toEqual([offered('c1', at)]);
        expect((await tx.items(['call/pbx/c1'])).get('call/pbx/c1')).toEqual(call);
        expect((await tx.contactsOf(['p-1'])).get('p-1')).toEqual([
          { key: 'call/pbx/c1', source: 'pbx', contacts: cause },
        ]);
        expect(await tx.aliases(['mail/a'])).toEqual(new Map([['mail/a', 'thread/a']]));
        await tx.save([changed(call, { ...call, person: 'p-2' })]);
        expect((await tx.contactsOf(['p-1', 'p-2'])).get('p-1')).toEqual([]);
        await tx.replace([offered('c1', at - 1)]);
        expect((await tx.facts(['call/pbx/c1'])).get('call/pbx/c1')).toEqual([offered('c1', at - 1)]);
        return 'second';
      });
      expect(await Promise.all([first, second])).toEqual(['first', 'second']);
      const again = await opened.again();
      expect(await factsOf(again, 'call/pbx/c1')).toEqual([offered('c1', at - 1).fact]);
      const found = await again.write((tx) => tx.items(['call/pbx/c1']));
      expect(found.get('call/pbx/c1')?.person).toBe('p-2');
    });

    on('ahead: a merge is seen by the next', async (store) => {
      await put(
        store,
        { ...offered('c1', at), item: 'thread/a' },
        { ...offered('c2', at), item: 'thread/b' },
      );
      const merging = store.writeAhead((tx) => tx.merge('thread/b', 'thread/a'));
      const facts = await store.writeAhead((tx) => tx.facts(['thread/a', 'thread/b']));
      await merging;
      expect([...facts].map(([key, some]) => [key, some.length])).toEqual([
        ['thread/a', 2],
        ['thread/b', 0],
      ]);
    });

    on('ahead: what rests on a failure fails with it, and nothing after', async (store) => {
      await put(store, offered('c1', at));
      const begun: string[] = [];
      const ahead = (name: string, ...facts: KeptFact[]): Promise<unknown> =>
        store.writeAhead(async (tx) => {
          begun.push(name);
          await tx.add(facts);
        });
      const settled = await Promise.allSettled([
        ahead('good', offered('c2', at)),
        ahead('bad', offered('c1', at)),
        ahead('resting', offered('c3', at)),
        ahead('after', offered('c4', at)),
      ]);
      expect(begun).toEqual(['good', 'bad', 'resting', 'after']);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      const kept = await Promise.all(['c2', 'c3', 'c4'].map((call) => factsOf(store, `call/pbx/${call}`)));
      expect(kept.map((facts) => facts.length)).toEqual([1, 0, 1]);
    });

    on('ahead: one that gives up fails alone, and what is on its way before it lasts', async (store) => {
      const settled = await Promise.allSettled([
        store.writeAhead((tx) => tx.add([offered('c1', at)])),
        store.writeAhead(async (tx) => {
          await tx.add([offered('c2', at)]);
          throw new Error('half way');
        }),
        store.writeAhead((tx) => tx.add([offered('c3', at)])),
      ]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const kept = await Promise.all(['c1', 'c2', 'c3'].map((call) => factsOf(store, `call/pbx/${call}`)));
      expect(kept.map((facts) => facts.length)).toEqual([1, 0, 1]);
    });

    on('alone only when everything before is over', async (store) => {
      const steps: string[] = [];
      const ahead = store
        .writeAhead((tx) => tx.add([offered('c1', at)]))
        .then(() => void steps.push('ahead is over'));
      const alone = store.write(async (tx) => {
        steps.push('alone begins');
        expect((await tx.facts(['call/pbx/c1'])).get('call/pbx/c1')).toHaveLength(1);
      });
      await Promise.all([ahead, alone]);
      expect(steps).toEqual(['ahead is over', 'alone begins']);
    });

    on('what is there after it is opened again', async (_store, opened) => {
      const judged: Judged = {
        settled: [
          { figure: 'firstRing', scope: 'site', at, n: 1, d: 1 },
          { figure: 'serviceLevel', scope: 'site', at, n: 0, d: 1 },
          { figure: 'serviceLevel', scope: 'queue:q', at: at + 1, n: 0, d: 1 },
        ],
        pending: [{ figure: 'calledBack', scope: 'team:help', at, lostAt: Number.POSITIVE_INFINITY }],
        live: [
          waiting(Number.POSITIVE_INFINITY),
          { what: 'email', scopes: ['site'], inAt: at, dueAt: at + 1, until: at + 2 },
        ],
        views: [view(at)],
        replies: [
          {
            scopes: ['queue:inbox', 'site'],
            inAt: at,
            dueAt: Number.POSITIVE_INFINITY,
            answeredAt: at + 1,
            replyMinutes: 1,
            isPast: false,
          },
        ],
        contacts: [
          { what: 'cause', at, team: null, why: 'abandoned' },
          { what: 'reached', at, by: 'us' },
        ],
      };
      const kept = item('call/pbx/c1', judged, { person: 'p-1', foldedTo: at - 5 });
      await opened.store.write(async (tx) => {
        await tx.save([saved(kept)]);
        await tx.setCursor('pbx', 'on from here');
        await tx.addCounts('pbx', { stored: 2, refused: 1 });
        await tx.addCounts('pbx', { stored: 1, conflict: 4 });
      });
      await opened.store.setMeta('hash_key', 'abc');
      const store = await opened.again();
      expect(await store.write((tx) => tx.items(['call/pbx/c1', 'call/pbx/none']))).toEqual(
        new Map([['call/pbx/c1', kept]]),
      );
      expect(await store.cursor('pbx')).toBe('on from here');
      expect(await store.cursor('none')).toBeNull();
      expect(await store.meta('hash_key')).toBe('abc');
      expect(await store.meta('none')).toBeNull();
      expect(await store.sourceCounts()).toEqual(
        new Map([['pbx', { stored: 3, repeat: 0, conflict: 4, refused: 1 }]]),
      );
    });
  });

  describe(`${name} finds`, () => {
    on('tallies of a span and of the scopes named, without those that came to nought', async (store) => {
      const rows: TallyDelta[] = [
        { ...delta(1, 2), quarter: at - HOUR },
        delta(1, 1),
        { ...delta(3, 4), scope: 'queue:support' },
        { ...delta(1, 1), quarter: at + HOUR },
        { ...delta(5, 5), scope: 'team:gone' },
        { ...delta(-5, -5), scope: 'team:gone' },
      ];
      await store.write((tx) => tx.addTallies(rows));
      const span = { from: at, to: at + HOUR };
      expect(await store.tallies(span, ['site'])).toEqual([delta(1, 1)]);
      expect(await store.tallies(span)).toEqual([{ ...delta(3, 4), scope: 'queue:support' }, delta(1, 1)]);
      expect(await store.tallies(span, [])).toEqual([]);
      const all = await listOf(store.allTallies());
      expect(all.map(({ scope, quarter }) => [scope, quarter])).toEqual([
        ['queue:support', at],
        ['site', at - HOUR],
        ['site', at],
        ['site', at + HOUR],
      ]);
    });

    on('what is open, and no longer once its time is folded', async (store) => {
      const pending = { figure: 'firstRing', scope: 'site', at, lostAt: at + MINUTE } as const;
      const open = item('call/pbx/c1', { pending: [pending] });
      const live = item('call/pbx/c2', { live: [waiting(at + HOUR)] });
      await store.write((tx) => tx.save([open, live, item('call/pbx/c3')].map(saved)));
      expect((await store.openItems()).map(({ key }) => key).sort()).toEqual(['call/pbx/c1', 'call/pbx/c2']);
      await store.write((tx) =>
        tx.save([
          changed(open, { ...open, foldedTo: at + MINUTE }),
          changed(live, { ...live, foldedTo: at + HOUR }),
        ]),
      );
      expect(await store.openItems()).toEqual([]);
    });

    on('what is due, the earliest first, page by page', async (store) => {
      const due = [3, 1, 2, 5].map((minutes) =>
        item(`call/pbx/c${minutes}`, {
          pending: [{ figure: 'firstRing', scope: 'site', at, lostAt: at + minutes * MINUTE }],
        }),
      );
      await store.write(async (tx) => {
        await tx.save(due.map(saved));
        const first = await tx.due(at + 3 * MINUTE, 2);
        expect(first.map(({ key }) => key)).toEqual(['call/pbx/c1', 'call/pbx/c2']);
        const second = await tx.due(at + 3 * MINUTE, 2, first[1]!);
        expect(second.map(({ key }) => key)).toEqual(['call/pbx/c3']);
        expect(await tx.due(at + MINUTE - 1, 2)).toEqual([]);
      });
    });

    on('the views of every call offered inside a span, as of when their reading began', async (store) => {
      const call = (key: string, ...offeredAt: Instant[]): Item => item(key, { views: offeredAt.map(view) });
      await store.write((tx) =>
        tx.save(
          [
            call('call/pbx/b', at),
            call('call/pbx/c', at - 3 * HOUR, at + HOUR - 1),
            call('call/pbx/d', at - HOUR, at + 2 * HOUR),
            call('call/pbx/f', at + 1),
            item('thread/x', { settled: [{ figure: 'emailsReceived', scope: 'site', at, n: 1, d: 0 }] }),
          ].map(saved),
        ),
      );
      const inside = async (some: AsyncIterable<Judged['views']>): Promise<Instant[]> => {
        const views = (await listOf(some)).flat().map(({ offeredAt }) => offeredAt);
        return views.filter((offeredAt) => offeredAt >= at && offeredAt < at + HOUR).sort((a, b) => a - b);
      };
      const reading = store.callViews({ from: at, to: at + HOUR })[Symbol.asyncIterator]();
      const begun: IteratorResult<Judged['views']> = await reading.next();
      const first: Judged['views'] = begun.done === true ? [] : begun.value;
      await store.write((tx) => tx.save([saved(call('call/pbx/g', at + 5))]));
      const rest = await inside({ [Symbol.asyncIterator]: () => reading });
      const seen = first.map(({ offeredAt }) => offeredAt).filter((offeredAt) => offeredAt >= at);
      expect([...seen, ...rest].filter((one) => one < at + HOUR).sort((a, b) => a - b)).toEqual([
        at,
        at + 1,
        at + HOUR - 1,
      ]);
      expect(await inside(store.callViews({ from: at, to: at + HOUR }))).toEqual([
        at,
        at + 1,
        at + 5,
        at + HOUR - 1,
      ]);
    });

    on('the views of more calls than a page holds, each once', async (store) => {
      const many = Array.from({ length: 2_300 }, (_, i) =>
        item(`call/pbx/${i}`, { views: [view(at + (i % 7))] }),
      );
      await store.write((tx) => tx.save(many.map(saved)));
      const pages = await listOf(store.callViews({ from: at, to: at + HOUR }));
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.flat()).toHaveLength(2_300);
    });

    on('what was counted inside a span, to the millisecond', async (store) => {
      const settled = [at - 1, at, at + 1, at + 2].map((moment) => ({
        figure: 'firstRing' as const,
        scope: 'site' as const,
        at: moment,
        n: 1,
        d: 1,
      }));
      const lost = { figure: 'firstRing', scope: 'site', at, lostAt: at + MINUTE } as const;
      const long = { ...settled[1]!, figure: 'abandonment' as const, at: at - 5 * HOUR };
      await store.write((tx) =>
        tx.save(
          [
            item('call/pbx/a', { settled }),
            item('call/pbx/b', { settled: [settled[1]!, long], pending: [lost] }, { foldedTo: at + MINUTE }),
            item('call/pbx/c', { pending: [lost] }, { foldedTo: at + MINUTE - 1 }),
          ].map(saved),
        ),
      );
      const counted = await store.settledIn({ from: at, to: at + 2 }, ['firstRing'], ['site']);
      expect(counted.toSorted((a, b) => a.at - b.at || a.n - b.n)).toEqual([
        { figure: 'firstRing', scope: 'site', at, n: 0, d: 1 },
        settled[1],
        settled[1],
        settled[2],
      ]);
      expect(await store.settledIn({ from: at, to: at + 2 }, ['firstRing'], ['team:help'])).toEqual([]);
      expect(
        await store.settledIn({ from: at - 5 * HOUR, to: at - HOUR }, ['abandonment'], ['site']),
      ).toEqual([long]);
    });

    on('the contacts of people in their calls and texts, and not their obligations', async (store) => {
      const contacts: Judged['contacts'] = [{ what: 'cause', at, team: 'help', why: 'text' }];
      await store.write(async (tx) => {
        const contacted = [
          item('call/pbx/a', { contacts }, { person: 'p-1' }),
          item('text/sms/b', { contacts }, { person: 'p-1' }),
          item('call/pbx/silent', {}, { person: 'p-1' }),
          item('person/p-1', { contacts }, { person: 'p-1' }),
          item('call/pbx/c', { contacts }, { person: 'p-2' }),
        ];
        await tx.save(contacted.map(saved));
        const found = await tx.contactsOf(['p-1', 'p-3']);
        expect(found.get('p-1')?.map(({ key }) => key)).toEqual(['call/pbx/a', 'text/sms/b']);
        expect(found.get('p-1')?.map((one) => one.contacts)).toEqual([contacts, contacts]);
        expect(found.get('p-3') ?? []).toEqual([]);
        await tx.save([changed(contacted[0]!, null)]);
        expect((await tx.contactsOf(['p-1'])).get('p-1')?.map(({ key }) => key)).toEqual(['text/sms/b']);
      });
    });

    on('the newest mentions in their last version, and nothing deleted', async (store) => {
      const mention = (id: string, moment: Instant): Item =>
        item(`post/x/${id}`, { settled: [{ figure: 'mentions', scope: 'site', at: moment, n: 1, d: 0 }] });
      await put(
        store,
        post('1', ['1'], 'first words'),
        post('2', ['1', '2'], 'mended words'),
        post('5', ['5'], 'other'),
      );
      await put(store, {
        ...post('5', ['5'], ''),
        fact: { kind: 'post_delete', network: 'x', id: '5', at: at + HOUR },
      });
      await store.write((tx) =>
        tx.save([mention('1', at), mention('5', at + 1), mention('9', at + 2)].map(saved)),
      );
      expect(await store.mentions(10)).toEqual([
        {
          id: 'x/1',
          network: 'x',
          name: 'Ann',
          handle: '@ann',
          text: 'mended words',
          at,
          avatar: null,
          pinned: false,
        },
      ]);
      await store.write((tx) => tx.save([changed(mention('1', at), null)]));
      expect(await store.mentions(10)).toEqual([]);
    });

    on('every key of an item or of facts, once and in order', async (store) => {
      await put(store, offered('b', at), offered('d', at));
      await store.write((tx) => tx.save([item('call/pbx/a'), item('call/pbx/d')].map(saved)));
      expect(await store.itemKeys({ after: null, limit: 2 })).toEqual(['call/pbx/a', 'call/pbx/b']);
      expect(await store.itemKeys({ after: 'call/pbx/b', limit: 2 })).toEqual(['call/pbx/d']);
    });

    on('in an audit the moment at which it began, and what differs', async (store) => {
      await store.write((tx) => tx.addTallies([delta(1, 1), { ...delta(2, 2), scope: 'team:help' }]));
      const found = await store.audit(async (reading) => {
        expect(await reading.itemKeys({ after: null, limit: 10 })).toEqual([]);
        await store.write(async (tx) => {
          await tx.save([saved(item('call/pbx/c1'))]);
          await tx.addTallies([delta(7, 7)]);
        });
        expect(await reading.itemKeys({ after: null, limit: 10 })).toEqual([]);
        await reading.count(
          [delta(1, 1), { ...delta(2, 1), scope: 'team:help' }, { ...delta(1, 0), scope: 'queue:q' }],
          [],
        );
        expect(await reading.counted()).toBe(3);
        return listOf(reading.unequal());
      });
      const { figure, quarter } = delta(0, 0);
      expect(found.toSorted((a, b) => (a.scope < b.scope ? -1 : 1))).toEqual([
        { figure, scope: 'queue:q', quarter, stored: { n: 0, d: 0 }, counted: { n: 1, d: 0 } },
        { figure, scope: 'team:help', quarter, stored: { n: 2, d: 2 }, counted: { n: 2, d: 1 } },
      ]);
      expect(await store.itemKeys({ after: null, limit: 10 })).toEqual(['call/pbx/c1']);
    });

    on('that it can be written', async (store) => {
      await store.ping();
      await store.ping();
    });
  });
}

function offered(call: string, moment: Instant, queue = 'support'): KeptFact {
  const fact: Fact = { kind: 'offered', call, at: moment, queue, entry: 'e1' };
  return { item: `call/pbx/${call}`, source: 'pbx', subject: call, part: 'e1', fact };
}

function post(id: string, chain: string[], text: string): KeptFact {
  const [root = id] = chain;
  const fact: Fact = {
    kind: 'post',
    network: 'x',
    id,
    chain,
    author: 'u1',
    name: 'Ann',
    handle: '@ann',
    text,
    type: 'post',
    at,
    seen: at,
  };
  return { item: `post/x/${root}`, source: 'x', subject: `x/${id}`, part: '', fact };
}

function item(key: string, judged: Partial<Judged> = {}, over: Partial<Item> = {}): Item {
  return {
    key,
    source: 'pbx',
    person: null,
    at,
    judged: { ...nothingJudged, ...judged },
    foldedTo: at,
    ...over,
  };
}

function delta(n: number, d: number): TallyDelta {
  return { figure: 'firstRing', scope: 'site', quarter: at, n, d };
}

function waiting(until: Instant): Judged['live'][number] {
  return { what: 'call', scopes: ['site'], offeredAt: at, state: 'waiting', bridgedAt: null, until };
}

function view(offeredAt: Instant): Judged['views'][number] {
  return {
    scope: 'site',
    offeredAt,
    outcome: 'answered',
    firstRing: 'met',
    ringMs: 2_000,
    reactionMs: 2_000,
    waitMs: 3_000,
    preRingMs: 1_000,
    menuMs: null,
    talkMs: null,
    talkingSince: offeredAt + 3_000,
  };
}

function put(store: Store, ...facts: KeptFact[]) {
  return store.write((tx) => tx.add(facts));
}

async function factsOf(store: Store, key: string): Promise<Fact[]> {
  const found = await store.write((tx) => tx.facts([key]));
  return (found.get(key) ?? []).map(({ fact }) => fact);
}

async function listOf<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of all) list.push(one);
  return list;
}
