import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MINUTE } from '../../shared/time.ts';
import { openWall } from '../client/wall-page.ts';
import { describeInBrowser, openBrowser } from '../support/browser.ts';
import { builtClient } from '../support/built-client.ts';
import { describeWithDovecot, openDovecot, PASSWORD, USER } from '../support/dovecot.ts';
import { startFirstRing } from '../support/first-ring.ts';
import { answerText, mailText } from '../support/mail-text.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** From the reply being filed to the figure on the glass. */
const GLASS_MAX_MS = 1_000;
const ANSWERS = 5;

/** Nothing may fall into yesterday. */
function zoneWhereItIsNoon(): string {
  const ahead = 12 - new Date(Date.now()).getUTCHours();
  // POSIX counts them the other way round.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

const configuration = (port: number): string => `
site: { name: Mail, zone: ${zoneWhereItIsNoon()}, country: us, hours: always, domains: [acme.example], min_sample: 1 }
teams:
  - id: support
    name: Support
    queues: [{ id: help, kind: mailbox, addresses: [help@acme.example] }]
boards: [{ id: all, name: Support, show: site }]
sources:
  - id: mail
    kind: imap
    host: 127.0.0.1
    port: ${port}
    security: unencrypted
    user: ${USER}
    password: \${MAIL_PASSWORD}
    mailboxes: [{ mailbox: help }]
`;

/** A script for the page: when these words first stood in its document, in ms of this machine's clock. */
function seenAt(words: string): string {
  return `new Promise((resolve) => {
    const look = () => {
      if (!document.body.textContent.includes(${JSON.stringify(words)})) return false;
      resolve(performance.timeOrigin + performance.now());
      return true;
    };
    if (look()) return;
    const watcher = new MutationObserver(() => look() && watcher.disconnect());
    watcher.observe(document.body, { subtree: true, childList: true, characterData: true });
  })`;
}

describeWithDovecot('a reply that is filed in Sent', () => {
  describeInBrowser('of a real mail server', () => {
    it('moves the email percent on a real wall within a second', { timeout: 90_000 }, async () => {
      await builtClient();
      using folder = temporaryFolder();
      await using dovecot = await openDovecot();
      const program = await dovecot.program();
      const ids = Array.from({ length: ANSWERS + 1 }, (_, i) => `<q${i}@cust.example>`);
      for (const [i, id] of ids.entries()) {
        // The last one was received two hours ago, and missed.
        const receivedAt = new Date(Date.now() - (i === ANSWERS ? 120 : 10) * MINUTE);
        await program.append('INBOX', mailText({ id }), [], receivedAt);
      }
      const config = join(folder.path, 'first-ring.yaml');
      writeFileSync(config, configuration(dovecot.port));
      await using firstRing = await startFirstRing({
        dataDir: folder.path,
        config,
        env: { MAIL_PASSWORD: PASSWORD, FIRST_RING_TV_TOKEN: 'a-token-for-the-television' },
      });
      const browser = await openBrowser();
      const path = '/wall?token=a-token-for-the-television';
      const wall = await openWall(browser, firstRing.url, '1920x1080', { path });
      await wall.page.getByText('0 of 1').waitFor({ timeout: 10_000 });
      const tookMs: number[] = [];
      for (let n = 1; n <= ANSWERS; n += 1) {
        const seen = wall.page.evaluate<number>(seenAt(`${n} of ${n + 1}`));
        const filedAt = Date.now();
        await program.append('Sent', answerText(ids[n - 1] ?? ''), ['\\Seen']);
        tookMs.push((await seen) - filedAt);
        expect(await wall.text()).toContain(`${Math.floor((200 * n + n + 1) / (2 * (n + 1)))}%`);
      }
      process.stdout.write(`reply filed to glass: ${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms\n`);
      const median = tookMs.toSorted((a, b) => a - b)[Math.floor(ANSWERS / 2)];
      expect(median).toBeLessThan(GLASS_MAX_MS);
      expect(wall.complaints).toEqual([]);
      expect(firstRing.output()).not.toMatch(/cust\.example|acme\.example|not-a-real-secret/);
      await browser.close();
      expect(await firstRing.end('SIGTERM')).toBe(0);
    });
  });
});
