import { isUtf8 } from 'node:buffer';
import { LINE_MAX_BYTES } from './limits.ts';

/** One line of a stream without its end, or why it cannot be read. */
export type Line = { text: string } | { flaw: string };

/** Cuts a stream of bytes into lines, wherever its chunks happen to end. Holds at most one line. */
export interface Lines {
  /** The lines that this chunk completes. */
  push(chunk: Buffer): Line[];
  /** The last line, when the stream did not end with a line end. */
  end(): Line[];
}

const LINE_END = 10;
const tooLong: Line = { flaw: `is longer than ${LINE_MAX_BYTES} bytes` };
const notUtf8: Line = { flaw: 'is not valid UTF-8' };

/** A byte order mark at the start is left out; CRLF is as good as LF. */
export function createLines(): Lines {
  /** The pieces of the line that has not ended yet. */
  let rest: Buffer[] = [];
  let restBytes = 0;
  let first = true;
  /** Inside a line that is already too long: its end is looked for and nothing is kept. */
  let skipping = false;

  const cut = (bytes: Buffer): Line[] => {
    const start = first && bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
    first = false;
    const whole = bytes.subarray(start);
    if (isUtf8(whole)) return whole.toString('utf8').split('\n').map(lineOf);
    return splitBytes(whole).map((line) => (isUtf8(line) ? lineOf(line.toString('utf8')) : notUtf8));
  };
  const takeRest = (last: Buffer): Buffer => {
    const whole = rest.length === 0 ? last : Buffer.concat([...rest, last]);
    rest = [];
    restBytes = 0;
    return whole;
  };
  const keep = (bytes: Buffer): Line[] => {
    if (bytes.length === 0) return [];
    rest.push(bytes);
    restBytes += bytes.length;
    if (restBytes <= LINE_MAX_BYTES) return [];
    rest = [];
    restBytes = 0;
    first = false;
    skipping = true;
    return [tooLong];
  };

  return {
    push(chunk) {
      let bytes = chunk;
      if (skipping) {
        const end = chunk.indexOf(LINE_END);
        if (end === -1) return [];
        skipping = false;
        bytes = chunk.subarray(end + 1);
      }
      const last = bytes.lastIndexOf(LINE_END);
      if (last === -1) return keep(bytes);
      const lines = cut(takeRest(bytes.subarray(0, last)));
      return lines.concat(keep(bytes.subarray(last + 1)));
    },
    end: () => (restBytes === 0 ? [] : cut(takeRest(Buffer.alloc(0)))),
  };
}

function lineOf(text: string): Line {
  // A character is at most three bytes here, so most lines need no second look.
  return text.length * 3 > LINE_MAX_BYTES && Buffer.byteLength(text) > LINE_MAX_BYTES ? tooLong : { text };
}

function splitBytes(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}
