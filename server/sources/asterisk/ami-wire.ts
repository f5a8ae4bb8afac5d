import { Problem } from '../../problem.ts';

/** One block of the manager interface: every key with its values in the order they came; keys may repeat. */
export type AmiMessage = ReadonlyMap<string, readonly string[]>;

/** A longer line is skipped, and the block it stands in with it. */
export const LINE_MAX_BYTES = 64 * 1024;
/** A block with more bytes is skipped. */
export const BLOCK_MAX_BYTES = 256 * 1024;

export interface AmiRead {
  messages: AmiMessage[];
  /** Why a block was skipped, without its content. */
  refused: string[];
}

export interface AmiReader {
  /** The line that Asterisk greets with; null until it has come. */
  greeting(): string | null;
  /** Takes the next bytes, cut anywhere. */
  read(chunk: Buffer): AmiRead;
}

const LINE_FEED = 0x0a;
const END_OF_OUTPUT = '--END COMMAND--';

/** The first value of a key; empty when it is absent, empty, or Asterisk's `<unknown>`. */
export function first(message: AmiMessage, key: string): string {
  const value = message.get(key)?.[0] ?? '';
  return value === '<unknown>' ? '' : value;
}

/** An action's bytes. Throws a Problem when a value would break the line it stands in. */
export function writeAction(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([key, value]) => {
    if (/[\r\n]/.test(value))
      throw new Problem('invalid', `A line break in ${key} cannot be sent to Asterisk.`);
    return `${key}: ${value}\r\n`;
  });
  return `${lines.join('')}\r\n`;
}

/**
 * Bytes → messages. A line is decoded only when it is whole, so a character is never cut; memory is bounded by the two
 * limits, and what exceeds them is skipped up to the next blank line.
 */
export function createAmiReader(): AmiReader {
  let greeting: string | null = null;
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let block = newBlock();

  function endLine(out: AmiRead): void {
    if (begunBytes > LINE_MAX_BYTES) {
      block.spoilt ??= 'a line was too long';
    } else {
      takeLine(Buffer.concat(begun).toString('utf8').replace(/\r$/, ''), out);
    }
    begun = [];
    begunBytes = 0;
  }

  function takeLine(line: string, out: AmiRead): void {
    if (greeting === null && line !== '') {
      greeting = line;
      if (!line.includes(': ')) return;
    }
    const closed = readLine(block, line);
    if (!closed) return;
    if (block.spoilt !== null) out.refused.push(block.spoilt);
    else if (block.fields.size > 0) out.messages.push(block.fields);
    block = newBlock();
  }

  function keep(piece: Buffer): void {
    begunBytes += piece.length;
    if (begunBytes <= LINE_MAX_BYTES) begun.push(piece);
    else begun = [];
  }

  return {
    greeting: () => greeting,
    read(chunk) {
      const out: AmiRead = { messages: [], refused: [] };
      let from = 0;
      for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
        keep(chunk.subarray(from, end));
        endLine(out);
        from = end + 1;
      }
      // Copied, so that a few bytes left over do not hold the whole chunk in memory.
      if (from < chunk.length) keep(Buffer.from(chunk.subarray(from)));
      return out;
    },
  };
}

interface Block {
  fields: Map<string, string[]>;
  bytes: number;
  /** Inside the free text that follows `Response: Follows` (AMI 1), up to its end mark. */
  follows: boolean;
  spoilt: string | null;
}

function newBlock(): Block {
  return { fields: new Map(), bytes: 0, follows: false, spoilt: null };
}

/** Adds a line to the block; true when the line ends it. */
function readLine(block: Block, line: string): boolean {
  if (line === '' && !block.follows) return true;
  block.bytes += line.length;
  if (block.bytes > BLOCK_MAX_BYTES) {
    block.spoilt ??= 'a message was too long';
    block.fields.clear();
  }
  if (block.follows && isOutput(line)) {
    // Asterisk 13 and older put the mark behind the last output without a line break of its own.
    const mark = line.indexOf(END_OF_OUTPUT);
    if (mark !== -1) block.follows = false;
    const text = mark === -1 ? line : line.slice(0, mark);
    if (block.spoilt === null && (mark === -1 || text !== '')) add(block, 'Output', text);
    return false;
  }
  const colon = line.indexOf(':');
  if (colon < 1 || block.spoilt !== null) return false;
  const key = line.slice(0, colon);
  const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
  if (key === 'Response' && value === 'Follows') block.follows = true;
  add(block, key, value);
  return false;
}

function isOutput(line: string): boolean {
  return !/^(Privilege|ActionID|Message): /.test(line);
}

function add(block: Block, key: string, value: string): void {
  const values = block.fields.get(key);
  if (values === undefined) block.fields.set(key, [value]);
  else values.push(value);
}
