import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import { OPEN_MAIL_MAX, openMail } from '../../server/intake/open-mail.ts';
import { SECOND } from '../../shared/time.ts';
import { type AnIntake, openIntake } from '../support/an-intake.ts';
import { longestBlock } from '../support/longest-block.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const start = Date.parse('2026-03-10T10:00:00Z');
const MAILS = 10_000;
/** The event loop is never held longer, ms. */
const HELD_MAX = 50;

let folder: ReturnType<typeof temporaryFolder>;
let opened: AnIntake;

describe('ten thousand emails that wait', () => {
  beforeAll(async () => {
    folder = temporaryFolder();
    opened = await openIntake(`${folder.path}/data.sqlite`, { at: start });
    for (let from = 0; from < MAILS; from += 500) {
      const some = Array.from({ length: 500 }, (_, i): Fact => mail(from + i));
      await opened.intake.save('mail', some);
    }
  }, 120_000);
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('are read while others get their turn, the soonest due first', async () => {
    const { store, rules } = opened;
    let list: Awaited<ReturnType<typeof openMail>> | undefined;
    await openMail({ store, rules }, start);
    const held = await longestBlock(async () => {
      list = await openMail({ store, rules }, start);
    });
    expect(list?.total).toBe(MAILS);
    expect(list?.open).toHaveLength(OPEN_MAIL_MAX);
    expect(list?.open[0]?.ref).toBe(`<${MAILS - 1}@customer.example>`);
    expect(held).toBeLessThan(HELD_MAX);
  });

  it('are counted by source while others get their turn', async () => {
    const span = { from: start - MAILS * SECOND, to: start + 1 };
    let counts: Awaited<ReturnType<typeof opened.store.countedBySource>> | undefined;
    const held = await longestBlock(async () => {
      counts = await opened.store.countedBySource(span, ['emailsReceived']);
    });
    expect(counts?.get('mail')).toEqual({ emailsReceived: MAILS });
    expect(held).toBeLessThan(HELD_MAX);
  });
});

function mail(n: number): Fact {
  const from = `c${n}@customer.example`;
  return {
    kind: 'mail_in',
    id: `<${n}@customer.example>`,
    at: start - n * SECOND,
    from,
    to: ['help@acme.example'],
  };
}
