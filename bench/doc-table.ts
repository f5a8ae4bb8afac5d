import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row.ts';
import { tableOf } from './table.ts';

/** What bench/results.json holds. */
export interface Results {
  measuredAt: string;
  machine: string;
  seconds: number;
  /** Processes that wanted to run in the minute before: near nought, or the figures are not the machine's. */
  loadBefore: number;
  rows: Row[];
}

const BEGIN = '<!-- results -->';
const END = '<!-- end of results -->';

/** The document with the table of these results between its two marks. Throws when it has no marks. */
export function withTable(document: string, { measuredAt, machine, rows }: Results): string {
  const [before, rest] = cut(document, BEGIN);
  const [, after] = cut(rest, END);
  const when = `Measured on ${measuredAt.slice(0, 10)} on ${machine}.`;
  return `${before}${BEGIN}\n\n${when}\n\n${tableOf(rows)}\n${END}${after}`;
}

function cut(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`The document has no line ${mark}.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

if (import.meta.main) {
  const document = join(import.meta.dirname, '..', 'docs', 'performance.md');
  const results = JSON.parse(readFileSync(join(import.meta.dirname, 'results.json'), 'utf8')) as Results;
  writeFileSync(document, withTable(readFileSync(document, 'utf8'), results));
}
