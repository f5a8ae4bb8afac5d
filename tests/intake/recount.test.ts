import { execFile } from 'node:child_process';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { mend } from '../../server/intake/mend.ts';
import { type Difference, recount } from '../../server/intake/recount.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { openIntake } from '../support/an-intake.ts';
import { textNumber } from '../support/histories.ts';
import { callNumbered } from '../support/numbered-calls.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at: Instant = Date.parse('2026-03-10T20:00:00Z');
const packedTo = { quarter: at + 24 * HOUR, day: Math.ceil(at / (24 * HOUR)) + 1 };

/** A thousand calls and a thread, counted and folded. */
async function openCounted(file: string) {
  const site = await openIntake(file, { at });
  await site.intake.save('pbx', Array.from({ length: 1_000 }, (_, i) => callNumbered(i)).flat());
  await site.intake.save('mail', [
    {
      kind: 'mail_in',
      id: '<1@cust.example>',
      at: at - 3 * HOUR,
      from: 'ann@cust.example',
      to: ['help@acme.example'],
    },
    {
      kind: 'mail_out',
      id: '<2@acme.example>',
      at,
      from: 'sam@acme.example',
      to: ['ann@cust.example'],
      refs: ['<1@cust.example>'],
    },
  ]);
  await site.intake.fold(at);
  return site;
}

/** What a fault could do to the file behind our back, and what the recount finds then. */
const faults: [fault: string, sql: string, found: string][] = [
  [
    'a tally that is one too many',
    "UPDATE tallies SET d = d + 1 WHERE scope = 'site' AND figure = 'firstRing'",
    'tally',
  ],
  ['a tally that is gone', "DELETE FROM tallies WHERE scope = 'team:help'", 'tally'],
  ['a tally of nothing', "INSERT INTO tallies VALUES ('queue:none', 0, 'firstRing', 1, 1)", 'tally'],
  ['an item that is gone', "DELETE FROM items WHERE key = 'call/pbx/c7'", 'item'],
  [
    'an item of nothing',
    "INSERT INTO items SELECT 'call/pbx/x', source, person, at, folded_to, judged, contacts, wake_at, counted_from, counted_to, mention_at FROM items WHERE key = 'call/pbx/c1'",
    'item',
  ],
  ['an item that is wrong', "UPDATE items SET judged = '{}' WHERE key = 'call/pbx/c7'", 'item'],
  ['a call of somebody else', "UPDATE items SET person = 'p-other' WHERE key = 'call/pbx/c9'", 'item'],
  ['a person who is gone', "DELETE FROM items WHERE key GLOB 'person/*'", 'item'],
  ['a fact that is gone', "DELETE FROM facts WHERE subject = 'c7' AND kind = 'end'", 'item'],
  ['a name that is gone', "DELETE FROM aliases WHERE name = 'mail/<2@acme.example>'", 'name'],
  ['a thread torn apart', "UPDATE facts SET item = 'thread/x' WHERE kind = 'mail_out'", 'name'],
];

/** The same to what is packed: each is done to the file after everything was packed. */
const packedFaults: [fault: string, sql: string, found: string][] = [
  ['tallies of a month that are gone', "DELETE FROM tally_months WHERE scope = 'team:help'", 'tally'],
  [
    'tallies of a month that are those of another scope',
    "UPDATE tally_months SET packed = (SELECT packed FROM tally_months WHERE scope = 'site' AND figure = 'callsOffered') WHERE scope = 'site' AND figure = 'firstRing'",
    'tally',
  ],
  ['tallies cut short', 'UPDATE tally_months SET packed = substr(packed, 1, length(packed) - 1)', 'month'],
  ['tallies of a few bytes', "UPDATE tally_months SET packed = x'0102'", 'month'],
  [
    'tallies of odd widths',
    "UPDATE tally_months SET packed = x'0000010003030000ffffff0000000000ffffff'",
    'month',
  ],
  ['lengths of a month that are gone', "DELETE FROM spread_months WHERE measure = 'wait'", 'spread'],
  [
    'lengths of a month that are those of another measure',
    "UPDATE spread_months SET packed = (SELECT packed FROM spread_months WHERE scope = 'site' AND measure = 'wait') WHERE measure = 'ring'",
    'spread',
  ],
  ['lengths cut short', 'UPDATE spread_months SET packed = substr(packed, 1, length(packed) - 1)', 'month'],
  ['lengths of no bytes', "UPDATE spread_months SET packed = x''", 'spread'],
  ['lengths of endless bytes', "UPDATE spread_months SET packed = x'ffffffffffffffffffffff'", 'month'],
  ['lengths of more keys than bytes', "UPDATE spread_months SET packed = x'00ffffff7f0101'", 'month'],
];

