import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../shared/time.ts';

const folder = join(import.meta.dirname, '../transcripts/asterisk');

/** Bytes as they were received, in one piece, with the moment. */
export interface Chunk {
  bytes: Buffer;
  at: Instant;
}

/** What really happened, from the phones' and the trunk's side; lengths in seconds. */
export interface TrueCall {
  kind: 'inbound' | 'outbound' | 'internal' | 'pickup';
  caller: string;
  dialled: string;
  outcome?: string;
  answered_by?: string;
  first_ring_to_answer_s?: number;
  caller_total_wait_s?: number;
  should_count: boolean;
  queue?: string;
  caller_events: Record<string, number>;
  phone_legs: Record<string, number | string>[];
}

export interface Recording {
  name: string;
  /** One list of chunks per connection. */
  connections: Chunk[][];
  truth: {
    scenario: string;
    manager: string;
    t0: number;
    t1: number;
    notes: Record<string, number>;
    calls: TrueCall[];
  };
}

/** Every recorded scenario, by name. */
export function recordings(): Recording[] {
  return readdirSync(folder).sort().map(recording);
}

export function recording(name: string): Recording {
  const files = readdirSync(join(folder, name));
  const connections = ['ami', 'ami2']
    .filter((part) => files.includes(`${part}.raw`))
    .map((part) => chunksOf(name, part));
  return { name, connections, truth: JSON.parse(readFileSync(join(folder, name, 'truth.json'), 'utf8')) };
}

function chunksOf(name: string, part: string): Chunk[] {
  const raw = readFileSync(join(folder, name, `${part}.raw`));
  const lines = readFileSync(join(folder, name, `${part}.idx`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const { off, len, t }: { off: number; len: number; t: number } = JSON.parse(line);
    return { bytes: raw.subarray(off, off + len), at: Math.round(t * 1_000) };
  });
}
