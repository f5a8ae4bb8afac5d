import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadConfig } from '../../server/config.ts';
import { Problem } from '../../server/problem.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122);
const example = readFileSync(join(import.meta.dirname, '../../docs/first-ring.example.yaml'), 'utf8');
const SECRETS = { AMI_SECRET: 'the-secret-of-the-pbx', SHOP_TOKEN: 'the-token-of-the-shop-that-is-long' };

const odd = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '- ',
  '&a ',
  '*a',
  '!!js ',
  '"',
  "'",
  '|',
  '\t',
  '\0',
  '${',
  '${AMI_SECRET',
  '---\n',
  '<<: ',
].concat([
  'null',
  '-1',
  '1e999',
  '9'.repeat(400),
  '[[[[[[',
  '25:00-26:00',
  '%',
  'ü',
  '\u202e',
  '__proto__: 1\n',
]);

/** Places in the example where something odd is put, or so much is taken away. */
const changes = fc.array(
  fc.tuple(
    fc.nat(example.length),
    fc.nat(40),
    fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 20 })),
  ),
  { minLength: 1, maxLength: 6 },
);

it(
  `is taken or refused in words, without a secret, however it is spoilt (${RUNS} files from seed ${SEED})`,
  async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'first-ring.yaml');
    const env = { CONFIG: file, DATA_DIR: folder.path, ...SECRETS };
    let refused = 0;
    const load = async (content: string | Buffer): Promise<void> => {
      writeFileSync(file, content);
      try {
        await loadConfig(env, folder.path);
      } catch (error) {
        // Anything else is a fault of ours, and would be shown as one.
        if (!(error instanceof Problem)) throw error;
        refused += 1;
        expect(error.message).toMatch(/first-ring\.yaml|[A-Z_]{4,}/);
        expect(error.message.length).toBeLessThan(100_000);
        for (const secret of Object.values(SECRETS)) expect(error.message).not.toContain(secret);
      }
    };
    const spoilt = changes.map((all) =>
      all.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), example),
    );
    await fc.assert(fc.asyncProperty(spoilt, load), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    const noise = fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(fc.asyncProperty(noise, load), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    expect(refused).toBeGreaterThan(RUNS);
  },
  30_000 + RUNS * 100,
);
