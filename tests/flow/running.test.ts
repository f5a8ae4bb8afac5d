import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it('says what is wrong in the configuration, with its line, and does not start', async () => {
    using folder = temporaryFolder();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, 'site:\n  name: Wrong\n  zone: Mars/Olympus\n');
    await expect(startFirstRing({ dataDir: folder.path, config })).rejects.toThrow(/first-ring\.yaml:3:/);
  });
});
