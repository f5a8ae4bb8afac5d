import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { recount } from '../../server/intake/recount.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { openIntake } from '../support/an-intake.ts';
import { callNumbered, KILL_SOURCE, killRules } from '../support/numbered-calls.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Places where the log is cut in the quick suite; set WAL_CUTS for more. */
const QUICK_CUTS = 60;
const CUTS = Number(process.env.WAL_CUTS ?? QUICK_CUTS);
const CALLS = 120;
const at = Date.parse('2026-03-12T10:00:00Z');

/** The file format of SQLite's write-ahead log (sqlite.org/fileformat.html#the_write_ahead_log). */
const WAL_HEADER = 32;
const FRAME_HEADER = 24;

interface Acknowledged {
  /** Length of the log when this call was acknowledged, each one alone and in order. */
  bytes: number[];
}

it(
  `holds exactly the calls acknowledged up to the cut when its log is cut at ${CUTS} places`,
  async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'whole.sqlite');
    const { bytes } = await writeCalls(file, folder.path);
    const wal = readFileSync(join(folder.path, 'kept-wal'));
    const cuts = placesToCut(wal, CUTS);
    expect(new Set(cuts).size).toBe(CUTS);

    const seen = new Set<number>();
    for (const cut of cuts) {
      const expected = bytes.filter((length) => length <= cut).length;
      seen.add(expected);
      await expectPrefix(folder.path, wal.subarray(0, cut), expected);
    }
    expect(seen.size).toBeGreaterThan(Math.min(CUTS, CALLS) / 4);
  },
  60_000 + CUTS * 1_000,
);

/** Saves one call after another, and copies the database and its log as they lie on the disk before they are closed. */
async function writeCalls(file: string, folder: string): Promise<Acknowledged> {
  const bytes: number[] = [];
  // Opened and closed once, so that the database itself holds the empty schema and the log all of the calls.
  await (await openSqliteStore({ file })).close();
  await using site = await openIntake(file, { at, rules: killRules(), key: Buffer.alloc(32, 9) });
  for (let call = 0; call < CALLS; call += 1) {
    await site.intake.save(KILL_SOURCE, callNumbered(call), String(call));
    bytes.push(statSync(`${file}-wal`).size);
  }
  copyFileSync(file, join(folder, 'kept'));
  copyFileSync(`${file}-wal`, join(folder, 'kept-wal'));
  return { bytes };
}

/** Every kind of place alike: at the edges of frames, one byte to either side, and anywhere inside of them. */
function placesToCut(wal: Buffer, count: number): number[] {
  const frame = FRAME_HEADER + wal.readUInt32BE(8);
  const frames = (wal.length - WAL_HEADER) / frame;
  expect(Number.isInteger(frames)).toBe(true);
  const next = numbers(7);
  const cuts = new Set([0, 1, WAL_HEADER - 1, WAL_HEADER, wal.length - 1, wal.length]);
  while (cuts.size < count) {
    const edge = WAL_HEADER + Math.floor(next() * (frames + 1)) * frame;
    const places = [edge, edge - 1, edge + 1, edge + FRAME_HEADER, edge + Math.floor(next() * frame)];
    const place = places[Math.floor(next() * places.length)] ?? edge;
    if (place <= wal.length) cuts.add(place);
  }
  return [...cuts].slice(0, count);
}

/** Opens what a machine would find after the power went, and looks at all of it. */
async function expectPrefix(folder: string, wal: Buffer, calls: number): Promise<void> {
  const place = join(folder, 'cut');
  mkdirSync(place);
  const file = join(place, 'data.sqlite');
  copyFileSync(join(folder, 'kept'), file);
  writeFileSync(`${file}-wal`, wal);
  {
    const store = await openSqliteStore({ file });
    const keys = (await store.itemKeys({ after: null, limit: 10_000 })).filter((key) =>
      key.startsWith('call/'),
    );
    const wanted = Array.from({ length: calls }, (_, call) => `call/${KILL_SOURCE}/c${call}`);
    expect(keys.toSorted(), `cut at ${wal.length}`).toEqual(wanted.toSorted());
    const facts = await store.write((tx) => tx.facts(keys));
    for (const [call, key] of wanted.entries())
      expect(facts.get(key)).toHaveLength(callNumbered(call).length);
    expect(await store.cursor(KILL_SOURCE)).toBe(calls === 0 ? null : String(calls - 1));
    const found: unknown[] = [];
    await recount(store, killRules(), at, (differences) => void found.push(...differences));
    expect(found).toEqual([]);
    await store.close();
  }
  const db: Database.Database = new Database(file, { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
  rmSync(place, { recursive: true });
}

/** The same numbers in [0, 1) each time, for one seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
