/** Rows of made-up calls are made once around this instant, and moved to others from there. */
export const BASE_AT = Date.parse('2024-01-01T00:00:00Z');

/** What stands for the id of a call of this shape, and for its caller, until they have names. */
export const callMark = (shape: number): string => `<<call ${shape}>>`;
export const personMark = (shape: number): string => `<<person ${shape}>>`;
const marks = /(<<call \d+>>|<<person \d+>>|1704\d{9})/;

export interface Naming {
  call: string;
  person: string;
  movedMs: number;
}

export type Cell = string | number | null;

/** Gives the row with every instant moved and every mark replaced. */
export type MovedRow = (naming: Naming) => Cell[];

/** A row's values whose instants lie within 11 days of `BASE_AT`, in numbers and in texts alike. */
export function movedRow(values: readonly Cell[]): MovedRow {
  const cells = values.map(piecesOf);
  return (naming) => {
    const row: Cell[] = [];
    for (const cell of cells) row.push(Array.isArray(cell) ? textOf(cell, naming) : valueIn(cell, naming));
    return row;
  };
}

type Piece = { literal: Cell } | { at: number } | { name: 'call' | 'person' };

function piecesOf(value: Cell): Piece | Piece[] {
  if (typeof value === 'number' && /^1704\d{9}$/.test(String(value))) return { at: value };
  if (typeof value !== 'string') return { literal: value };
  const parts = value.split(marks).filter((part) => part !== '');
  if (!marks.test(value)) return { literal: value };
  return parts.map((part): Piece => {
    if (/^1704\d{9}$/.test(part)) return { at: Number(part) };
    if (part.startsWith('<<call ')) return { name: 'call' };
    return part.startsWith('<<person ') ? { name: 'person' } : { literal: part };
  });
}

function textOf(pieces: readonly Piece[], naming: Naming): string {
  let text = '';
  for (const piece of pieces) text += String(valueIn(piece, naming));
  return text;
}

function valueIn(piece: Piece, naming: Naming): Cell {
  if ('literal' in piece) return piece.literal;
  return 'at' in piece ? piece.at + naming.movedMs : naming[piece.name];
}
