import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const SOFFICE = process.env.SOFFICE_PATH ?? '/usr/bin/soffice';
const ABSENT = `LibreOffice is not at ${SOFFICE}, so no exported table was opened in a real spreadsheet.
Install it with: sudo apt-get install -y --no-install-recommends libreoffice-calc
(or name another with SOFFICE_PATH)`;

/** A cell as a spreadsheet took it. */
export interface OpenedCell {
  /** What it calculates; null when it does not. */
  formula: string | null;
  type: 'string' | 'float' | 'percentage' | 'date' | 'other';
  text: string;
}

/** A `describe` for what needs a real spreadsheet; where there is none it says so and skips, on a CI machine too. */
export function describeWithLibreOffice(name: string, tests: () => void): void {
  const present = existsSync(SOFFICE);
  if (!present) process.stderr.write(`\n${'='.repeat(72)}\n${ABSENT}\n${'='.repeat(72)}\n\n`);
  describe.skipIf(!present)(name, tests);
}

/** Opens a CSV file in a LibreOffice of its own that splits at this sign; its rows, without empty cells and lines. */
export function openInSpreadsheet(csv: string, separator: ',' | ';' | '\t' = ','): OpenedCell[][] {
  using folder = temporaryFolder();
  const file = join(folder.path, 'table.csv');
  writeFileSync(file, csv);
  execFileSync(
    SOFFICE,
    [
      // A profile of its own, or it would hand the work to one that is open already.
      `-env:UserInstallation=${pathToFileURL(join(folder.path, 'profile')).href}`,
      '--headless',
      // Its documentation, "Filter Options for CSV Import": separator, quote, UTF-8, from line 1.
      `--infilter=Text - txt - csv (StarCalc):${separator.charCodeAt(0)},34,76,1`,
      '--convert-to',
      'fods',
      '--outdir',
      folder.path,
      file,
    ],
    { stdio: 'pipe', timeout: 60_000 },
  );
  const text = readFileSync(join(folder.path, 'table.fods'), 'utf8');
  const rows = [...text.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)];
  return rows.map(([, row = '']) => cellsIn(row)).filter((row) => row.length > 0);
}

function cellsIn(row: string): OpenedCell[] {
  return [...row.matchAll(/<table:table-cell\b([^>]*[^/])>(.*?)<\/table:table-cell>/gs)].map(
    ([, about = '', inside = '']) => ({
      formula: /table:formula="([^"]*)"/.exec(about)?.[1] ?? null,
      type: typeOf(/office:value-type="([^"]*)"/.exec(about)?.[1]),
      text: inside
        .replace(/<text:s[^>]*\/>/g, ' ')
        .replace(/<[^>]*>/g, '')
        .replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '')
        .trim(),
    }),
  );
}

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function typeOf(written: string | undefined): OpenedCell['type'] {
  return written === 'string' || written === 'float' || written === 'percentage' || written === 'date'
    ? written
    : 'other';
}
