import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LINE_MAX_BYTES, SAVE_MAX } from '../../server/http/limits.ts';
import { createLines, type Line } from '../../server/http/lines.ts';
import { type FactsAnswer, factsAnswer, wireError } from '../../shared/wire-answer.ts';
import { offered, openTestHttp, rawRequest, type TestHttp, TOKEN } from './test-http.ts';

let http: TestHttp;
beforeAll(async () => {
  http = await openTestHttp();
});
beforeEach(() => {
  http.saving.sizes.length = 0;
});
afterAll(() => http.close());

const asLines = { 'content-type': 'application/x-ndjson' };
const line = (call: string, more: Record<string, unknown> = {}): string =>
  `${JSON.stringify(offered(call, more))}\n`;

async function answered(body: string | Buffer): Promise<FactsAnswer> {
  const response = await http.post(body, asLines);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return factsAnswer.parse(JSON.parse(text));
}

/** A streamed upload, as `curl -T -` makes it. */
async function streamed(port: number, chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>) {
  const upload = request({
    port,
    host: '127.0.0.1',
    path: '/api/facts',
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, ...asLines },
  });
  const answer = new Promise<{ status: number; body: unknown }>((resolve, reject) => {
    upload.on('error', reject);
    upload.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
  await pipeline(Readable.from(chunks), upload);
  return answer;
}

describe('POST /api/facts with NDJSON', () => {
  it('takes 100,000 lines in one stream, in shares, and stores each once', async () => {
    function* lines(): Generator<string> {
      for (let from = 0; from < 100_000; from += 100) {
        yield Array.from({ length: 100 }, (_, n) => line(`stream-${from + n}`)).join('');
      }
    }
    const { status, body } = await streamed(http.port, lines());
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ stored: 100_000, repeats: 0, refusedTotal: 0 }),
    ]);
    expect(Math.max(...http.saving.sizes)).toBeLessThanOrEqual(SAVE_MAX);
    expect(http.saving.sizes.reduce((sum, size) => sum + size, 0)).toBe(100_000);
    expect(
      (await http.store.itemKeys({ after: null, limit: 200_000 })).filter((key) => key.includes('stream-')),
    ).toHaveLength(100_000);
  }, 120_000);

  it('counts lines from one, empty ones too, and keeps the good ones', async () => {
    const answer = await answered(
      `${line('l-2').replace(/^/, '\n').replace('\n', '\r\n')}{oops\n\n${line('l-5', { extra: 1 })}${line('l-6')}`,
    );
    expect(answer).toMatchObject({ stored: 2, refusedTotal: 2 });
    expect(answer.refused.map(({ position, field }) => [position, field])).toEqual([
      [3, null],
      [5, 'extra'],
    ]);
  });

  it('keeps one good line among a hundred bad ones', async () => {
    const bad = Array.from({ length: 50 }, () => '[]\n').join('');
    expect(await answered(`${bad}${line('good')}${bad}`)).toMatchObject({ stored: 1, refusedTotal: 100 });
  });

  it('reads CRLF, a byte order mark, and a last line without an end', async () => {
    expect(
      await answered(`\uFEFF${line('crlf-1').replace('\n', '\r\n')}${line('crlf-2').trimEnd()}`),
    ).toMatchObject({ stored: 2, refusedTotal: 0 });
  });

  it('refuses a line that is not UTF-8 and keeps its neighbours', async () => {
    const body = Buffer.concat([
      Buffer.from(line('utf-1')),
      Buffer.from('{"kind":"\xff"}\n', 'latin1'),
      Buffer.from(line('utf-3')),
    ]);
    expect(await answered(body)).toMatchObject({
      stored: 2,
      refused: [{ position: 2, field: null, reason: 'is not valid UTF-8' }],
    });
  });

  it('refuses a line that is one byte too long, wherever chunks end, and takes one that just fits', async () => {
    const fits = `${line('long-1').trimEnd().padEnd(LINE_MAX_BYTES, ' ')}\n`;
    const over = `${line('long-2')
      .trimEnd()
      .padEnd(LINE_MAX_BYTES + 1, ' ')}\n`;
    const endless = `${'x'.repeat(5 * LINE_MAX_BYTES)}\n`;
    const answer = await answered(`${fits}${over}${endless}${line('long-4')}`);
    expect(answer).toMatchObject({ stored: 2, refusedTotal: 2 });
    expect(answer.refused.map(({ position }) => position)).toEqual([2, 3]);
  });

  it('answers 400 to an empty body', async () => {
    const response = await http.post('', asLines);
    expect([response.status, wireError.parse(await response.json()).error.code]).toEqual([400, 'invalid']);
  });

  it('saves what has come before the rest of the stream does', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slowly(): AsyncGenerator<string> {
      yield line('early');
      await held;
      yield line('late');
    }
    const answer = streamed(http.port, slowly());
    await expect
      .poll(() => http.store.itemKeys({ after: null, limit: 200_000 }))
      .toContain('call/phones/early');
    expect(await http.store.itemKeys({ after: null, limit: 200_000 })).not.toContain('call/phones/late');
    release();
    expect(await answer).toMatchObject({ status: 200, body: { stored: 2 } });
  });

  it('reads no further while intake works', async () => {
    let release: () => void = () => undefined;
    http.saving.wait = new Promise<void>((resolve) => {
      release = resolve;
    });
    let sent = 0;
    function* endless(): Generator<string> {
      for (; sent < 400; sent += 1)
        yield `${line(`pressure-${sent}`)
          .trimEnd()
          .padEnd(LINE_MAX_BYTES - 1, ' ')}\n`;
    }
    const answer = streamed(http.port, endless());
    await expect.poll(() => http.saving.sizes.length).toBe(1);
    const stopped = async (): Promise<boolean> => {
      const before = sent;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return sent === before;
    };
    await expect.poll(stopped).toBe(true);
    expect(sent).toBeLessThan(400);
    http.saving.wait = null;
    release();
    expect(await answer).toMatchObject({ status: 200, body: { stored: 400 } });
  });

  it('says how many lines are safe when a commit fails on the way, and claims no more', async () => {
    async function* lines(): AsyncGenerator<string> {
      yield Array.from({ length: 700 }, (_, n) => line(`safe-${n}`)).join('');
      await expect
        .poll(
          async () =>
            (await http.store.itemKeys({ after: null, limit: 200_000 })).filter((key) =>
              key.includes('safe-'),
            ).length,
        )
        .toBe(700);
      http.saving.fail = new Error('disk full');
      yield line('unsafe');
    }
    const { status, body } = await streamed(http.port, lines());
    http.saving.fail = null;
    expect(status).toBe(503);
    expect(wireError.parse(body).error).toMatchObject({ code: 'unavailable', durable: 700 });
    expect(await http.store.itemKeys({ after: null, limit: 200_000 })).not.toContain('call/phones/unsafe');
  });

  it('takes no half line when the sender is cut off', async () => {
    const whole = line('cut-1');
    const half = line('cut-2').slice(0, 30);
    const head = `POST /api/facts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 100000\r\n\r\n`;
    const socket = connect(http.port, '127.0.0.1', () => socket.write(head + whole + half));
    await expect
      .poll(() => http.store.itemKeys({ after: null, limit: 200_000 }))
      .toContain('call/phones/cut-1');
    socket.destroy();
    await new Promise((resolve) => socket.on('close', resolve));
    expect(await answered(line('after-cut'))).toMatchObject({ stored: 1 });
    expect(await http.store.itemKeys({ after: null, limit: 200_000 })).not.toContain('call/phones/cut-2');
  });

  it('puts a character together that two packets share', async () => {
    const body = Buffer.from(line('ring-📞-é'));
    const head = `POST /api/facts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${body.length}\r\n\r\n`;
    const cut = body.indexOf(0xf0) + 2;
    const answer = await rawRequest(http.port, [head, body.subarray(0, cut), body.subarray(cut)]);
    expect(answer).toContain('"stored":1');
    expect(await http.store.itemKeys({ after: null, limit: 200_000 })).toContain('call/phones/ring-📞-é');
  });
});

describe('lines', () => {
  const bytes = Buffer.from(`\uFEFFone\ntwö 📞\r\n\n\xff\n${'y'.repeat(LINE_MAX_BYTES + 1)}\nlast`, 'utf8');
  const all = (sizes: number): Line[] => {
    const lines = createLines();
    const out: Line[] = [];
    for (let from = 0; from < bytes.length; from += sizes)
      out.push(...lines.push(bytes.subarray(from, from + sizes)));
    return [...out, ...lines.end()];
  };

  it.each([1, 2, 3, 5, 7, 64, 4_096, 65_536, 1_000_000])('are the same in chunks of %i bytes', (size) => {
    const expected = [
      { text: 'one' },
      { text: 'twö 📞\r' },
      { text: '' },
      { text: 'ÿ' },
      { flaw: expect.stringContaining('longer') },
      { text: 'last' },
    ];
    expect(all(size)).toEqual(expected);
  });
});
