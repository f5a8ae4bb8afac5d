import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Dovecot, isDovecotHere, openDovecot, PASSWORD, USER } from '../../tests/support/dovecot.ts';
import { answerText, mailText } from '../../tests/support/mail-text.ts';
import { heldUp, watchLoopOf } from '../held-up.ts';
import { type Measured, notMeasured, type Row, rowFrom } from '../row.ts';
import { type Besides, startServer } from '../site.ts';
import { quantile } from '../statistics.ts';
import { untilStored } from '../stored.ts';
import { openWall } from '../wall.ts';

export interface MailSizes {
  /** Mails in the Inbox. */
  mails: number;
  /** Of ours in Sent, each to another of them. */
  answers: number;
}

const MAILBOX = 'help';
const OUR_MAILBOX = 'help@acme.example';
const SOURCE = 'mail';
const READ_BACK_DAYS = 30;
/** A mail this often: 10,000 of them in 14 days. */
const MAIL_EVERY_MS = 120_000;
/** A reading that takes longer is measured by what it has read by then. */
const READ_MAX_MS = 15_000;
const QUIET_MS = 3_000;
const MIB = 1_048_576;

const rate: Measured = {
  name: 'mails a second, first reading back',
  unit: 'mails/s',
  note: 'headers from a real Dovecot on the same machine, durable, judged and tallied',
};
const longestDelay: Measured = {
  name: 'event-loop delay while mail is read back, longest',
  unit: 'ms',
  note: 'from the start of the server to the last mail',
  bar: { of: 'value', most: 50 },
};
const memory: Measured = {
  name: 'resident memory after mail was read back',
  unit: 'MiB',
  note: 'garbage collected',
};
const halfWay: Measured = {
  name: 'event to board while mail is read back, p50',
  unit: 'ms',
  note: 'POST to snapshot, which are 100 ms apart while all moves; floor: when it was read, nothing else going on',
};
const nearlyAll: Measured = {
  name: 'event to board while mail is read back, p99',
  unit: 'ms',
  note: halfWay.note,
};

/** The first connection to a mailbox that is in use for long. */
export async function measureMail(folder: string, sizes: MailSizes): Promise<Row[]> {
  if (!isDovecotHere()) {
    const why = 'there is no Dovecot here: DOVECOT_PATH names another than /usr/sbin/dovecot';
    return [rate, longestDelay, memory, halfWay, nearlyAll].map((what) => notMeasured(what, why));
  }
  const dataDir = join(folder, 'mail');
  mkdirSync(dataDir);
  await using dovecot = await openDovecot();
  fill(dovecot, sizes);
  const wanted = sizes.mails + sizes.answers;
  await using server = await startServer(dataDir, { besides: mailOf(dovecot) });
  await watchLoopOf(server);
  const reading = untilStored(server, SOURCE, wanted, READ_MAX_MS);
  using wall = await openWall(server);
  const { done, ms } = await wall.during(() => reading);
  const { delayMs, workMs } = await heldUp(server);
  const resident = await server.child.ask<number>('residentBytes');
  const { ms: quiet } = await wall.during(() => delay(QUIET_MS));
  const read = `${rate.note}; ${done.stored} of ${wanted} in ${(done.ms / 1_000).toFixed(1)} s`;
  return [
    rowFrom({ ...rate, note: read }, (done.stored / done.ms) * 1_000, null),
    rowFrom(
      { ...longestDelay, note: `${longestDelay.note}; ${workMs.toFixed(0)} ms at most of its own work` },
      delayMs,
      null,
    ),
    rowFrom(memory, resident / MIB, null),
    rowFrom(halfWay, quantile(ms, 0.5), quantile(quiet, 0.5)),
    rowFrom(nearlyAll, quantile(ms, 0.99), quantile(quiet, 0.99)),
  ];
}

function fill(dovecot: Dovecot, { mails, answers }: MailSizes): void {
  const from = Date.now() - (mails + 1) * MAIL_EVERY_MS;
  const questions = Array.from({ length: mails }, (_, i) => ({
    text: mailText({ id: `<q${i}@cust.example>`, from: `ann${i}@cust.example`, subject: `Question ${i}` }),
    at: from + i * MAIL_EVERY_MS,
  }));
  dovecot.put('INBOX', questions);
  dovecot.put(
    'Sent',
    questions.slice(-answers).map(({ at }, i) => ({
      text: answerText(`<q${mails - answers + i}@cust.example>`, { id: `<a${i}@acme.example>` }),
      at: at + MAIL_EVERY_MS / 2,
    })),
  );
}

function mailOf({ port }: Dovecot): Besides {
  return {
    teams: [
      `{ id: mail-team, name: Mail, queues: [{ id: ${MAILBOX}, kind: mailbox, addresses: [${OUR_MAILBOX}] }] }`,
    ],
    sources: [
      `{ id: ${SOURCE}, kind: imap, host: 127.0.0.1, port: ${port}, security: unencrypted, user: ${USER}, password: "\${MAIL_PASSWORD}", read_back_days: ${READ_BACK_DAYS}, mailboxes: [{ mailbox: ${MAILBOX} }] }`,
    ],
    secrets: { MAIL_PASSWORD: PASSWORD },
  };
}
