import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELL_CHARS_MAX, type Cell, csvLine } from '../../server/http/csv.ts';

/** What RFC 4180 reads out of a file, with nothing left out. */
function read(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] ?? '';
    if (quoted && sign === '"' && text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ',') {
      cells.push(cell);
      cell = '';
    } else if (!quoted && sign === '\r' && text[i + 1] === '\n') {
      lines.push([...cells, cell]);
      cells = [];
      cell = '';
      i += 1;
    } else cell += sign;
  }
  if (quoted || cell !== '' || cells.length > 0) throw new Error('It does not end where a line ends.');
  return lines;
}

const dangers = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '﹢', '﹣', '﹦', '﹫', '−'];
const hidden = ['', ' ', '\u00a0', '\u200b', '\ufeff', '\u0000', '\u3000', '\t'];
const hostile = fc
  .tuple(
    fc.constantFrom(...hidden),
    fc.constantFrom(...dangers),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  .map((parts) => parts.join(''));
const awkward = fc.oneof(
  hostile,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('a,b', 'say "no"', 'a\r\nb', '";=1+1', '"\r\n=1+1', '\ud800', 'ü 😀', "'", ''),
);

describe('a line of CSV', () => {
  it('reads back as what was written, however hostile the cells, and no cell can calculate', () => {
    fc.assert(
      fc.property(fc.array(fc.array(awkward, { minLength: 1, maxLength: 6 }), { maxLength: 6 }), (table) => {
        const lines = read(table.map(csvLine).join(''));
        expect(lines.map((line) => line.length)).toEqual(table.map((line) => line.length));
        for (const cell of lines.flat()) {
          expect(cell).not.toMatch(/^[\s\p{C}\p{Z}]*[=+\-@＝＋－＠﹢﹣﹦﹫−]/u);
          expect(cell).not.toMatch(/\p{Cc}/u);
          expect(cell.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('has no beginning of a cell inside a cell, wherever a reader splits', () => {
    expect(csvLine(['a;=1+1', 'b'])).toBe('"a;=1+1","b"\r\n');
    expect(csvLine(['x\n=1+1'])).toBe('"x =1+1"\r\n');
  });

  it('puts an apostrophe before what would calculate, and leaves all else as it is', () => {
    const cells = ['=1+1', ' @sum', '-', '+1 555 0100', 'a=b', '—', "O'Neil", '10-20', 'Ann "the voice" Lee'];
    expect(read(csvLine(cells))[0]).toEqual([
      "'=1+1",
      "' @sum",
      "'-",
      "'+1 555 0100",
      'a=b',
      '—',
      "O'Neil",
      '10-20',
      'Ann "the voice" Lee',
    ]);
  });

  it('keeps numbers numbers, below nought too, and empty what is not known', () => {
    const cells: Cell[] = [0, -12.5, 1e21, null, Number.NaN, Number.POSITIVE_INFINITY, '7'];
    expect(csvLine(cells)).toBe('0,-12.5,1e+21,,,,"7"\r\n');
  });

  it('ends a cell where a spreadsheet would, never inside a character', () => {
    const [[cell = ''] = []] = read(csvLine([`${'x'.repeat(CELL_CHARS_MAX - 1)}😀`]));
    expect(cell).toHaveLength(CELL_CHARS_MAX);
    expect(cell.isWellFormed()).toBe(true);
  });
});
