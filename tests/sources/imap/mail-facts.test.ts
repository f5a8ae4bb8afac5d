import { describe, expect, it } from 'vitest';
import type { MailIn } from '../../../server/fact.ts';
import { ticketPattern } from '../../../server/sources/imap/config.ts';
import { type Mail, meaningOf, type Place } from '../../../server/sources/imap/mail-facts.ts';
import { messageIdOf, readHeaders, referencesOf } from '../../../server/sources/imap/mail-headers.ts';
import type { Instant } from '../../../shared/time.ts';

const AT = Date.parse('2026-03-10T10:00:00Z');

function aMail(headers = '', over: Partial<Mail> = {}): Mail {
  return {
    uid: 7,
    receivedAt: AT,
    flags: new Set(),
    from: ['ann@cust.example'],
    to: ['help@acme.example'],
    cc: [],
    subject: 'A question',
    date: '2001-01-01T00:00:00.000Z',
    headers: readHeaders(headers === '' ? 'Message-ID: <q1@cust.example>\r\n' : headers),
    gmailThread: null,
    ...over,
  };
}

const place = (over: Partial<Place> = {}): Place => ({
  mailbox: 'help',
  role: 'inbox',
  now: AT + 1_000,
  wasMail: () => false,
  ...over,
});

function factOf(mail: Mail, over: Partial<Place> = {}) {
  const meaning = meaningOf(mail, place(over));
  return 'fact' in meaning ? meaning.fact : meaning.refused;
}

describe('a mail', () => {
  const mail = { id: '<q1@cust.example>', at: AT, from: 'ann@cust.example', to: ['help@acme.example'] };

  it('in the Inbox came in, dated by the server and never by its sender', () => {
    expect(factOf(aMail())).toEqual({ kind: 'mail_in', ...mail, mailbox: 'help' });
  });

  it('in Sent went out', () => {
    const headers =
      'Message-ID: <a1@acme.example>\r\nIn-Reply-To: <q1@cust.example>\r\nReferences: <q0@cust.example>\r\n <q1@cust.example>\r\n';
    const sent = aMail(headers, {
      from: ['sam@acme.example'],
      to: ['ann@cust.example'],
      cc: ['bob@cust.example'],
    });
    expect(factOf(sent, { role: 'sent' })).toEqual({
      kind: 'mail_out',
      id: '<a1@acme.example>',
      at: AT,
      from: 'sam@acme.example',
      to: ['ann@cust.example'],
      cc: ['bob@cust.example'],
      refs: ['<q0@cust.example>', '<q1@cust.example>'],
      mailbox: 'help',
    });
  });

  it.each<[string, Partial<Mail>, Partial<Place>, object]>([
    ['in the spam folder', {}, { role: 'spam' }, { kind: 'mail_in', ...mail, mailbox: 'help', spam: true }],
    [
      'that bears the flag',
      { flags: new Set(['\\Seen', '$Junk']) },
      {},
      { kind: 'mail_in', ...mail, mailbox: 'help', spam: true },
    ],
    [
      'that a person cleared',
      { flags: new Set(['Junk', 'NonJunk']) },
      {},
      { kind: 'mail_in', ...mail, mailbox: 'help' },
    ],
    [
      'that was moved to the spam folder after it was told of',
      {},
      { role: 'spam', wasMail: (id) => id === '<q1@cust.example>' },
      { kind: 'spam', ref: '<q1@cust.example>', at: AT + 1_000 },
    ],
    [
      'that got the flag after it was told of',
      { flags: new Set(['$Junk']) },
      { wasMail: () => true },
      { kind: 'spam', ref: '<q1@cust.example>', at: AT + 1_000 },
    ],
  ])('%s is told as that', (_, over, where, fact) => {
    expect(factOf(aMail('', over), where)).toEqual(fact);
  });

  it('keeps of its headers only those that say that no person wrote it', () => {
    const headers = [
      'Message-ID: <q1@cust.example>',
      'Auto-Submitted: auto-replied (vacation)',
      'Return-Path: <>',
      'Precedence: bulk',
      'List-Id: <news.cust.example>',
      'List-Unsubscribe: <mailto:x@cust.example>',
      'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="x"',
      'X-Autoreply: yes',
      'X-Autorespond: ',
      'Subject: Invoice of Ann',
    ].join('\r\n');
    expect((factOf(aMail(headers)) as MailIn).hdr).toEqual({
      'auto-submitted': 'auto-replied (vacation)',
      'return-path': '<>',
      precedence: 'bulk',
      'list-id': '<news.cust.example>',
      'list-unsubscribe': '<mailto:x@cust.example>',
      'content-type': 'multipart/report; report-type=delivery-status; boundary="x"',
      'x-autoreply': 'yes',
    });
    const plain =
      'Message-ID: <q1@cust.example>\r\nContent-Type: text/plain\r\nReturn-Path: <ann@cust.example>\r\n';
    expect(factOf(aMail(plain))).not.toHaveProperty('hdr');
  });

  it('never holds its subject', () => {
    expect(JSON.stringify(factOf(aMail('', { subject: 'My diagnosis' })))).not.toContain('diagnosis');
  });

  it.each<[string, Instant | null, string]>([
    ['without INTERNALDATE', null, 'a mail without INTERNALDATE'],
    ['from before the year 2000', 0, 'a mail whose INTERNALDATE is before the year 2000'],
  ])('%s is refused', (_, receivedAt, why) => {
    expect(factOf(aMail('', { receivedAt }))).toBe(why);
  });

  it('dated more than five minutes ahead is dated by when we first saw it', () => {
    const now = AT + 1_000;
    const at = (receivedAt: number) => (factOf(aMail('', { receivedAt })) as MailIn).at;
    expect([at(now + 300_000), at(now + 300_001)]).toEqual([now + 300_000, now]);
  });

  it('without a sender or a recipient is a mail all the same', () => {
    const long = `${'x'.repeat(400)}@cust.example`;
    expect(factOf(aMail('', { from: [], to: ['', long], cc: [''] }))).toEqual({
      kind: 'mail_in',
      id: '<q1@cust.example>',
      at: AT,
      from: '',
      to: [],
      mailbox: 'help',
    });
  });
});

