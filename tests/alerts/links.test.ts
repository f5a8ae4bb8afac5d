import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Log } from '../../server/log.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { openTelling } from '../../server/telling.ts';
import { aBoard } from '../metrics/a-site.ts';
import { openReceiver } from '../support/a-receiver.ts';
import { aDelivery, aTurn, FIRED_AT } from '../support/a-turn.ts';
import { someRules } from '../support/some-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const none = (): void => undefined;
const log: Log = { debug: none, info: none, warn: none, error: none, fatal: none };
const rules = someRules();
const { calendar } = rules.site;
const [queue, { team }] = [...rules.queues].find(([, one]) => one.team !== null)!;
const billing = { ...aBoard('billing', { scope: 'team:another', calendar }), mentions: false };
const ofTeam = aBoard('of-team', { scope: `team:${team}`, calendar });
const ofQueue = aBoard('of-queue', { scope: `queue:${queue}`, calendar });
const all = aBoard('all', { scope: 'site', calendar });
const posts = { ...aBoard('posts', { scope: 'team:another', calendar }), mentions: true };
const inQueue = { scope: `queue:${queue}`, metric: 'firstRing' } as const;

it.each([
  [[billing, all, ofTeam, ofQueue], inQueue, '/wall/of-queue'],
  [[billing, all, ofTeam], inQueue, '/wall/of-team'],
  [[billing, all], inQueue, '/wall/all'],
  // A wall of others would not show it.
  [[billing], inQueue, '/thresholds'],
  [[billing, posts], { scope: 'site', metric: 'mentions' } as const, '/wall/posts'],
])('a link in a message leads to the wall that shows the alert: %#', async (boards, about, path) => {
  using folder = temporaryFolder();
  await using receiver = await openReceiver();
  const store = await openSqliteStore({ file: join(folder.path, 'data.sqlite') });
  const secrets = [`whsec_${Buffer.alloc(32, 5).toString('base64')}`];
  const telling = openTelling({
    clock: createTestClock(FIRED_AT),
    log,
    store,
    config: {
      rules,
      boards,
      site: { name: 'Harbor', place: null, zone: 'UTC' },
      channels: [{ id: 'hook', name: 'hook', kind: 'webhook', url: receiver.url, secrets }],
      mail: null,
      outgoing: { networks: ['127.0.0.1'], plainHosts: ['127.0.0.1'], url: 'https://wall.example' },
    },
  });
  const turn = aTurn('fired', about);
  await store.saveAlerts({ turns: [{ turn, deliveries: [aDelivery(turn, 'hook')] }] });
  const stopping = new AbortController();
  const running = telling.run(stopping.signal);
  await expect.poll(() => receiver.received.length).toBe(1);
  stopping.abort();
  await running;
  await store.close();
  expect(receiver.received[0]!.json.data.alerts[0].link).toBe(`https://wall.example${path}`);
});
