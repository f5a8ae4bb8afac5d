import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Fact, partOf, subjectOf } from '../../../server/fact.ts';
import { Problem } from '../../../server/problem.ts';
import { CONNECT_WITHIN_MS, NOOP_WITHIN_MS } from '../../../server/sources/imap/imap-link.ts';
import {
  LATE_AFTER_MS,
  LOST_AFTER_MS,
  NOOP_EVERY_MS,
  POLL_EVERY_MS,
} from '../../../server/sources/imap/source.ts';
import { MINUTE, SECOND } from '../../../shared/time.ts';
import { describeWithDovecot, isDovecotHere, openDovecot, PASSWORD } from '../../support/dovecot.ts';
import { answerText, mailText } from '../../support/mail-text.ts';
import { openSwallowingProxy } from '../../support/swallowing-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';
import { hurriedClock, imapAt, mailIds } from './an-imap.ts';

const ask = (id: string) => mailText({ id });
const told = (count: number) => (facts: readonly Fact[]) => facts.length >= count;
const minutesAgo = (minutes: number) => new Date(Math.floor(Date.now() / SECOND) * SECOND - minutes * MINUTE);

if (isDovecotHere()) {
  eachSourceCheck('imap', async () => {
    const dovecot = await openDovecot();
    const program = await dovecot.program();
    let halves = 0;
    return {
      make: () => imapAt(dovecot.port),
      async firstHalf() {
        halves += 1;
        if (halves > 1) return;
        await program.append('INBOX', ask('<q1@cust.example>'));
        await program.append('Sent', answerText('<q1@cust.example>'));
      },
      async secondHalf() {
        await program.append('INBOX', ask('<q2@cust.example>'));
      },
      isFirst: (facts) => new Set(mailIds(facts)).size >= 2,
      isWhole: (facts) => new Set(mailIds(facts)).size >= 3,
      close: async () => dovecot[Symbol.asyncDispose](),
    };
  });
}