describe('a Message-ID', () => {
  it.each([
    ['<q1@cust.example>', '<q1@cust.example>'],
    ['  <q1@cust.example>  (added by a gateway)', '<q1@cust.example>'],
    ['q1@cust.example', '<q1@cust.example>'],
    ['<q1@\r\n cust.example>', '<q1@cust.example>'],
    ['<a@x.example> <b@x.example>', '<a@x.example>'],
    ['<>', null],
    ['', null],
    [`<${'x'.repeat(1_200)}@cust.example>`, null],
  ])('written %j is %j', (written, id) => {
    expect(messageIdOf(readHeaders(`Message-ID: ${written}\r\n`))).toBe(id);
  });

  it('that is missing is made from what a mail cannot change: the same for a copy, another for another mail', () => {
    const idOf = (over: Partial<Mail>) => (factOf(aMail('Subject: x', over)) as MailIn).id;
    expect(idOf({})).toMatch(/^<[0-9a-f]{40}@no-message-id\.invalid>$/);
    expect(idOf({ uid: 99, receivedAt: AT + 5 })).toBe(idOf({}));
    const others = [{ subject: 'Other' }, { from: ['bob@cust.example'] }, { to: [] }, { date: '' }].map(idOf);
    expect(new Set([idOf({}), ...others]).size).toBe(5);
  });
});

describe('what a mail refers to', () => {
  const refs = (headers: string) => referencesOf(readHeaders(headers));

  it('is References and then In-Reply-To, each once', () => {
    expect(refs('References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>')).toEqual(['<a@x>', '<b@x>']);
    expect(refs('in-reply-to: "your mail" <b@x>\r\nReferences:\r\n <a@x>\r\n\t<c@x>')).toEqual([
      '<a@x>',
      '<c@x>',
      '<b@x>',
    ]);
    expect(refs('References: nothing of use <> < >')).toEqual([]);
  });

  it('is its newest part where there is too much of it', () => {
    const all = Array.from({ length: 500 }, (_, i) => `<${i}@x>`);
    expect(refs(`References: ${all.join(' ')}`)).toEqual(all.slice(-198));
  });

  it('is the conversation of Exchange, which all of its mails share', () => {
    const first = Buffer.alloc(22, 7).toString('base64');
    const reply = Buffer.concat([Buffer.alloc(22, 7), Buffer.alloc(5, 9)]).toString('base64');
    const of = (index: string, more = '') =>
      (factOf(aMail(`Message-ID: <1@x>\r\nThread-Index: ${index}${more}`)) as MailIn).refs;
    expect(of(first)).toHaveLength(1);
    expect(of(reply)).toEqual(of(first));
    expect(of(reply, '\r\nIn-Reply-To: <a@x>')).toEqual([...(of(first) ?? []), '<a@x>']);
    expect(of('AAAA')).toBeUndefined();
  });

  it.each<[string, Partial<Mail>, Partial<Place>, string[] | undefined]>([
    ['a first mail, which Gmail may have put with those of strangers', {}, {}, undefined],
    ['a reply', { subject: 'Re: A question' }, {}, ['<gmail.127@thread.invalid>']],
    ['a reply in German', { subject: 'AW: Frage' }, {}, ['<gmail.127@thread.invalid>']],
    ['one of ours', {}, { role: 'sent' }, ['<gmail.127@thread.invalid>']],
  ])('is the conversation of Gmail for %s that refers to none', (_, over, where, refs) => {
    const fact = factOf(aMail('', { gmailThread: '127', ...over }), where) as MailIn;
    expect(fact.refs).toEqual(refs);
    const named = aMail('Message-ID: <q@x>\r\nReferences: <a@x>', { gmailThread: '127', ...over });
    expect((factOf(named, where) as MailIn).refs).toEqual(['<a@x>']);
  });

  it.each([
    ['[#*]', 'Re: [#AB-12] Invoice', 'ab-12'],
    ['[#*]', 'Re: [#] Invoice', null],
    ['[#*]', 'Invoice 12', null],
    ['Case *:', 'case 4711: Invoice', '4711'],
    ['(.*)', 'Re: (.55)', '55'],
  ])('is the ticket, where %j names it in %j', (written, subject, number) => {
    const refs = number === null ? undefined : [`<ticket.${number}@thread.invalid>`];
    const fact = factOf(aMail('', { subject }), { ticket: ticketPattern(written) }) as MailIn;
    expect(fact.refs).toEqual(refs);
  });
});

describe('a block of headers', () => {
  it.each([
    ['', 0],
    ['\r\n', 0],
    ['no colon at all\r\n: nameless\r\n folded onto nothing', 0],
    ['PRECEDENCE:bulk\nprecedence: list\n', 1],
    ['Received: from x\r\nSubject: y', 0],
    ['\u0000\u0001\u0002: \ufffd\r\nList-Id:', 1],
  ])('%j holds %i that are asked for', (block, count) => {
    expect(readHeaders(block).size).toBe(count);
  });

  it('gives the first of those that are repeated', () => {
    expect(readHeaders('Precedence: bulk\r\nPrecedence: list').get('precedence')).toBe('bulk');
  });
});
