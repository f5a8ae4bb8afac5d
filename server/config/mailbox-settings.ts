import { z } from 'zod';
import { id, listOf, mustBe, settings } from './values.ts';

export const ADDRESSES_PER_MAILBOX_MAX = 100;

const addressError = mustBe('an email address, e.g. help@harbor.example');

/** Whether addresses of customers are kept as a keyed hash (the default) or so that people can read them. */
const kept = z
  .enum(['hashed', 'readable'], { error: mustBe('hashed (nobody can read the addresses) or readable') })
  .default('hashed');

/** A queue that is a mailbox: which addresses reach it. */
export const mailboxQueue = settings(
  {
    id: id('queue'),
    kind: z.literal('mailbox'),
    keep: kept,
    addresses: listOf(
      z.string({ error: addressError }).regex(/^[^@\s]+@[^@\s]+$/, { error: addressError }),
      ADDRESSES_PER_MAILBOX_MAX,
      'addresses',
    ).min(1, {
      error: 'is empty: name every address that is this mailbox.',
    }),
  },
  'kind: mailbox',
);
