import type { Clock } from '../../../server/clock.ts';
import { systemClock } from '../../../server/clock.ts';
import type { Fact, MailIn, MailOut } from '../../../server/fact.ts';
import { createLog } from '../../../server/log.ts';
import type { ImapConfig } from '../../../server/sources/imap/config.ts';
import {
  COMMAND_WITHIN_MS,
  CONNECT_WITHIN_MS,
  NOOP_WITHIN_MS,
} from '../../../server/sources/imap/imap-link.ts';
import { TOKEN_WITHIN_MS } from '../../../server/sources/imap/oauth.ts';
import { createImap } from '../../../server/sources/imap/source.ts';
import type { Source } from '../../../server/sources/source.ts';
import { PASSWORD, USER } from '../../support/dovecot.ts';

/** The one mailbox of the test server, in clear on this machine. */
export function imapConfig(port: number, more: Partial<ImapConfig> = {}): ImapConfig {
  return {
    id: 'mail',
    host: '127.0.0.1',
    port,
    security: 'unencrypted',
    user: USER,
    login: { how: 'password', password: PASSWORD },
    readBackDays: 14,
    mailboxes: [{ mailbox: 'inbox', inbox: ['INBOX'] }],
    ...more,
  };
}

export function imapAt(port: number, more: Partial<ImapConfig> = {}, clock: Clock = systemClock): Source {
  return createImap({ config: imapConfig(port, more), clock, log: createLog('silent') });
}

/** Waits for an answer: shorter than they are, and still long enough for a busy machine. */
const PATIENCE: readonly number[] = [NOOP_WITHIN_MS, CONNECT_WITHIN_MS, COMMAND_WITHIN_MS, TOKEN_WITHIN_MS];
const PATIENCE_TIMES_SHORTER = 10;
const REST_TIMES_SHORTER = 60;

/** True time, in which every wait is much shorter. */
export const hurriedClock: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, stop) =>
    systemClock.sleep(ms / (PATIENCE.includes(ms) ? PATIENCE_TIMES_SHORTER : REST_TIMES_SHORTER), stop),
};

export function isMail(fact: Fact): fact is MailIn | MailOut {
  return fact.kind === 'mail_in' || fact.kind === 'mail_out';
}

/** Ids of the mails that were told of, in order. */
export function mailIds(facts: readonly Fact[]): string[] {
  return facts.filter(isMail).map(({ id }) => id);
}
