import { describe, expect, it } from 'vitest';
import {
  isMarked,
  nowhere,
  RECENT_MAX,
  readCursor,
  withMarks,
  withoutMarks,
  writeCursor,
} from '../../../server/sources/imap/cursor.ts';
import { createKeeper, type Keeper } from '../../../server/sources/imap/keeper.ts';
import { seal, unseal } from '../../../server/sources/imap/sealed.ts';

const inbox = { validity: '1795342810', uid: 12, modseq: '18446744073709551615' };

describe('the cursor', () => {
  it('is read as it was written, mod-sequences beyond 2^53 included', () => {
    const position = {
      folders: { 'help/inbox/INBOX': inbox },
      recent: { help: withMarks('', ['<a@x>']) },
      spam: { 'help/flag': withMarks('', ['<b@x>']) },
      token: 'sealed',
    };
    expect(readCursor(writeCursor(position))).toEqual(position);
    expect(readCursor(writeCursor(nowhere))).toEqual(nowhere);
  });

  it.each([
    null,
    '',
    'rubbish',
    '[]',
    'null',
    '{"v":2,"folders":{}}',
    '{"v":1}',
    '{"v":1,"folders":{"a":{"validity":5,"uid":1,"modseq":null},"b":{"validity":"5","uid":"1","modseq":null},"c":{"validity":"5","uid":1,"modseq":"x"}}}',
  ])('%j is nowhere', (text) => {
    expect(readCursor(text)).toEqual(nowhere);
  });
});

describe('the marks of recent mails', () => {
  it('know each again, and nothing else', () => {
    const ids = Array.from({ length: 300 }, (_, i) => `<${i}@cust.example>`);
    const marks = withMarks(undefined, ids);
    expect(ids.every((id) => isMarked(marks, id))).toBe(true);
    expect(ids.some((id) => isMarked(marks, `x${id}`))).toBe(false);
    expect(withMarks(marks, ids)).toBe(marks);
    expect(withoutMarks(marks, ids.slice(1))).toBe(withMarks('', ids.slice(0, 1)));
    expect(withoutMarks(undefined, ids)).toBe('');
    expect(isMarked(undefined, '<a@x>')).toBe(false);
  });

  it('are of the last two thousand', () => {
    const ids = Array.from({ length: RECENT_MAX + 1 }, (_, i) => `<${i}@cust.example>`);
    const marks = withMarks(undefined, ids);
    expect([isMarked(marks, '<0@cust.example>'), isMarked(marks, '<1@cust.example>')]).toEqual([false, true]);
  });
});

describe('the keeper', () => {
  const step =
    (folder: string, uid: number): Parameters<Keeper['step']>[0] =>
    () => ({
      facts: [],
      came: [],
      mailbox: 'help',
      moved: { folder, read: { ...inbox, uid } },
    });

  it('never writes a position of which a fact is not durable', async () => {
    const written: string[] = [];
    let fails = true;
    const keeper = createKeeper(async (_facts, cursor = '') => {
      if (fails) throw new Error('the disk is full');
      written.push(cursor);
    }, nowhere);
    const lost = keeper.step(step('a', 1));
    const behind = keeper.step(step('b', 1));
    await expect(lost).rejects.toThrow('the disk is full');
    fails = false;
    await behind.catch(() => undefined);
    await keeper.step(step('c', 1));
    expect(Object.keys(readCursor(written.at(-1) ?? '').folders)).not.toContain('a');
  });

  it('hands over one step after the other', async () => {
    let open = 0;
    const keeper = createKeeper(async () => {
      open += 1;
      expect(open).toBe(1);
      await Promise.resolve();
      open -= 1;
    }, nowhere);
    await Promise.all([keeper.step(step('a', 1)), keeper.step(step('b', 1)), keeper.step(step('a', 2))]);
    expect(keeper.position().folders).toMatchObject({ a: { uid: 2 }, b: { uid: 1 } });
  });
});

describe('a sealed token', () => {
  it('opens with the secret alone', () => {
    const sealed = seal('1//a-refresh-token', 'the configured one');
    expect(sealed).not.toContain('refresh');
    expect(unseal(sealed, 'the configured one')).toBe('1//a-refresh-token');
    expect(unseal(sealed, 'another one')).toBeNull();
    expect(seal('x', 'y')).not.toBe(seal('x', 'y'));
  });

  it.each(['', 'rubbish', 'A'.repeat(100)])('%j opens with none', (sealed) => {
    expect(unseal(sealed, 'the configured one')).toBeNull();
  });

  it('opens no more when one bit of it was changed', () => {
    const bytes = Buffer.from(seal('a token', 'secret'), 'base64url');
    for (const at of [0, 17, 30, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(unseal(changed.toString('base64url'), 'secret')).toBeNull();
    }
  });
});