describe('a recount', () => {
  it('finds no difference in what intake stored, and counts every tally', async () => {
    using folder = temporaryFolder();
    await using site = await openCounted(join(folder.path, 'data.sqlite'));
    const total = await recount(site.store, site.rules, at, () => undefined);
    let tallies = 0;
    for await (const _ of site.store.allTallies()) tallies += 1;
    expect(total).toMatchObject({ tallies, differences: 0, due: 0 });
    expect(total.items).toBeGreaterThan(1_000);
  });

  it('says what is due and not folded yet, which is no difference', async () => {
    using folder = temporaryFolder();
    await using site = await openIntake(join(folder.path, 'data.sqlite'), { at });
    await site.intake.save('pbx', [{ kind: 'offered', call: 'a', at, queue: 'support' }]);
    const total = await recount(site.store, site.rules, at + MINUTE, () => undefined);
    expect(total).toMatchObject({ due: 3, differences: 0 });
  });

  it('finds no difference when a person is heard of earlier, elsewhere, by a call that says nothing of it', async () => {
    using folder = temporaryFolder();
    await using site = await openIntake(join(folder.path, 'data.sqlite'), { at });
    const number = '+44 20 7946 0001';
    await site.intake.save('sms', [{ kind: 'text_in', id: 't', at, number, to: `+${textNumber}` }]);
    const call = { kind: 'offered', call: 'a', at: at + MINUTE, queue: 'support', number } as const;
    await site.intake.save('pbx', [call]);
    await site.intake.save('pbx', [{ ...call, at: at - MINUTE }]);
    const found: Difference[] = [];
    await recount(site.store, site.rules, at, (differences) => void found.push(...differences));
    expect(found).toEqual([]);
    expect((await site.store.openItems()).map(({ source }) => source).sort()).toEqual(['pbx', 'sms']);
  });

  it.each(faults)('finds %s, and mends it', async (_fault, sql, what) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    await using site = await openCounted(file);
    const db = new Database(file);
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    db.close();
    const found: Difference[] = [];
    await recount(site.store, site.rules, at, (differences) => void found.push(...differences));
    expect(found.map((difference) => difference.what)).toContain(what);
    expect(await mend(site.store, site.rules, at)).toMatchObject({ differences: 0 });
    expect(await recount(site.store, site.rules, at, () => undefined)).toMatchObject({ differences: 0 });
  });

  it.each(packedFaults)('finds %s, and mends it', async (_fault, sql, what) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'data.sqlite');
    await using site = await openCounted(file);
    while (await site.store.pack(packedTo));
    expect(await recount(site.store, site.rules, at, () => undefined)).toMatchObject({ differences: 0 });
    const db = new Database(file);
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0);
    db.close();
    const found: Difference[] = [];
    await recount(site.store, site.rules, at, (differences) => void found.push(...differences));
    expect(found.map((difference) => difference.what)).toContain(what);
    expect(await mend(site.store, site.rules, at)).toMatchObject({ differences: 0 });
    // Packed again it is the same.
    while (await site.store.pack(packedTo));
    expect(await recount(site.store, site.rules, at, () => undefined)).toMatchObject({ differences: 0 });
  });

  it('runs as a command beside the server, exits 1 at a difference and mends only where nothing else writes', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'demo.sqlite');
    const site = await openIntake(file, { at });
    expect(await command(folder.path)).toMatchObject({
      code: 0,
      out: expect.stringContaining('No difference'),
    });
    await site.store.write((tx) =>
      tx.addTallies([{ figure: 'firstRing', scope: 'site', quarter: at, n: 1, d: 2 }]),
    );
    const failed = await command(folder.path);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.out).toContain('firstRing site 2026-03-10T20:00:00.000Z: 1/2 is stored, the facts say 0/0');
    expect(await command(folder.path, '--mend')).toMatchObject({
      code: 1,
      err: expect.stringContaining('in use by another'),
    });
    await site.store.close();
    expect(await command(folder.path, '--mend')).toMatchObject({ code: 0 });
    expect(await command(folder.path)).toMatchObject({ code: 0 });
    expect(await command(folder.path, '--mand')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Usage'),
    });
  });
});

function command(dataDir: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const script = join(import.meta.dirname, '../../server/recount.ts');
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, CONFIG: undefined };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env, cwd: dataDir }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}
