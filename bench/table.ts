import type { Limit, Row } from './row.ts';

const HEAD = ['what', 'unit', 'value', 'floor', 'ratio', 'bar', 'goal', ''] as const;

/** The rows as a table in plain text, notes beneath; Markdown reads it as a table too. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell[column > 1 && column < 5 ? 'padStart' : 'padEnd'](widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column > 1 && column < 5 ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  const notes = rows.map(({ name, note }) => `- ${name}: ${note}`);
  return [line(HEAD), rule, ...cells.map(line), '', ...notes, ''].join('\n');
}

function cellsOf(row: Row): string[] {
  return [
    row.name,
    row.unit,
    row.value === null ? 'not measured' : numberText(row.value),
    row.floor === null ? '–' : numberText(row.floor),
    row.ratio === null ? '–' : row.ratio.toFixed(2),
    row.bar === null ? '–' : limitText(row.bar),
    row.goal === null ? '–' : limitText(row.goal),
    standing(row),
  ];
}

/** Three significant digits, whole from a hundred on. */
export function numberText(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value === 0 ? '0' : value.toPrecision(3);
}

function limitText(limit: Limit): string {
  const times = limit.of === 'ratio' ? '×' : '';
  return 'least' in limit
    ? `≥ ${limit.least.toLocaleString('en')}${times}`
    : `≤ ${limit.most.toLocaleString('en')}${times}`;
}

function standing({ holds, reached }: Row): string {
  if (holds === false) return 'DOES NOT HOLD';
  if (holds === null && reached === null) return '';
  if (reached === true) return holds === null ? 'goal reached' : 'holds, goal reached';
  return holds === null ? 'short of the goal' : 'holds';
}
