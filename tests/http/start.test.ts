import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const start = join(import.meta.dirname, '../../server/start.mjs');

/** Starts under a Node that says it is of this version. */
function startUnder(version: string) {
  const disguise = `data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     Object.defineProperty(process, 'version', { value: 'v${version}' });`,
  )}`;
  return spawnSync(process.execPath, ['--import', disguise, start], { encoding: 'utf8', timeout: 20_000 });
}

describe('server/start.mjs', () => {
  it.each(['20.20.2', '18.0.0', '23.11.1'])('tells Node %s what is needed and loads nothing', (version) => {
    const { status, stderr, stdout } = startUnder(version);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`First Ring needs Node 24 or newer; this is v${version}.`);
    expect(stderr).toContain('npm start');
  });

  it('needs no more than any Node of the last ten years can read, before it has looked', () => {
    const source = readFileSync(start, 'utf8');
    expect(source).not.toMatch(/^import /m);
    expect(source.indexOf("import('./main.ts')")).toBeGreaterThan(source.indexOf('process.exitCode = 1'));
  });
});
