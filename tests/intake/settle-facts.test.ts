import { expect, it } from 'vitest';
import type { Fact, Offered } from '../../server/fact.ts';
import type { Entry } from '../../server/intake/item-cache.ts';
import { settleFacts } from '../../server/intake/settle-facts.ts';
import type { KeptFact } from '../../server/store/store.ts';
import type { Instant } from '../../shared/time.ts';

const at: Instant = Date.parse('2026-03-10T10:00:00Z');
const item = 'call/pbx/c1';

it('stores a fact once, however often it comes', () => {
  const { outcomes, fresh, kept } = settle(offered(at), offered(at), offered(at));
  expect(outcomes).toEqual(['stored', 'repeat', 'repeat']);
  expect(fresh).toEqual([offered(at).fact]);
  expect(kept).toEqual([offered(at).fact]);
});

it('keeps the earlier of two with one key, in either order', () => {
  expect(settle(offered(at), offered(at - 1))).toMatchObject({
    outcomes: ['stored', 'conflict'],
    replaced: [offered(at - 1).fact],
    kept: [offered(at - 1).fact],
  });
  expect(settle(offered(at - 1), offered(at))).toMatchObject({
    outcomes: ['stored', 'conflict'],
    replaced: [],
    kept: [offered(at - 1).fact],
  });
});

it('keeps the smaller canonical JSON of two at one instant', () => {
  const [support, billing] = [offered(at, { queue: 'support' }), offered(at, { queue: 'billing' })];
  expect(settle(support, billing).kept).toEqual([billing.fact]);
  expect(settle(billing, support).kept).toEqual([billing.fact]);
});

it('takes other members in another order for the same', () => {
  const { fact } = offered(at);
  const turned = Object.fromEntries(Object.entries(fact).reverse()) as unknown as Fact;
  expect(settle(offered(at), { ...offered(at), fact: turned }).outcomes).toEqual(['stored', 'repeat']);
});

it('holds facts apart by source, kind, subject and part', () => {
  const one = offered(at);
  const alert: KeptFact = {
    ...one,
    part: 'l1',
    fact: { kind: 'alert', call: 'c1', at, agent: 'a', leg: 'l1' },
  };
  const others = [{ ...one, part: 'e2' }, { ...one, source: 'branch' }, { ...one, subject: 'c1b' }, alert];
  expect(settle(one, ...others).outcomes).toEqual(Array.from({ length: 5 }, () => 'stored'));
});

it('touches the items alone whose facts are others afterwards', () => {
  const entries = new Map<string, Entry>([[item, { facts: [offered(at - 1)], item: null }]]);
  expect(settleFacts([offered(at - 1), offered(at)], entries).touched.size).toBe(0);
  expect(settleFacts([offered(at - 2)], entries).touched.has(item)).toBe(true);
});

function settle(...heard: KeptFact[]) {
  const entry: Entry = { facts: [], item: null };
  const { outcomes, fresh, replaced } = settleFacts(heard, new Map([[item, entry]]));
  const facts = (some: readonly KeptFact[]): Fact[] => some.map(({ fact }) => fact);
  return { outcomes, fresh: facts(fresh), replaced: facts(replaced), kept: facts(entry.facts) };
}

function offered(moment: Instant, more: Partial<Offered> = {}): KeptFact {
  const fact: Fact = { kind: 'offered', call: 'c1', at: moment, queue: 'support', entry: 'e1', ...more };
  return { item, source: 'pbx', subject: 'c1', part: 'e1', fact };
}
