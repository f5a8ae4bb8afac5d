import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chunks, streamOf } from '../calls.ts';
import { type Child, startChild } from '../child.ts';
import { requestOf, sendAll } from '../load.ts';
import { type Measured, type Round, type Row, rowFrom, rowOf } from '../row.ts';
import { type MeasuredServer, startServer } from '../site.ts';

export interface IngestSizes {
  rounds: number;
  /** Facts of one round at most, at 100 a request and at 1 a request. */
  batched: number;
  single: number;
}

const FACTS_A_REQUEST = 100;
/** Connections that send at a time. */
const BATCHED_CONNECTIONS = 16;
const SINGLE_CONNECTIONS = 256;
const ROWS_A_TRANSACTION = 1_000;
/** About as long as a round may take. */
const ROUND_MS = 2_000;
const MIB = 1_048_576;

const batched: Measured = {
  name: 'facts a second, 100 a request',
  unit: 'facts/s',
  note: 'durable, judged and tallied; floor: raw better-sqlite3 inserts of the same fact rows, FULL, 1,000 a transaction',
  bar: { of: 'ratio', least: 0.2 },
  goal: { of: 'ratio', least: 0.5 },
};
const batchedCpu: Measured = {
  name: 'CPU of a fact, 100 a request',
  unit: 'µs',
  note: 'CPU time of the server process, all threads; floor: of those inserts',
};
const single: Measured = {
  name: 'facts a second, 1 a request',
  unit: 'facts/s',
  note: 'durable, judged and tallied; floor: node:http answering with the same bytes',
  bar: { of: 'ratio', least: 0.25 },
  goal: { of: 'ratio', least: 0.4 },
};
const singleCpu: Measured = {
  name: 'CPU of a fact, 1 a request',
  unit: 'µs',
  note: 'CPU time of the server process, all threads; floor: of that echo',
};
const longestDelay: Measured = {
  name: 'event-loop delay under full ingest, longest',
  unit: 'ms',
  note: 'the longest of all rounds at 100 a request',
  bar: { of: 'value', most: 50 },
};
const memory: Measured = {
  name: 'resident memory after full ingest',
  unit: 'MiB',
  note: 'after all rounds of both kinds, garbage collected',
};

/** Facts through HTTP as fast as they are taken, each round next to its floor's. */
export async function measureIngest(folder: string, sizes: IngestSizes): Promise<Row[]> {
  const dataDir = join(folder, 'ingest');
  mkdirSync(dataDir);
  await using server = await startServer(dataDir);
  const delays: number[] = [];
  const many = await batchedRounds(server, dataDir, sizes, delays);
  const one = await singleRounds(server, sizes);
  const resident = await server.child.ask<number>('residentBytes');
  return [
    rowOf(batched, many.rates),
    rowOf(batchedCpu, many.cpu),
    rowOf(single, one.rates),
    rowOf(singleCpu, one.cpu),
    rowFrom(longestDelay, Math.max(...delays), null),
    rowFrom(memory, resident / MIB, null),
  ];
}

interface Rounds {
  rates: Round[];
  cpu: Round[];
}

interface Cost {
  ms: number;
  cpuUs: number;
}

async function batchedRounds(
  server: MeasuredServer,
  dataDir: string,
  { rounds, batched: most }: IngestSizes,
  delays: number[],
): Promise<Rounds> {
  await using inserts = startChild('inserts.ts', { args: [dataDir, String(ROWS_A_TRANSACTION)] });
  const port = portOf(server);
  return await inTurns(rounds, most, async (round, count) => {
    const name = `batched-${round}`;
    const facts = streamOf(name, count, Date.now());
    const requests = chunks(facts, FACTS_A_REQUEST).map((some) => requestOf(some, port));
    const floor = await inserts.ask<Cost>('run', { name, count, until: Date.now() });
    await server.child.ask('watchDelay');
    const ours = await costOf(server.child, () => sendAll(port, requests, BATCHED_CONNECTIONS));
    const delay = await server.child.ask<number>('longestDelayMs');
    if (round > 0) delays.push(delay);
    return { count: facts.length, ours, floor };
  });
}

async function singleRounds(server: MeasuredServer, { rounds, single: most }: IngestSizes): Promise<Rounds> {
  await using echo = startChild('echo.ts');
  const echoPort = await echo.ask<number>('port');
  const port = portOf(server);
  return await inTurns(rounds, most, async (round, count) => {
    const requests = streamOf(`single-${round}`, count, Date.now()).map((fact) => requestOf(fact, port));
    const floor = await costOf(echo, () => sendAll(echoPort, requests, SINGLE_CONNECTIONS));
    const ours = await costOf(server.child, () => sendAll(port, requests, SINGLE_CONNECTIONS));
    return { count: requests.length, ours, floor };
  });
}

/** A round warms both up and says how many facts the others take; it is not counted. */
async function inTurns(
  rounds: number,
  most: number,
  run: (round: number, atLeast: number) => Promise<{ count: number; ours: Cost; floor: Cost }>,
): Promise<Rounds> {
  const found: Rounds = { rates: [], cpu: [] };
  const first = await run(0, Math.ceil(most / 4));
  const inTime = Math.round((first.count / first.ours.ms) * ROUND_MS);
  const wanted = Math.max(FACTS_A_REQUEST, Math.min(most, inTime));
  for (let round = 1; round <= rounds; round += 1) {
    const { count, ours, floor } = await run(round, wanted);
    found.rates.push({ value: (count / ours.ms) * 1_000, floor: (count / floor.ms) * 1_000 });
    found.cpu.push({ value: ours.cpuUs / count, floor: floor.cpuUs / count });
  }
  return found;
}

async function costOf(child: Child, work: () => Promise<number>): Promise<Cost> {
  const before = await child.ask<number>('cpuUs');
  const ms = await work();
  return { ms, cpuUs: (await child.ask<number>('cpuUs')) - before };
}

function portOf({ url }: MeasuredServer): number {
  return Number(new URL(url).port);
}