describeWithDovecot('a mailbox at a real Dovecot', () => {
  it('tells of a mail and of its answer when it is filed, dated by the server', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    const receivedAt = minutesAgo(3);
    await program.append('INBOX', mailText(), [], receivedAt);
    const source = start(imapAt(dovecot.port), null);
    await source.until(told(1));
    await source.until(() => source.signs() > 0);
    const filedAt = Date.now();
    await program.append('Sent', answerText('<q1@cust.example>'), ['\\Seen']);
    await source.until(told(2));
    await source.stop();
    expect(source.facts).toEqual([
      {
        kind: 'mail_in',
        id: '<q1@cust.example>',
        at: receivedAt.getTime(),
        from: 'ann@cust.example',
        to: ['help@acme.example'],
        mailbox: 'inbox',
      },
      {
        kind: 'mail_out',
        id: '<re-q1.cust.example@acme.example>',
        at: expect.closeTo(filedAt, -4),
        from: 'sam@acme.example',
        to: ['ann@cust.example'],
        refs: ['<q1@cust.example>'],
        mailbox: 'inbox',
      },
    ]);
  });

  it('only ever examines folders, sets no flag and reads no body', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const program = await dovecot.program();
    await program.append('INBOX', mailText());
    const source = start(imapAt(proxy.port), null);
    await source.until(told(1));
    await program.append('INBOX', ask('<q2@cust.example>'));
    await source.until(told(2));
    await source.stop();
    const commands = proxy.said().match(/^\S+ (?:UID )?[A-Z]+/gm) ?? [];
    const used = new Set(commands.map((command) => command.replace(/^\S+ /, '')));
    expect(
      [...used].filter((name) => /^(SELECT|STORE|UID STORE|APPEND|EXPUNGE|MOVE|COPY)/.test(name)),
    ).toEqual([]);
    expect([...used]).toEqual(expect.arrayContaining(['EXAMINE', 'IDLE', 'UID FETCH', 'ENABLE']));
    expect(proxy.said()).toMatch(/ENABLE .*CONDSTORE.*QRESYNC/);
    const asked = proxy.said().match(/BODY[^ ]*/g) ?? [];
    expect(new Set(asked)).toEqual(new Set(['BODY.PEEK[HEADER.FIELDS']));
    const box = await program.mailboxOpen('INBOX');
    expect(box.exists).toBe(2);
    for await (const { flags } of program.fetch('1:*', { flags: true }))
      expect(flags).not.toContain('\\Seen');
    await expect.poll(() => dovecot.log()).toContain('body_count=0');
    expect(dovecot.log()).not.toMatch(/body_count=[1-9]/);
  });

  it('reads back only so many days at first, and goes on from its cursor after', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    const day = 24 * 60;
    await program.append('INBOX', ask('<old@cust.example>'), [], minutesAgo(5 * day));
    await program.append('INBOX', ask('<q1@cust.example>'), [], minutesAgo(day));
    const before = start(imapAt(dovecot.port, { readBackDays: 2 }), null);
    await before.until(told(1));
    await before.until(() => before.signs() > 0);
    await before.stop();
    await program.append('INBOX', ask('<q2@cust.example>'));
    const after = start(imapAt(dovecot.port, { readBackDays: 2 }), before.cursor());
    await after.until(told(1));
    await after.stop();
    expect([mailIds(before.facts), mailIds(after.facts)]).toEqual([
      ['<q1@cust.example>'],
      ['<q2@cust.example>'],
    ]);
  });

  it('goes on where it was cut off in the middle of reading back', async () => {
    await using dovecot = await openDovecot();
    const from = Date.now() - 300 * MINUTE;
    const mails = Array.from({ length: 200 }, (_, i) => ({
      text: ask(`<q${i}@cust.example>`),
      at: from + i * MINUTE,
    }));
    dovecot.put('INBOX', mails);
    let cursor: string | null = null;
    const told: string[] = [];
    for (let cuts = 0; told.length < 200 && cuts < 20; cuts += 1) {
      const source = start(imapAt(dovecot.port), cursor);
      await source.until((facts) => facts.length >= 60 || told.length + facts.length >= 200);
      await source.stop();
      told.push(...mailIds(source.facts));
      cursor = source.cursor();
    }
    expect(told).toEqual(mails.map((_, i) => `<q${i}@cust.example>`));
  });

  it('holds several mailboxes in one login, and tells of a mail in each that holds it', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    for (const folder of ['INBOX', 'Done']) await program.append(folder, mailText(), [], minutesAgo(3));
    await program.append('Sent', answerText('<q1@cust.example>'));
    const mailboxes = [
      { mailbox: 'inbox', inbox: ['INBOX'] },
      { mailbox: 'money', inbox: ['Done'] },
    ];
    const source = start(imapAt(dovecot.port, { mailboxes }), null);
    await source.until(told(4));
    await source.stop();
    const keys = source.facts.map((fact) => [fact.kind, subjectOf(fact), partOf(fact)].join(' '));
    expect(keys.sort()).toEqual([
      'mail_in <q1@cust.example> inbox',
      'mail_in <q1@cust.example> money',
      'mail_out <re-q1.cust.example@acme.example> inbox',
      'mail_out <re-q1.cust.example@acme.example> money',
    ]);
  });

  it('reads folders whose names are in any language', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await program.mailboxCreate('Gesendet & später/送信済み');
    await program.append('Gesendet & später/送信済み', answerText('<q1@cust.example>'));
    const mailboxes = [{ mailbox: 'inbox', inbox: ['INBOX'], sent: ['Gesendet & später/送信済み'] }];
    const source = start(imapAt(dovecot.port, { mailboxes }), null);
    await source.until(told(1));
    await source.stop();
    expect(source.facts[0]).toMatchObject({ kind: 'mail_out' });
  });

  it('notices each mail although others vanish before it or with it', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await program.append('INBOX', ask('<q0@cust.example>'));
    const source = start(imapAt(dovecot.port), null);
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    for (let i = 1; i <= 4; i += 1) {
      // What the last one set off is over, or its sign of life would pass for that of the next.
      await delay(200);
      const signs = source.signs();
      await program.messageDelete('1:*');
      // The first goes before the next comes, or together with it: imapflow counts both differently.
      if (i % 2 === 0) await source.until(() => source.signs() > signs);
      await program.append('INBOX', ask(`<q${i}@cust.example>`));
      await source.until(told(i + 1));
    }
    await source.stop();
    expect(mailIds(source.facts)).toEqual([0, 1, 2, 3, 4].map((i) => `<q${i}@cust.example>`));
  });

  it('is told nothing new by a mail that moves to another folder, nor by one that comes back', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await program.append('INBOX', mailText(), [], minutesAgo(9));
    const source = start(
      imapAt(dovecot.port, { mailboxes: [{ mailbox: 'inbox', inbox: ['INBOX', 'Done'] }] }),
      null,
    );
    await source.until(told(1));
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    await program.messageMove('1', 'Done');
    await source.until(told(2));
    await program.mailboxOpen('Done');
    await program.messageMove('1', 'INBOX');
    await source.until(told(3));
    await source.stop();
    expect(new Set(source.facts.map((fact) => JSON.stringify(fact))).size).toBe(1);
  });

  it('knows a mail again that is moved to the spam folder, even while nobody listens', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    for (const id of ['<q1@cust.example>', '<q2@cust.example>']) await program.append('INBOX', ask(id));
    await program.append('Junk', ask('<offer@bulk.example>'));
    const source = start(imapAt(dovecot.port), null);
    await source.until(told(3));
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    await program.messageMove('1', 'Junk');
    await source.until(told(4));
    await source.stop();
    await program.messageMove('1', 'Junk');
    const after = start(imapAt(dovecot.port), source.cursor());
    await after.until(told(1));
    await after.stop();
    expect(source.facts).toContainEqual(
      expect.objectContaining({ kind: 'mail_in', id: '<offer@bulk.example>', spam: true }),
    );
    expect(source.facts.at(-1)).toMatchObject({ kind: 'spam', ref: '<q1@cust.example>' });
    expect(after.facts).toEqual([expect.objectContaining({ kind: 'spam', ref: '<q2@cust.example>' })]);
  });

  it('tells of a mail that a person took out of the spam folder', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await program.append('Junk', mailText());
    const source = start(imapAt(dovecot.port), null);
    await source.until(told(1));
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('Junk');
    await program.messageMove('1', 'INBOX');
    await source.until(told(2));
    await source.stop();
    expect(source.facts.map((fact) => ('spam' in fact ? fact.spam : false))).toEqual([true, false]);
  });

  it('hears that a mail got the flag of spam where it lies, live and in a gap', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    for (const id of ['<q1@cust.example>', '<q2@cust.example>']) await program.append('INBOX', ask(id));
    const source = start(imapAt(dovecot.port), null);
    await source.until(told(2));
    await source.until(() => source.signs() > 0);
    await program.mailboxOpen('INBOX');
    await program.messageFlagsAdd('1', ['\\Seen']);
    await program.messageFlagsAdd('1', ['$Junk']);
    await source.until(told(3));
    await source.stop();
    await program.messageFlagsAdd('2', ['$Junk']);
    const after = start(imapAt(dovecot.port), source.cursor());
    await after.until((facts) =>
      facts.some((fact) => fact.kind === 'spam' && fact.ref === '<q2@cust.example>'),
    );
    await after.stop();
    expect(source.facts.at(-1)).toMatchObject({ kind: 'spam', ref: '<q1@cust.example>' });
    expect(mailIds(after.facts)).toEqual([]);
  });

  it('reads rubbish as far as it can be read, and goes on', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    const source = start(imapAt(dovecot.port), null);
    await source.until(() => source.signs() > 0);
    const rubbish = [
      '',
      '\r\n',
      'no header at all',
      `From: ${'"'.repeat(99)} <<@>,;:()\r\nTo: undisclosed-recipients:;\r\nMessage-ID: ${'x'.repeat(3_000)}\r\n\r\n`,
      `References: ${'<a@x> '.repeat(4_000)}\r\nFrom: =?utf-8?B?w?= <a@b>\r\nContent-Type: ${'multipart/'.repeat(300)}\r\n\r\n`,
      Buffer.from(Array.from({ length: 2_000 }, (_, i) => (i * 37) % 256 || 1)),
    ];
    for (const text of rubbish) await program.append('INBOX', typeof text === 'string' ? text || ' ' : text);
    await program.append('INBOX', mailText());
    await source.until((facts) => mailIds(facts).includes('<q1@cust.example>'));
    await source.stop();
    expect(source.facts).toHaveLength(rubbish.length + 1);
  });

  it('asks a server that does not tell by itself every ten seconds', async () => {
    await using dovecot = await openDovecot({ more: 'imap_capability = IMAP4rev1 SPECIAL-USE UIDPLUS' });
    const program = await dovecot.program();
    const source = start(imapAt(dovecot.port, {}, hurriedClock), null);
    await source.until(() => source.signs() > 0);
    await program.append('INBOX', mailText());
    await source.until(told(1));
    await source.stop();
    expect(POLL_EVERY_MS).toBe(10_000);
    expect(await imapAt(dovecot.port).check?.(AbortSignal.timeout(5_000))).toContain('no IDLE');
  });

  it('notices within two minutes that a connection fell silent, and before its figures are late', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const clock = createTestClock(Date.now());
    const source = start(imapAt(proxy.port, {}, clock), null);
    await source.until(() => source.signs() > 0);
    const signs = source.signs();
    await clock.advance(NOOP_EVERY_MS);
    await source.until(() => source.signs() >= signs + 3);
    proxy.swallow();
    const program = await dovecot.program();
    await program.append('INBOX', mailText());
    await clock.advance(NOOP_EVERY_MS);
    await clock.advance(NOOP_WITHIN_MS);
    await source.until(told(1));
    expect(proxy.connections()).toBe(6);
    await source.stop();
    expect(NOOP_EVERY_MS + NOOP_WITHIN_MS).toBeLessThanOrEqual(LATE_AFTER_MS);
    expect(LOST_AFTER_MS).toBe(2 * MINUTE);
  });

  it('gives the link up when it cannot be made again either, within two minutes too', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const clock = createTestClock(Date.now());
    const source = start(imapAt(proxy.port, {}, clock), null);
    await source.until(() => source.signs() > 0);
    await clock.advance(NOOP_EVERY_MS);
    await source.until(() => source.signs() >= 4);
    proxy.swallow();
    proxy.swallowAll(true);
    await clock.advance(NOOP_EVERY_MS);
    await clock.advance(NOOP_WITHIN_MS);
    await expect.poll(() => proxy.connections()).toBe(4);
    await clock.advance(CONNECT_WITHIN_MS);
    await expect(source.ended).rejects.toThrow('The mail server of "mail" stopped answering.');
    expect(NOOP_EVERY_MS + NOOP_WITHIN_MS + CONNECT_WITHIN_MS).toBeLessThan(2 * MINUTE);
  });

  it('makes a long connection again at once when the server ends it, before anybody is told', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const program = await dovecot.program();
    const clock = createTestClock(Date.now());
    const source = start(imapAt(proxy.port, {}, clock), null);
    await source.until(() => source.signs() > 0);
    clock.set(clock.now() + 2 * MINUTE);
    proxy.cut();
    await program.append('INBOX', mailText());
    await source.until(told(1));
    await source.stop();
  });
});

