import { describe, expect, it } from 'vitest';
import { aRule } from './a-rule.ts';
import { anEngine } from './an-engine.ts';

const NINE = Date.parse('2026-11-17T09:00:00Z');
const said = { by: 'Ann', at: NINE };

describe('an undo', () => {
  it('takes back every kind of change, and can be taken back itself', async () => {
    await using engine = await anEngine(NINE);
    const { book } = engine.alerting.alerts;
    const undoLast = async () => {
      const [last] = await engine.store.ruleChanges({ before: null, limit: 1 });
      await book.undo(last?.id ?? 0, said);
    };
    const usual = new Set(book.all().map((rule) => rule.id));
    const stands = () =>
      book
        .all()
        .filter((rule) => !usual.has(rule.id))
        .map(({ on, warning, version }) => ({ on, warning, version }));
    const plain = aRule({ scope: 'queue:support', warning: 70, critical: null });
    const { id } = await book.make(plain, said);
    await undoLast();
    expect(stands()).toEqual([]);
    await undoLast();
    expect(stands()).toEqual([{ on: true, warning: 70, version: 2 }]);
    await book.change(id, { ...plain, warning: 60 }, 2, said);
    await undoLast();
    expect(stands()).toEqual([{ on: true, warning: 70, version: 4 }]);
    await book.turn(id, false, said);
    await undoLast();
    expect(stands()).toEqual([{ on: true, warning: 70, version: 6 }]);
    await book.drop(id, said);
    await undoLast();
    expect(stands()).toEqual([{ on: true, warning: 70, version: 7 }]);
    const changes = await engine.store.ruleChanges({ before: null, limit: 99 });
    const own = changes.filter(({ rule }) => rule === id).reverse();
    expect(own.map(({ what }) => what)).toEqual([
      'made',
      'undone',
      'undone',
      'changed',
      'undone',
      'switched off',
      'undone',
      'deleted',
      'undone',
    ]);
  });
});
