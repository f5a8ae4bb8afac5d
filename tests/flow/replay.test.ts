import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWall } from '../client/wall-page.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { openFakeAsterisk } from '../support/fake-asterisk.ts';
import { startFirstRing } from '../support/first-ring.ts';
import { recording, type TrueCall } from '../support/recording.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** One ring in the United States, and the wait under which a caller who gives up is left out; seconds. */
const RING_S = 6;
const SHORT_S = 5;

/** Recorded one after the other; the overlapping calls come last. */
const played = [
  'd-queue-ring2',
  'f-queue-rna-second',
  'g-queue-ringall-1s',
  'j-queue-abandon',
  'c-abandon-4s',
  'k-outbound',
  'n-overlap10',
].map(recording);

const configuration = (port: number): string => `
site: { name: Replay, zone: UTC, country: us, hours: always }
teams:
  - id: support
    name: Support
    queues:
      - { id: support, kind: calls, asterisk_queue: support }
      - { id: billing, kind: calls, asterisk_queue: billing }
      - { id: direct, kind: calls }
boards: [{ id: all, name: Support, show: site }]
sources:
  - { id: pbx, kind: asterisk, host: 127.0.0.1, port: ${port}, user: firstring, secret: "\${AMI_SECRET}", default_queue: direct }
`;

/** The first-ring pair, from what the phones and the trunk know. */
function truth(calls: readonly TrueCall[]): { n: number; d: number } {
  const counted = calls.filter((call) => call.should_count && !isShort(call));
  const met = counted.filter(
    (call) => call.outcome === 'answered' && (call.first_ring_to_answer_s ?? RING_S) < RING_S,
  );
  return { n: met.length, d: counted.length };
}

function isShort(call: TrueCall): boolean {
  const { invite_sent: from = 0, cancel_sent: cancelled, bye_sent: hungUp } = call.caller_events ?? {};
  const leftAt = cancelled ?? hungUp;
  return call.outcome === 'abandoned' && leftAt !== undefined && leftAt - from < SHORT_S;
}

describeInBrowser('recorded bytes of a real Asterisk', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(async () => {
    await builtClient();
    folder = temporaryFolder();
  });
  afterAll(() => folder[Symbol.dispose]());

  it('become exactly the right first-ring percent on a real wall', async () => {
    const asterisk = await openFakeAsterisk();
    const config = join(folder.path, 'first-ring.yaml');
    writeFileSync(config, configuration(asterisk.port));
    const startAt = (played.at(-1)?.truth.t1 ?? 0) * 1_000 + 60_000;
    await using firstRing = await startFirstRing({
      dataDir: folder.path,
      config,
      startAt,
      env: { AMI_SECRET: 'not-a-real-secret', FIRST_RING_TV_TOKEN: 'a-token-for-the-television' },
    });
    await asterisk.ready();
    const browser = await openBrowser();
    const wall = await openWall(browser, firstRing.url, '1920x1080', {
      path: '/wall?token=a-token-for-the-television',
    });
    for (const { connections } of played) await asterisk.play(connections[0] ?? []);

    const expected = truth(played.flatMap((one) => one.truth.calls));
    expect(expected.d).toBeGreaterThan(10);
    const percent = Math.floor((200 * expected.n + expected.d) / (2 * expected.d));
    await wall.page.getByText(`${expected.n} of ${expected.d}`).waitFor({ timeout: 10_000 });
    expect(await wall.text()).toContain(`${percent}%`);
    expect(wall.complaints).toEqual([]);
    await browser.close();
    await asterisk.close();
    expect(await firstRing.end('SIGTERM')).toBe(0);
  });
});
