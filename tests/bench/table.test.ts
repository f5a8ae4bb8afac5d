import { describe, expect, it } from 'vitest';
import { withTable } from '../../bench/doc-table.ts';
import { notMeasured, rowFrom, rowOf } from '../../bench/row.ts';
import { numberText, tableOf } from '../../bench/table.ts';

const what = { name: 'a push', unit: 'ms', note: 'to 1,000 boards' };
const bar = { of: 'ratio', most: 1.1 } as const;

/** The cells of each line of the table, without the rule beneath its head. */
function cells(table: string): string[][] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the table', () => {
  it('shows value, floor, ratio, bar and whether it holds', () => {
    const [head, row] = cells(tableOf([rowOf({ ...what, bar }, [{ value: 21, floor: 20 }])]));
    expect(head).toEqual(['what', 'unit', 'value', 'floor', 'ratio', 'bar', 'goal', '']);
    expect(row).toEqual(['a push', 'ms', '21.0', '20.0', '1.05', '≤ 1.1×', '–', 'holds']);
  });

  it('says loudly when a bar does not hold', () => {
    expect(cells(tableOf([rowFrom({ ...what, bar }, 24, 20)]))[1]?.at(-1)).toBe('DOES NOT HOLD');
  });

  it('says what was not measured, and why', () => {
    const table = tableOf([notMeasured({ ...what, bar }, 'the database is absent')]);
    expect(cells(table)[1]).toEqual(['a push', 'ms', 'not measured', '–', '–', '≤ 1.1×', '–', '']);
    expect(table).toContain('- a push: the database is absent');
  });

  it.each([
    [{ bar, goal: { of: 'ratio', most: 1 } as const }, 'holds'],
    [{ bar, goal: { of: 'ratio', most: 1.08 } as const }, 'holds, goal reached'],
    [{ goal: { of: 'ratio', most: 1.08 } as const }, 'goal reached'],
    [{ goal: { of: 'ratio', most: 1 } as const }, 'short of the goal'],
    [{}, ''],
  ])('of %j at a ratio of 1.05 says "%s"', (limits, said) => {
    expect(cells(tableOf([rowFrom({ ...what, ...limits }, 21, 20)]))[1]?.at(-1)).toBe(said);
  });

  it('has lines of one width', () => {
    const table = tableOf([rowFrom({ ...what, bar }, 123_456, 1), notMeasured(what, 'no')]);
    const widths = table
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.length);
    expect(new Set(widths).size).toBe(1);
  });
});

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [9.876, '9.88'],
    [99.94, '99.9'],
    [100.4, '100'],
    [123_456.7, '123,457'],
  ])('%d reads %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe('the document', () => {
  const results = {
    measuredAt: '2026-03-10T08:00:00.000Z',
    machine: 'two cores',
    seconds: 1,
    loadBefore: 0,
    rows: [rowFrom(what, 2, null)],
  };

  it('gets the table between its marks and nowhere else, however often', () => {
    const document = 'before\n<!-- results -->\nold\n<!-- end of results -->\nafter\n';
    const once = withTable(document, results);
    expect(once).toMatch(/^before\n<!-- results -->\n\nMeasured on 2026-03-10 on two cores\.\n\n\| what/);
    expect(once).toMatch(/<!-- end of results -->\nafter\n$/);
    expect(once).not.toContain('old');
    expect(withTable(once, results)).toBe(once);
  });

  it('without marks is refused', () => {
    expect(() => withTable('nothing', results)).toThrow('no line');
  });
});
