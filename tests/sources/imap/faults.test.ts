import { expect, it } from 'vitest';
import { type Dovecot, describeWithDovecot, openDovecot } from '../../support/dovecot.ts';
import { answerText, mailText } from '../../support/mail-text.ts';
import { openSwallowingProxy, type SwallowingProxy } from '../../support/swallowing-proxy.ts';
import { hurriedClock, imapAt } from './an-imap.ts';
import { type KeptMail, keepMail } from './kept-mail.ts';

const CYCLES = 10;
/** A question and its answer are filed while the fault lasts; `n` of them must be known, once each, at the end. */
async function allOnce(kept: KeptMail, n: number): Promise<void> {
  await expect
    .poll(() => [kept.sum('emailsReceived').n, kept.sum('emailsWithinHour')], {
      timeout: 20_000,
      interval: 20,
    })
    .toEqual([n, { n, d: n }]);
  expect([kept.facts(), kept.sum('emailsDuplicate').n, kept.conflicts()]).toEqual([2 * n, 0, 0]);
}

async function pair(dovecot: Dovecot, name: string): Promise<void> {
  const id = `<${name}@cust.example>`;
  const program = await dovecot.program();
  await program.append('INBOX', mailText({ id }));
  await program.append('Sent', answerText(id));
}

async function throughFaults(
  fault: (dovecot: Dovecot, proxy: SwallowingProxy, cycle: number) => Promise<void> | void,
): Promise<{ log: string; connections: number }> {
  await using dovecot = await openDovecot();
  await using proxy = await openSwallowingProxy(dovecot.port);
  await using kept = await keepMail(imapAt(proxy.port, {}, hurriedClock), hurriedClock);
  await pair(dovecot, 'first');
  await allOnce(kept, 1);
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    await fault(dovecot, proxy, cycle);
    await pair(dovecot, `q${cycle}`);
    await allOnce(kept, 1 + cycle);
  }
  return { log: dovecot.log(), connections: proxy.connections() };
}

describeWithDovecot(`nothing is missed and nothing told twice through ten of each:`, () => {
  it('a server that restarts, with mail that came while it was away', { timeout: 120_000 }, async () => {
    await using dovecot = await openDovecot();
    await using kept = await keepMail(imapAt(dovecot.port, {}, hurriedClock), hurriedClock);
    await expect.poll(() => kept.state()).toBe('live');
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      const id = `<q${cycle}@cust.example>`;
      await dovecot.stop();
      dovecot.put('INBOX', [{ text: mailText({ id }), at: Date.now() - 2_000 }]);
      dovecot.put('Sent', [{ text: answerText(id), at: Date.now() - 1_000 }]);
      await expect.poll(() => kept.trouble()).not.toBeNull();
      await dovecot.start();
      await allOnce(kept, cycle);
    }
  });

  it('a line that is cut in the middle of reading back', { timeout: 120_000 }, async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const [n, from] = [600, Date.now() - 900_000];
    const ids = Array.from({ length: n }, (_, i) => `<q${i}@cust.example>`);
    dovecot.put(
      'INBOX',
      ids.map((id, i) => ({ text: mailText({ id }), at: from + i * 1_000 })),
    );
    dovecot.put(
      'Sent',
      ids.map((id, i) => ({ text: answerText(id), at: from + i * 1_000 + 500 })),
    );
    await using kept = await keepMail(imapAt(proxy.port, {}, hurriedClock), hurriedClock);
    for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
      const before = kept.facts();
      await expect
        .poll(() => kept.facts(), { interval: 5 })
        .toBeGreaterThanOrEqual(Math.min(2 * n, before + 50));
      proxy.cut();
    }
    await allOnce(kept, n);
  });

  it('a UIDVALIDITY that changes', { timeout: 120_000 }, async () => {
    const { log } = await throughFaults((dovecot, _proxy, cycle) => {
      dovecot.renew('INBOX', 1_000 + cycle);
      if (cycle % 2 === 0) dovecot.renew('Sent', 1_000 + cycle);
    });
    // So Dovecot ends the sessions of a folder that is not what it was.
    expect(log.match(/session state is inconsistent/g)?.length).toBeGreaterThanOrEqual(CYCLES);
  });

  it('a connection that falls silent without a word', { timeout: 120_000 }, async () => {
    const { connections } = await throughFaults((_dovecot, proxy) => proxy.swallow());
    const folders = 3;
    expect(connections).toBeGreaterThanOrEqual(folders * (1 + CYCLES));
  });
});
