import {
  type ErrorCode,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { type Complaint, fieldOf } from './complaint.ts';

/** Aliases that one file may use; more would be a file made to swell. */
const ALIASES_MAX = 100;

/** A YAML file as plain values that still know where they were written. */
export interface Document {
  value: unknown;
  complaint(path: readonly PropertyKey[], text: string): Complaint;
  /** The same, pointing at a key instead of its value. */
  complaintAtKey(path: readonly PropertyKey[], key: string, text: string): Complaint;
}

/** What was read, and what is wrong with its YAML; no document where it cannot be understood. */
export interface Reading {
  document: Document | null;
  complaints: Complaint[];
}

/** `file` is the name that complaints begin with. */
export function readDocument(text: string, file: string): Reading {
  const lines = new LineCounter();
  // Pretty errors would quote the line, and with it perhaps a secret.
  const parsed = parseDocument(text, { prettyErrors: false, lineCounter: lines, stringKeys: true });
  const at = (offset: number, field: string, what: string): Complaint => {
    const { line, col } = lines.linePos(offset);
    const place = `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
    return { place, line, column: col, field, text: what };
  };
  const complaints = [
    ...parsed.errors.map(({ code, pos }) => at(pos[0], '', syntax(code, text, pos[0]))),
    ...parsed.warnings.map(({ pos }) =>
      at(pos[0], '', 'is not used here: remove the tag (!…) or directive (%…).'),
    ),
  ];
  if (parsed.errors.some(({ code }) => code !== 'DUPLICATE_KEY'))
    return { document: null, complaints: firstOfEachLine(complaints) };
  let value: unknown;
  try {
    value = parsed.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const what =
      'an alias (*name) names no anchor (&name) before it, or there are far too many: write the values out.';
    return { document: null, complaints: [at(0, '', what)] };
  }
  const offsetOf = (path: readonly PropertyKey[]): number => nearest(parsed.contents, path)?.range?.[0] ?? 0;
  const document: Document = {
    value,
    complaint: (path, what) => at(offsetOf(path), fieldOf(path), what),
    complaintAtKey: (path, key, what) => {
      const holder = nearest(parsed.contents, path);
      const pair = isMap(holder)
        ? holder.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined;
      return at(
        (isNode(pair?.key) ? pair.key.range?.[0] : undefined) ?? offsetOf(path),
        fieldOf([...path, key]),
        what,
      );
    },
  };
  return { document, complaints };
}

/** One slip makes the parser stumble several times. */
function firstOfEachLine(complaints: readonly Complaint[]): Complaint[] {
  const sorted = [...complaints].sort((a, b) => a.line - b.line || a.column - b.column);
  return sorted.filter(({ line }, i) => sorted[i - 1]?.line !== line);
}

/** The node at the path, or the last one on the way that exists. */
function nearest(root: Node | null, path: readonly PropertyKey[]): Node | null {
  let node = root;
  for (const step of path) {
    const next: unknown = isCollection(node)
      ? node.get(typeof step === 'symbol' ? '' : step, true)
      : undefined;
    if (!isNode(next)) break;
    node = next;
  }
  return node;
}

/** In words of ours: the parser's own can quote the file. */
function syntax(code: ErrorCode, text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n')[0] ?? '';
  if (/[[{].*\$\{/.test(line)) return `inside { } or [ ] a variable must stand in quotes: "\${NAME}".`;
  return `is not YAML: ${syntaxWords[code] ?? 'this does not belong here; check the indentation, the colons and the quotes.'}`;
}

const syntaxWords: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT:
    'the indentation is wrong, or a { or [ is not closed; indent what belongs together by the same number of spaces.',
  TAB_AS_INDENT: 'there is a tab; indent with spaces.',
  DUPLICATE_KEY: 'this setting is written twice; keep one.',
  MISSING_CHAR: 'a quote, a bracket or a colon is missing here; close it.',
  BLOCK_AS_IMPLICIT_KEY:
    'there are two colons in one line, or the next line is indented too far; put text with a colon in quotes.',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing here, or the line is indented wrongly.',
  BAD_SCALAR_START: 'text may not begin with this character; put it in quotes.',
  BAD_DQ_ESCAPE: 'a backslash in double quotes means something else; use single quotes.',
  MULTIPLE_DOCS: 'there is a second document after ---; keep one.',
  BAD_ALIAS: 'an alias (*name) is wrong; text that begins with * must stand in quotes.',
  NON_STRING_KEY: 'the name of a setting must be text.',
};
