import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IN_FLIGHT_MAX } from '../../server/alerts/tell-channel.ts';
import type { AlertTurn } from '../../server/store/alerts.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import { openReceiver } from '../support/a-receiver.ts';
import { aDelivery, aTurn } from '../support/a-turn.ts';
import { type FirstRing, startFirstRing } from '../support/first-ring.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KILLS = Number(process.env.KILLS ?? 5);
/** Alerts that are saved before each life; each has two turns, which must stay in order. */
const ALERTS = 10;
const DUE_AT = Date.now() - 60_000;
const SIGNING = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

/** What came to the receiver: which messages told of which turn, in order. */
interface Told {
  messages: string[];
  order: string[];
  ids: Map<string, Set<string>>;
}

describe('kill -9 between row and message', () => {
  it(
    `tells every alert at least once, loses none, and repeats with the same id, ${KILLS} times over`,
    async () => {
      using folder = temporaryFolder();
      await using receiver = await openReceiver();
      const told: Told = { messages: [], order: [], ids: new Map() };
      const saved: string[] = [];
      let life: FirstRing | null = null;
      let killAt = 0;
      receiver.answer((response, { headers, json }) => {
        told.messages.push(String(headers['webhook-id']));
        for (const { turn } of json.data.alerts as { turn: string }[]) {
          told.order.push(turn);
          const ids = told.ids.get(turn) ?? new Set();
          told.ids.set(turn, ids.add(String(headers['webhook-id'])));
        }
        killAt -= 1;
        // Now and then it is answered first, so that the end also falls between the answer and the row.
        const answer = (): void => void response.writeHead(204).end();
        if (killAt !== 0) return answer();
        if (Math.random() < 0.5) answer();
        void life?.end('SIGKILL');
      });
      const config = join(folder.path, 'first-ring.yaml');
      writeFileSync(config, configurationFor(receiver.port));
      const start = (): Promise<FirstRing> =>
        startFirstRing({ dataDir: folder.path, config, env: { SIGNING } });
      // The first start makes the database.
      await (await start()).end('SIGTERM');

      for (let kill = 0; kill < KILLS; kill += 1) {
        saved.push(...(await saveTurns(join(folder.path, 'first-ring.sqlite'), kill)));
        killAt = 1 + Math.floor(Math.random() * ALERTS * 2);
        const before = told.order.length;
        life = await start().catch((error: unknown) => {
          // It may be ended before it has said where it listens, and for no other reason.
          if (killAt > 0) throw error;
          return null;
        });
        await expect.poll(() => killAt <= 0, { timeout: 30_000 }).toBe(true);
        if (life !== null) expect(await life.end('SIGKILL')).toBeNull();
        expect(told.order.length).toBeGreaterThan(before);
      }
      killAt = 0;
      await using last = await start();
      await expect.poll(() => told.ids.size, { timeout: 60_000 }).toBe(saved.length);
      expect(await last.end('SIGTERM')).toBe(0);

      expect([...told.ids.keys()].sort()).toEqual(saved.toSorted());
      for (const [turn, ids] of told.ids) expect([...ids], turn).toHaveLength(1);
      const repeats = told.messages.length - new Set(told.messages).size;
      expect(repeats).toBeLessThanOrEqual(KILLS * IN_FLIGHT_MAX);
      expectInOrder(told.order);
      await expectNothingLeft(join(folder.path, 'first-ring.sqlite'));
    },
    60_000 + KILLS * 15_000,
  );
});

/** As the engine saves them: rows first. Resolves with the ids when they are durable. */
async function saveTurns(file: string, life: number): Promise<string[]> {
  const store = await openSqliteStore({ file });
  try {
    const now = Date.now();
    const turns: AlertTurn[] = [];
    for (let i = 0; i < ALERTS; i += 1) {
      const alert = { id: `life${life}.${i}.1`, about: `Team ${i}` };
      turns.push(
        { ...aTurn('fired', { ...alert, turns: 1 }), at: now, bunch: `team:${i}` },
        { ...aTurn('resolved', { ...alert, turns: 2 }), at: now + 1, bunch: `team:${i}` },
      );
    }
    await store.saveAlerts({
      turns: turns.map((turn) => ({
        turn,
        // Two messages, and the second waits for the first. In every life they are due when those of the first one were: what
        // was sent and not marked as sent stays a message of its own.
        deliveries: [aDelivery(turn, 'hook', { dueAt: DUE_AT + turn.alert.turns, at: now })],
      })),
    });
    return turns.map(({ id }) => id);
  } finally {
    await store.close();
  }
}

/** What began was told before what is over, whatever was repeated. */
function expectInOrder(order: readonly string[]): void {
  for (const turn of order.filter((id) => id.endsWith('.2'))) {
    const fired = order.indexOf(turn.replace(/\.2$/, '.1'));
    expect(fired).not.toBe(-1);
    expect(fired).toBeLessThan(order.indexOf(turn));
  }
}

async function expectNothingLeft(file: string): Promise<void> {
  const store = await openSqliteStore({ file });
  try {
    expect(await store.deliveriesWaiting()).toEqual(new Map());
    expect(await store.deadDeliveries(10)).toEqual([]);
  } finally {
    await store.close();
  }
}

const configurationFor = (port: number): string => `
site: { name: Harbor Health, zone: UTC }
channels:
  - { id: hook, kind: webhook, url: "http://127.0.0.1:${port}/alerts", secrets: ["\${SIGNING}"] }
outgoing: { allow_private: [127.0.0.1], allow_http: [127.0.0.1] }
`;