describeWithDovecot('a mailbox that cannot be opened', () => {
  it('says that the login is refused, tries it once and never tells the secret', async () => {
    await using dovecot = await openDovecot();
    const wrong = { login: { how: 'password', password: 'a-wrong-secret' } } as const;
    const refused = start(imapAt(dovecot.port, wrong), null).ended;
    await expect(refused).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('Check user and password'),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('wrong-secret') });
    await expect.poll(() => dovecot.log()).toContain('auth failed, 1 attempts');
    expect(dovecot.log().match(/auth failed/g)).toHaveLength(1);
  });

  it('tries a login once too that is refused when all connections of a long one end at once', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    const clock = createTestClock(Date.now());
    const login = { how: 'password' as const, password: PASSWORD };
    const source = start(imapAt(proxy.port, { login }, clock), null);
    await source.until(() => source.signs() > 0);
    clock.set(clock.now() + 2 * MINUTE);
    login.password = 'a-wrong-secret';
    proxy.cut();
    await expect(source.ended).rejects.toMatchObject({ code: 'forbidden' });
    await expect.poll(() => dovecot.log()).toContain('auth failed, 1 attempts');
    await delay(300);
    expect(dovecot.log().match(/auth failed/g)).toHaveLength(1);
  });

  it.each([
    [{ inbox: ['Inbox'], sent: ['Sent Items'] }, 'no folder "Sent Items". There is "'],
    [{ inbox: ['INBOX', 'VIP'] }, 'no folder "VIP"'],
    [{ inbox: ['INBOX'], spam: 'Spam' }, 'no folder "Spam"'],
  ])('says of %j which folder is missing and which there are', async (folders, words) => {
    await using dovecot = await openDovecot();
    const config = { mailboxes: [{ mailbox: 'inbox', ...folders }] };
    await expect(start(imapAt(dovecot.port, config), null).ended).rejects.toThrow(words);
    await expect(imapAt(dovecot.port, config).check?.(AbortSignal.timeout(5_000))).rejects.toThrow('"Done"');
  });

  it('says that nothing listens, or that nothing answers', async () => {
    const dovecot = await openDovecot();
    await dovecot[Symbol.asyncDispose]();
    await expect(start(imapAt(dovecot.port), null).ended).rejects.toThrow(
      '(ECONNREFUSED). Nothing listens there',
    );
    await using proxy = await openSwallowingProxy(dovecot.port);
    proxy.swallowAll(true);
    await expect(start(imapAt(proxy.port, {}, hurriedClock), null).ended).rejects.toBeInstanceOf(Problem);
  });

  it('stops when told while the server is silent', async () => {
    await using dovecot = await openDovecot();
    await using proxy = await openSwallowingProxy(dovecot.port);
    proxy.swallowAll(true);
    const source = start(imapAt(proxy.port), null);
    await expect.poll(() => proxy.connections()).toBe(1);
    await source.stop();
  });

  it('is checked: what was found, in words', async () => {
    await using dovecot = await openDovecot();
    const program = await dovecot.program();
    await program.append('INBOX', mailText());
    expect(await imapAt(dovecot.port).check?.(AbortSignal.timeout(5_000))).toBe(
      'Logged in. "Sent" (sent) holds 0 mails, "Junk" (spam) holds 0 mails, "INBOX" (inbox) holds 1 mail. The server tells of new mail at once.',
    );
    const off = { mailboxes: [{ mailbox: 'inbox', inbox: ['INBOX'], spam: null }] };
    expect(await imapAt(dovecot.port, off).check?.(AbortSignal.timeout(5_000))).not.toContain('Junk');
  });
});

