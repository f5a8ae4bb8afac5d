import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { MINUTE } from '../../shared/time.ts';
import { imapAt } from '../sources/imap/an-imap.ts';
import { keepMail } from '../sources/imap/kept-mail.ts';
import { type Dovecot, describeWithDovecot, openDovecot } from '../support/dovecot.ts';
import { answerText, mailText } from '../support/mail-text.ts';
import { watchOwnBlocks } from '../support/own-blocks.ts';

/** The promise of the product about its main thread. */
const BLOCKED_MAX_MS = 50;
const QUESTIONS = 7_000;
const ANSWERED = 3_000;

function fill(dovecot: Dovecot): void {
  const from = Date.now() - QUESTIONS * 2 * MINUTE;
  const questions = Array.from({ length: QUESTIONS }, (_, i) => ({
    text: mailText({ id: `<q${i}@cust.example>`, from: `ann${i}@cust.example`, subject: `Question ${i}` }),
    at: from + i * 2 * MINUTE,
  }));
  dovecot.put('INBOX', questions);
  dovecot.put(
    'Sent',
    questions.slice(0, ANSWERED).map(({ at }, i) => ({
      text: answerText(`<q${i}@cust.example>`, { id: `<a${i}@acme.example>` }),
      at: at + MINUTE,
    })),
  );
}

describeWithDovecot('a first reading of ten thousand mails', () => {
  it('keeps the main thread at work for at most 50 ms at a time, and misses none', {
    timeout: 120_000,
  }, async () => {
    await using dovecot = await openDovecot();
    fill(dovecot);
    const blocks = watchOwnBlocks();
    await using kept = await keepMail(imapAt(dovecot.port, { readBackDays: 30 }), systemClock);
    await expect.poll(() => kept.facts(), { timeout: 90_000, interval: 250 }).toBe(QUESTIONS + ANSWERED);
    blocks.stop();
    const [worked, blocked] = [blocks.workedMs(), blocks.blockedMs()].map((ms) => ms.toFixed(0));
    process.stdout.write(`first reading: at work for at most ${worked} ms, blocked for ${blocked} ms\n`);
    expect(kept.sum('emailsReceived').n).toBe(QUESTIONS);
    expect([kept.sum('emailsDuplicate').n, kept.conflicts()]).toEqual([0, 0]);
    expect(blocks.workedMs()).toBeLessThanOrEqual(BLOCKED_MAX_MS);
  });
});
