import { once } from 'node:events';
import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEMO_FILE_BYTES_MAX } from '../../server/app.ts';
import { statusAnswer } from '../../shared/wire-answer.ts';
import { builtClient } from '../support/built-client.ts';
import { startFirstRing } from '../support/first-ring.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const configuration = `
site: { name: Running, zone: UTC, country: us, hours: always, domains: [harbor.example] }
teams: [{ id: support, name: Support, queues: [{ id: support, kind: calls }, { id: help, kind: mailbox, addresses: [help@harbor.example] }] }]
sources: [{ id: shop, kind: http, token: "\${SHOP_TOKEN}", feeds: [phones, emails] }]
`;
const SHOP_TOKEN = 'a-token-for-the-shop-that-is-long';

describe('a running First Ring', () => {
  it('answers its health, prints its address and ends cleanly at SIGTERM', async () => {
    using folder = temporaryFolder();
    await builtClient();
    await using firstRing = await startFirstRing({ dataDir: folder.path });
    expect((await fetch(`${firstRing.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${firstRing.url}/readyz`)).status).toBe(200);
    expect(await firstRing.end('SIGTERM')).toBe(0);
  });

  it('begins the demo anew when its file has grown for months, and keeps one that has not', async () => {
    using folder = temporaryFolder();
    await builtClient();
    const file = join(folder.path, 'demo.sqlite');
    const bornAt = async (): Promise<number> => {
      await using firstRing = await startFirstRing({ dataDir: folder.path });
      expect((await fetch(`${firstRing.url}/readyz`)).status).toBe(200);
      expect(await firstRing.end('SIGTERM')).toBe(0);
      return statSync(file).ino;
    };
    const first = await bornAt();
    expect(await bornAt()).toBe(first);
    truncateSync(file, DEMO_FILE_BYTES_MAX + 1);
    await bornAt();
    expect(statSync(file).size).toBeLessThan(DEMO_FILE_BYTES_MAX / 2);
  });

  it('says in words that the data folder cannot be made, and does not start', async () => {
    using folder = temporaryFolder();
    await builtClient();
    const inTheWay = join(folder.path, 'in-the-way');
    writeFileSync(inTheWay, '');
    await expect(startFirstRing({ dataDir: inTheWay })).rejects.toThrow(
      /First Ring cannot start\.\nDATA_DIR: .*in-the-way cannot hold the data; a file is in its way/,
    );
  });

  it('ends cleanly at SIGTERM though a stream of facts and a board never do, and keeps what it acknowledged', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const FIRST_RING_TV_TOKEN = 'a-token-for-the-television';
    const start = () =>
      startFirstRing({ dataDir: folder.path, config, env: { SHOP_TOKEN, FIRST_RING_TV_TOKEN } });
    const headers = { authorization: `Bearer ${SHOP_TOKEN}`, 'content-type': 'application/json' };
    const at = new Date().toISOString();
    const post = async (url: string, calls: string[]): Promise<{ stored: number; repeats: number }> => {
      const facts = calls.map((call) => ({ kind: 'arrived', call, at, direction: 'in' }));
      const answer = await fetch(`${url}/api/facts`, {
        method: 'POST',
        headers,
        body: JSON.stringify(facts),
      });
      return (await answer.json()) as { stored: number; repeats: number };
    };
    const acknowledged: string[] = [];
    {
      await using first = await start();
      const { hostname, port } = new URL(first.url);
      const board = connect(Number(port), hostname);
      board.on('error', () => board.destroy());
      board.write(
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${FIRST_RING_TV_TOKEN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      expect(String(await once(board, 'data'))).toContain('101 Switching Protocols');
      board.pause();
      const endless = request(`${first.url}/api/facts`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
      });
      endless.on('error', () => endless.destroy());
      endless.write(`${JSON.stringify({ kind: 'arrived', call: 'endless', at, direction: 'in' })}\n`);
      let ended = false;
      const senders = Array.from({ length: 4 }, async (_, sender) => {
        for (let i = 0; !ended; i++) {
          const call = `c${sender}-${i}`;
          try {
            if ((await post(first.url, [call])).stored === 1) acknowledged.push(call);
          } catch (error) {
            if (error instanceof TypeError) return;
            throw error;
          }
        }
      });
      while (acknowledged.length < 50) await new Promise((resolve) => setImmediate(resolve));
      expect(await first.end('SIGTERM')).toBe(0);
      ended = true;
      await Promise.all(senders);
    }
    await using second = await start();
    expect(await post(second.url, acknowledged)).toMatchObject({ stored: 0, repeats: acknowledged.length });
  });

  it('makes a lock at the first start with real data, shows it once, and lets nobody in without it', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const start = () =>
      startFirstRing({ dataDir: folder.path, config, env: { SHOP_TOKEN, HOST: '127.0.0.1' } });
    let token = '';
    {
      await using first = await start();
      token = /TV token:\s+(\S+)/.exec(first.output())?.[1] ?? '';
      expect(token).not.toBe('');
      expect((await fetch(`${first.url}/api/snapshot/support`)).status).toBe(401);
      expect(
        (await fetch(`${first.url}/api/snapshot/support`, { headers: { authorization: `Bearer ${token}` } }))
          .status,
      ).toBe(200);
      expect(await first.end('SIGTERM')).toBe(0);
    }
    await using second = await start();
    expect(second.output()).not.toContain('TV token:');
    expect(
      (await fetch(`${second.url}/api/snapshot/support`, { headers: { authorization: `Bearer ${token}` } }))
        .status,
    ).toBe(200);
  });

  it('writes no secret, address or telephone number to its log', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const env = {
      SHOP_TOKEN,
      FIRST_RING_ADMIN_PASSWORD: 'a-password-of-ours',
      FIRST_RING_TV_TOKEN: 'a-token-for-the-television',
      LOG_LEVEL: 'debug',
    };
    await using firstRing = await startFirstRing({ dataDir: folder.path, config, env });
    const at = Date.now() - 60_000;
    const facts = [
      { kind: 'offered', call: 'one', at, queue: 'support', number: '+1 555 010 2030' },
      { kind: 'end', call: 'one', at: at + 30_000, why: 'abandon' },
      {
        kind: 'mail_in',
        id: '<one@customer.example>',
        at,
        from: 'ann.customer@customer.example',
        to: ['help@harbor.example'],
      },
      { kind: 'nonsense', number: '+1 555 010 2031', from: 'bob.customer@customer.example' },
    ];
    const headers = { authorization: `Bearer ${SHOP_TOKEN}`, 'content-type': 'application/json' };
    const answer = await fetch(`${firstRing.url}/api/facts`, {
      method: 'POST',
      headers,
      body: JSON.stringify(facts),
    });
    expect(await answer.json()).toMatchObject({ stored: 3, refusedTotal: 1 });
    await fetch(`${firstRing.url}/wall?token=a-wrong-token-1234`);
    await firstRing.end('SIGTERM');
    for (const secret of [
      ...Object.values(env).slice(0, 3),
      'a-wrong-token-1234',
      '010 2030',
      '0102030',
      '5550102031',
      'ann.customer',
      'bob.customer',
    ]) {
      expect(firstRing.output()).not.toContain(secret);
    }
  });

  it('shows its inside to Prometheus and in its status, to those who may come in', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration);
    const env = { SHOP_TOKEN, FIRST_RING_TV_TOKEN: 'a-token-for-the-television' };
    await using firstRing = await startFirstRing({ dataDir: folder.path, config, env });
    const fact = JSON.stringify({ kind: 'offered', call: 'one', at: Date.now() - 1_000, queue: 'support' });
    const sender = { authorization: `Bearer ${SHOP_TOKEN}`, 'content-type': 'application/json' };
    for (const body of [fact, fact, '{"kind":"nonsense"}'])
      await fetch(`${firstRing.url}/api/facts`, { method: 'POST', headers: sender, body });
    expect((await fetch(`${firstRing.url}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${env.FIRST_RING_TV_TOKEN}` };
    await fetch(`${firstRing.url}/api/snapshot/support`, { headers });
    const text = await (await fetch(`${firstRing.url}/metrics`, { headers })).text();
    expect(text).toContain('first_ring_facts_total{source="shop",outcome="stored"} 1');
    expect(text).toContain('first_ring_facts_total{source="shop",outcome="repeat"} 1');
    expect(text).toContain('first_ring_facts_total{source="shop",outcome="refused"} 1');
    expect(text).toMatch(/first_ring_commit_seconds_count [1-9]/);
    expect(text).toMatch(/first_ring_refresh_seconds_count [1-9]/);
    expect(text).toMatch(/first_ring_event_to_push_seconds_count [1-9]/);
    expect(text).toMatch(/first_ring_database_bytes [1-9]/);
    expect(text).toMatch(/first_ring_source_state\{source="shop",state="heard"\} 1/);
    expect(text).toMatch(/nodejs_eventloop_lag_seconds /);
    const status = statusAnswer.parse(await (await fetch(`${firstRing.url}/api/status`, { headers })).json());
    expect(status.sources).toMatchObject([{ id: 'shop', state: 'heard', facts: { stored: 1, repeat: 1 } }]);
    expect(status.process.residentBytes).toBeGreaterThan(0);
  });

  it('says what is wrong in the configuration, with its line, and does not start', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, 'site:\n  name: Wrong\n  zone: Mars/Olympus\n');
    await expect(startFirstRing({ dataDir: folder.path, config })).rejects.toThrow(/first-ring\.yaml:3:/);
  });
});
