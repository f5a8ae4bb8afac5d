import { describe, expect, it } from 'vitest';
import type { Fact, MailIn } from '../../server/fact.ts';
import { createPrivacy, hashKey } from '../../server/intake/privacy.ts';
import { telephoneDigits } from '../../server/intake/telephone.ts';
import { openSqliteStore } from '../../server/store/sqlite/open-sqlite-store.ts';
import type { Store } from '../../server/store/store.ts';
import { someMailbox, someRules } from '../support/some-rules.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const at = Date.parse('2026-03-10T10:00:00Z');
const hide = createPrivacy({ key: Buffer.alloc(32, 1), rules: someRules() });

describe('a telephone number', () => {
  it.each([
    ['+1 555 2004', '15552004'],
    ['0015552004', '15552004'],
    ['001 (555) 20-04', '15552004'],
    ['sip:+15552004@pbx.example', '15552004'],
    ['020 7946 0001', '02079460001'],
    ['1001', ''],
    ['anonymous', ''],
    ['Restricted', ''],
    ['unknown', ''],
    ['', ''],
  ])('%j is %j in digits', (written, digits) => {
    expect(telephoneDigits(written)).toBe(digits);
  });

  it('becomes the same hash however it is written, and another under another key', () => {
    const [one, two] = ['+1 555 2004', '0015552004'].map((number) => numberOf(hide(text(number))));
    expect(one).toMatch(/^p-[0-9a-f]{32}$/);
    expect(two).toBe(one);
    expect(numberOf(hide(text('+1 555 2005')))).not.toBe(one);
    const other = createPrivacy({ key: Buffer.alloc(32, 2), rules: someRules() });
    expect(numberOf(other(text('+1 555 2004')))).not.toBe(one);
  });

  it('is empty where the caller withheld it, absent where none was told, and kept where it is ours', () => {
    expect(hide({ kind: 'arrived', call: 'c', at, number: 'anonymous' })).toMatchObject({ number: '' });
    expect(hide({ kind: 'arrived', call: 'c', at })).toEqual({ kind: 'arrived', call: 'c', at });
    expect(hide(text('+1 555 2004'))).toMatchObject({ to: '442079460999' });
  });
});

describe('an address', () => {
  it('of a customer keeps its domain alone', () => {
    const { from, to, cc } = hideMail({
      from: '"Ann Lee" <Ann@Cust.example>',
      to: ['ann@cust.example'],
      cc: ['Bo <bo@cust.example>'],
    });
    expect(from).toMatch(/^h-[0-9a-f]{16}@cust\.example$/);
    expect(to).toEqual([from]);
    expect(cc?.[0]).toMatch(/^h-[0-9a-f]{16}@cust\.example$/);
    expect(cc?.[0]).not.toBe(from);
  });

  it('of ours stays, without the name beside it', () => {
    expect(hideMail({ from: 'Sam <Sam@acme.example>', to: ['Help <help@acme.example>'] })).toMatchObject({
      from: 'sam@acme.example',
      to: ['help@acme.example'],
    });
  });

  it.each([
    ['MAILER-DAEMON@cust.example', 'mailer-daemon@cust.example'],
    ['no-reply@cust.example', 'no-reply@cust.example'],
    ['noreply+ann.lee@cust.example', 'noreply@cust.example'],
    ['Post <postmaster@cust.example>', 'postmaster@cust.example'],
  ])('of a robot stays known as one: %s', (written, kept) => {
    expect(hideMail({ from: written, to: [] }).from).toBe(kept);
  });
});

describe('who marked a mail', () => {
  const byOf = (by: string): unknown => {
    const hidden = hide({ kind: 'waive', ref: '<1>', at: 1, by });
    return 'by' in hidden ? hidden.by : undefined;
  };

  it('is kept as a name is written, and hidden like any other address', () => {
    expect([byOf('Ann Lee'), byOf('desk-2'), byOf('Sam@acme.example')]).toEqual([
      'Ann Lee',
      'desk-2',
      'sam@acme.example',
    ]);
    expect(byOf('ann@cust.example')).toMatch(/^h-[0-9a-f]{16}@cust\.example$/);
  });
});

describe('headers', () => {
  it('are kept where they decide, as far as they decide', () => {
    const hdr = {
      'Auto-Submitted': 'auto-replied (vacation of Ann)',
      'Content-Type': 'multipart/report; report-type=delivery-status; boundary="ann"',
      'Return-Path': '<>',
      'List-Unsubscribe': '<https://cust.example/u?ann>',
      Precedence: 'Bulk',
      'X-Auto-Response-Suppress': 'All',
      Subject: 'About Ann',
    };
    expect(hideMail({ from: 'a@cust.example', to: [], hdr }).hdr).toEqual({
      'auto-submitted': 'auto-replied',
      'content-type': 'multipart/report',
      'return-path': '<>',
      'list-unsubscribe': 'yes',
      precedence: 'bulk',
    });
  });

  it('that decide nothing are dropped', () => {
    const hdr = { 'Content-Type': 'text/plain', 'Return-Path': '<ann@cust.example>', constructor: 'x' };
    expect(hideMail({ from: 'a@cust.example', to: [], hdr }).hdr).toEqual({});
  });
});

describe('the key', () => {
  it('is made once and kept', async () => {
    using folder = temporaryFolder();
    const file = `${folder.path}/data.sqlite`;
    const keys: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const store: Store = await openSqliteStore({ file });
      keys.push((await hashKey(store)).toString('hex'), (await hashKey(store)).toString('hex'));
      await store.close();
    }
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a mailbox that is configured to be readable', () => {
  it('keeps the addresses of its own mails, without the names beside them, and of no other', () => {
    const rules = someRules();
    const queues = new Map(rules.queues);
    queues.set('open', { ...someMailbox('help', ['open@acme.example']), keepsAddresses: true });
    const readable = createPrivacy({ key: Buffer.alloc(32, 7), rules: { ...rules, queues } });
    const mail = (mailbox: string): Fact => ({
      kind: 'mail_in',
      id: '<1@cust.example>',
      at,
      from: '"Ann Lee" <Ann@Cust.example>',
      to: ['Bob <bob@cust.example>', 'open@acme.example'],
      cc: ['cy@cust.example'],
      mailbox,
    });
    expect(readable(mail('open'))).toMatchObject({
      from: 'ann@cust.example',
      to: ['bob@cust.example', 'open@acme.example'],
      cc: ['cy@cust.example'],
    });
    expect(JSON.stringify(readable(mail('inbox')))).not.toMatch(/ann@|bob@|cy@|Ann/);
  });
});

function text(number: string): Fact {
  return { kind: 'text_in', id: 't', at, number, to: '+44 20 7946 0999' };
}

function numberOf(fact: Fact): string | undefined {
  return 'number' in fact ? fact.number : undefined;
}

function hideMail(mail: Pick<MailIn, 'from' | 'to' | 'cc' | 'hdr'>): MailIn {
  return hide({ kind: 'mail_in', id: '<1@cust.example>', at, ...mail }) as MailIn;
}