describe('a mail server with a certificate of its own', () => {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  execFileSync(
    'openssl',
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1'
      .split(' ')
      .concat(['-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  const tls = { key, cert };
  afterAll(() => folder[Symbol.dispose]());

  describeWithDovecot('over TLS', () => {
    it.each(['tls', 'starttls'] as const)('is not believed, and told nothing (%s)', async (security) => {
      await using dovecot = await openDovecot({ tls });
      const port = security === 'tls' ? dovecot.tlsPort : dovecot.port;
      const source = start(imapAt(port, { security }), null);
      await expect(source.ended).rejects.toThrow('certificate_authority');
      expect(dovecot.log()).not.toContain('Login:');
    });

    it.each(['tls', 'starttls'] as const)('is read when its authority is named (%s)', async (security) => {
      await using dovecot = await openDovecot({ tls });
      await (await dovecot.program()).append('INBOX', mailText());
      const port = security === 'tls' ? dovecot.tlsPort : dovecot.port;
      const source = start(imapAt(port, { security, authorityFile: cert }), null);
      await source.until(told(1));
      await source.stop();
      expect(dovecot.log()).toContain('TLS');
    });

    it('says that there is no STARTTLS, and sends no password in clear', async () => {
      await using dovecot = await openDovecot();
      await using proxy = await openSwallowingProxy(dovecot.port);
      await expect(start(imapAt(proxy.port, { security: 'starttls' }), null).ended).rejects.toThrow(
        'no STARTTLS',
      );
      expect(proxy.said()).not.toContain(Buffer.from(PASSWORD).toString('base64'));
      expect(proxy.said()).not.toMatch(/LOGIN|AUTHENTICATE/);
    });

    it('says that it speaks no TLS there, and that the file of the authority is not there', async () => {
      await using dovecot = await openDovecot();
      await expect(start(imapAt(dovecot.port, { security: 'tls' }), null).ended).rejects.toThrow('speak TLS');
      const missing = { security: 'tls', authorityFile: '/nowhere/ca.pem' } as const;
      await expect(start(imapAt(dovecot.port, missing), null).ended).rejects.toThrow('(ENOENT)');
    });
  });
});
