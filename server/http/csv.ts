/**
 * CSV by RFC 4180, safe to open in a spreadsheet. It begins with a byte order mark: without one Excel takes UTF-8 for the
 * code page of its machine, and every other reader in use steps over it.
 */

/** What stands in a cell; null is an empty one. Only a number is a number: text that looks like one stays text. */
export type Cell = string | number | null;

export const CSV_TYPE = 'text/csv; charset=utf-8';
export const BYTE_ORDER_MARK = '\uFEFF';
/** A spreadsheet takes no more in one cell. */
export const CELL_CHARS_MAX = 32_767;

/**
 * What makes a spreadsheet calculate (OWASP, "CSV Injection"): = + - @, also full width, at the beginning or after what
 * cannot be seen there, and a beginning with a tab or an end of line.
 */
const CALCULATES =
  /^(?:[\s\p{C}\p{Z}\uFEFF]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\uFE62\uFE63\uFE66\uFE6B\u2212]|[\t\r\n])/u;

/** One line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/**
 * Every text stands in quotes, needed or not: a reader that splits at another sign, as spreadsheets in some countries do at
 * semicolons, must not find the beginning of a cell inside it.
 */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  return `"${harmless(cell).replaceAll('"', '""')}"`;
}

/** An apostrophe goes before what would calculate. Ends of line and other signs that steer become spaces. */
function harmless(text: string): string {
  const safe = CALCULATES.test(text) ? `'${text}` : text;
  return safe
    .toWellFormed()
    .replace(/\r\n|\p{Cc}|\u2028|\u2029/gu, ' ')
    .slice(0, CELL_CHARS_MAX)
    .toWellFormed();
}
