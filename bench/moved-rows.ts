/** Rows of made-up calls are made once around this instant, and moved to others from there. */
export const BASE_AT = Date.parse('2024-01-01T00:00:00Z');
/** When our patience with mail of then ends: at a midnight, so that it moves by whole days. */
export const BASE_UNTIL = Date.parse('2024-01-12T00:00:00Z');

/** What stands for the id of an item of this shape, and for its customer, until they have names. */
export const itemMark = (shape: number): string => `<<item ${shape}>>`;
export const personMark = (shape: number): string => `<<person ${shape}>>`;

/** The shape whose mark a text bears first. Throws where there is none. */
export function shapeIn(text: string): number {
  const found = /<<(?:item|person) (\d+)>>/.exec(text)?.[1];
  if (found === undefined) throw new Error(`"${text}" belongs to no shape.`);
  return Number(found);
}

const marks = /(<<item \d+>>|<<person \d+>>|1704\d{9}|1705017600000)/;

export interface Naming {
  item: string;
  person: string;
  movedMs: number;
  /** What `BASE_UNTIL` becomes. */
  until: number;
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

type Piece = { literal: Cell } | { at: number } | 'until' | { name: 'item' | 'person' };

function piecesOf(value: Cell): Piece | Piece[] {
  if (value === BASE_UNTIL) return 'until';
  if (typeof value === 'number' && /^1704\d{9}$/.test(String(value))) return { at: value };
  if (typeof value !== 'string') return { literal: value };
  const parts = value.split(marks).filter((part) => part !== '');
  if (!marks.test(value)) return { literal: value };
  return parts.map((part): Piece => {
    if (part === String(BASE_UNTIL)) return 'until';
    if (/^1704\d{9}$/.test(part)) return { at: Number(part) };
    if (part.startsWith('<<item ')) return { name: 'item' };
    return part.startsWith('<<person ') ? { name: 'person' } : { literal: part };
  });
}

function textOf(pieces: readonly Piece[], naming: Naming): string {
  let text = '';
  for (const piece of pieces) text += String(valueIn(piece, naming));
  return text;
}

function valueIn(piece: Piece, naming: Naming): Cell {
  if (piece === 'until') return naming.until;
  if ('literal' in piece) return piece.literal;
  return 'at' in piece ? piece.at + naming.movedMs : naming[piece.name];
}
