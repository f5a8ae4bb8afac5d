import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chimeTone } from '../../server/http/chime-tone.ts';
import { whoAnswer } from '../../shared/wire-answer.ts';
import { openTestHttp, type TestHttp } from './test-http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await openTestHttp();
});
afterAll(() => http.close());

describe('the chime', () => {
  it('is the same soft WAV each time: audible, never at full height, silent at both ends', () => {
    const file = Buffer.from(chimeTone());
    expect(Buffer.from(chimeTone()).equals(file)).toBe(true);
    expect([file.toString('latin1', 0, 4), file.toString('latin1', 8, 16)]).toEqual(['RIFF', 'WAVEfmt ']);
    expect([file.readUInt32LE(4), file.readUInt32LE(40)]).toEqual([file.length - 8, file.length - 44]);
    const heights = Array.from({ length: (file.length - 44) / 2 }, (_none, i) =>
      file.readInt16LE(44 + i * 2),
    );
    const highest = heights.reduce((most, height) => Math.max(most, Math.abs(height)), 0);
    expect(highest).toBeGreaterThan(0.2 * 32_767);
    expect(highest).toBeLessThan(0.9 * 32_767);
    expect(Math.max(...heights.slice(0, 3).map(Math.abs), ...heights.slice(-20).map(Math.abs))).toBeLessThan(
      100,
    );
  });

  it('is served for a board that chimes, and asked for again each time', async () => {
    const answer = await fetch(`${http.url}/chimes/support`);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      200,
      'audio/wav',
      'private, no-cache',
    ]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(chimeTone()))).toBe(true);
  });

  it('is not there for a silent board, nor for one that is none', async () => {
    expect((await fetch(`${http.url}/chimes/lobby`)).status).toBe(404);
    expect((await fetch(`${http.url}/chimes/..%2Ffirst-ring.yaml`)).status).toBe(404);
  });

  it('is for those who may see the wall', async () => {
    const locked = await openTestHttp({
      adminPassword: 'a password for tests',
      tvToken: 'a-token-for-the-tv-123',
    });
    const at = `${locked.url}/chimes/support`;
    expect((await fetch(at, { redirect: 'manual' })).status).toBe(303);
    const tv = { authorization: 'Bearer a-token-for-the-tv-123' };
    expect((await fetch(at, { headers: tv })).status).toBe(200);
    const who = await fetch(`${locked.url}/api/who`, { headers: tv });
    expect(whoAnswer.parse(await who.json())).toEqual({ admin: false });
    await locked.close();
  });
});

it('tells a page whether it may give commands', async () => {
  // Without a lock everybody at this computer may.
  expect(whoAnswer.parse(await (await fetch(`${http.url}/api/who`)).json())).toEqual({ admin: true });
});
