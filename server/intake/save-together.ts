import type { Fact } from '../fact.ts';
import type { Committed, PutOutcome, SourceCounts, Tx } from '../store/store.ts';
import type { Save } from './group-commit.ts';
import { type IngestNeeds, ingest } from './ingest.ts';
import type { Heard } from './naming.ts';

/** What one transaction did: the fate of each fact, save by save, and what to tell of it. */
export interface Saved {
  outcomes: PutOutcome[][];
  committed: Committed;
  /** False when there was nothing to write, as with signs of life alone. */
  wrote: boolean;
}

/** How many messages of each source were refused since the last commit. */
export type Refusals = ReadonlyMap<string, number>;

/** Saves that came together, in the one transaction `tx`, each with its cursor, and the counts of every source. */
export async function saveTogether(
  tx: Tx,
  saves: readonly Save[],
  refusals: Refusals,
  needs: IngestNeeds,
): Promise<Saved> {
  const heard: Heard[] = [];
  for (const { source, facts } of saves) {
    for (const fact of facts) if (isKept(fact)) heard.push({ source, fact });
  }
  const { outcomes, committed } = await ingest(tx, heard, needs);
  const counts = countBySource(heard, outcomes);
  for (const { source, cursor } of saves) if (cursor !== undefined) await tx.setCursor(source, cursor);
  for (const [source, count] of counts) await tx.addCounts(source, count);
  await keepRefusals(tx, refusals);
  const wrote = heard.length > 0 || saves.some(({ cursor }) => cursor !== undefined);
  return { outcomes: outcomesOf(saves, outcomes), committed, wrote };
}

export async function keepRefusals(tx: Tx, refusals: Refusals): Promise<void> {
  for (const [source, refused] of refusals) await tx.addCounts(source, { refused });
}

/** A sign of life is heard, not kept. */
function isKept(fact: Fact): boolean {
  return fact.kind !== 'alive';
}

function outcomesOf(saves: readonly Save[], outcomes: readonly PutOutcome[]): PutOutcome[][] {
  let next = 0;
  return saves.map(({ facts }) =>
    facts.map((fact) => (isKept(fact) ? (outcomes[next++] ?? 'stored') : 'stored')),
  );
}

function countBySource(heard: readonly Heard[], outcomes: readonly PutOutcome[]): Map<string, SourceCounts> {
  const counts = new Map<string, SourceCounts>();
  for (const [i, { source }] of heard.entries()) {
    const count = counts.get(source) ?? { stored: 0, repeat: 0, conflict: 0, refused: 0 };
    count[outcomes[i] ?? 'stored'] += 1;
    counts.set(source, count);
  }
  return counts;
}
