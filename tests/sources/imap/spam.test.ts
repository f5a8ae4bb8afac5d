import { expect, it } from 'vitest';
import { systemClock } from '../../../server/clock.ts';
import { MINUTE, SECOND } from '../../../shared/time.ts';
import { describeWithDovecot, openDovecot } from '../../support/dovecot.ts';
import { mailText } from '../../support/mail-text.ts';
import { start } from '../each-source-check.ts';
import { imapAt } from './an-imap.ts';
import { keepMail } from './kept-mail.ts';

const ask = (id: string) => mailText({ id });
const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / SECOND) * SECOND - minutes * MINUTE);

describeWithDovecot('the spam folder and the flag of spam', () => {
  it('counts a mail again that is moved to the spam folder and back, live and while nobody listens', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await using kept = await keepMail(imapAt(dovecot.port), systemClock);
    await program.append('INBOX', ask('<q1@cust.example>'), [], minutesAgo(1));
    const received = () => expect.poll(() => [kept.sum('emailsReceived').n, kept.sum('emailsSpam').n]);
    await received().toEqual([1, 0]);
    for (const _ of [1, 2]) {
      await program.mailboxOpen('INBOX');
      await program.messageMove('1', 'Junk');
      await received().toEqual([0, 1]);
      // As Thunderbird and others do; it says nothing of the mail once it is taken out.
      await program.mailboxOpen('Junk');
      await program.messageFlagsAdd('1', ['Junk']);
      await program.messageFlagsRemove('1', ['Junk']);
      await program.messageMove('1', 'INBOX');
      await received().toEqual([1, 0]);
    }
    expect(kept.conflicts()).toBe(0);
    const source = start(imapAt(dovecot.port), null);
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    await program.messageMove('1', 'Junk');
    await source.until((facts) => facts.at(-1)?.kind === 'spam');
    await source.stop();
    await program.mailboxOpen('Junk');
    await program.messageMove('1', 'INBOX');
    const after = start(imapAt(dovecot.port), source.cursor());
    await after.until((facts) => facts.at(-1)?.kind === 'not_spam');
    await after.stop();
  });

  it('does not take a flag in the spam folder for a word that a person cannot take back', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await using kept = await keepMail(imapAt(dovecot.port), systemClock);
    await expect.poll(() => kept.state()).toBe('live');
    await program.append('Junk', ask('<q1@cust.example>'), [], minutesAgo(1));
    await expect.poll(() => kept.sum('emailsSpam').n).toBe(1);
    await program.mailboxOpen('Junk');
    await program.messageFlagsAdd('1', ['Junk']);
    await program.messageMove('1', 'INBOX');
    await program.mailboxOpen('INBOX');
    await program.messageFlagsRemove('1', ['Junk']);
    await program.messageFlagsAdd('1', ['NonJunk']);
    await expect.poll(() => [kept.sum('emailsReceived').n, kept.sum('emailsSpam').n]).toEqual([1, 0]);
  });

  it('counts a mail again that loses the flag of spam, live and in a gap, and not one that is half moved', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    for (const id of ['<q1@cust.example>', '<q2@cust.example>']) await program.append('INBOX', ask(id));
    const source = start(imapAt(dovecot.port), null);
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    await program.messageFlagsAdd('1:2', ['$Junk']);
    await source.until((facts) => facts.filter(({ kind }) => kind === 'spam').length === 2);
    await program.messageFlagsRemove('1', ['$Junk']);
    await source.until((facts) => facts.at(-1)?.kind === 'not_spam');
    await program.messageCopy('1', 'Junk');
    await source.until((facts) => facts.at(-1)?.kind === 'spam');
    await program.messageFlagsAdd('1', ['\\Deleted']);
    await source.stop();
    expect(source.facts.slice(-3)).toMatchObject([
      { kind: 'mail_in', id: '<q1@cust.example>' },
      { kind: 'not_spam', ref: '<q1@cust.example>' },
      { kind: 'spam', ref: '<q1@cust.example>' },
    ]);
    await program.messageFlagsRemove('2', ['$Junk']);
    const after = start(imapAt(dovecot.port), source.cursor());
    await after.until((facts) => facts.at(-1)?.kind === 'not_spam');
    await after.stop();
    expect(after.facts.map((fact) => ('ref' in fact ? fact.ref : ''))).toEqual(['', '<q2@cust.example>']);
  });
});
