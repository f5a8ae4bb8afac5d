import { Problem } from '../problem.ts';
import type { SmtpConfig } from './smtp-config.ts';

/** A message was not taken. */
export class MailProblem extends Problem {
  /** The same message would be refused again (a 5yz reply, or the login). Otherwise it may be taken later. */
  readonly lasting: boolean;
  /** The refusal was of this recipient or message, and says nothing about the mail server. */
  readonly ofRecipient: boolean;

  constructor(
    message: string,
    { lasting, ofRecipient = false, cause }: { lasting: boolean; ofRecipient?: boolean; cause?: unknown },
  ) {
    super(lasting ? 'invalid' : 'unavailable', message, cause === undefined ? {} : { cause });
    this.name = 'MailProblem';
    this.lasting = lasting;
    this.ofRecipient = ofRecipient;
  }
}

/** What nodemailer, the socket or TLS put on an error. */
interface Marked {
  code?: string;
  originalCode?: string;
  command?: string;
  response?: string;
  responseCode?: number;
  permanent?: boolean;
}

const REPLY_CHARS_MAX = 200;

/**
 * Why a message was not taken, in words that say how to mend it. Neither addresses nor the password are in them: a server
 * may say back what it was told.
 */
export function refusalOf(config: Pick<SmtpConfig, 'login' | 'security'>, error: unknown): MailProblem {
  if (error instanceof MailProblem) return error;
  const marked = (typeof error === 'object' && error !== null ? error : {}) as Marked;
  const { code = '', originalCode = '', responseCode = 0 } = marked;
  const reply = replyOf(config, marked);
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    // 4yz: it cannot look the password up just now. 503: it offers no login at all.
    const lasting = responseCode < 400 || responseCode > 499;
    return new MailProblem(
      lasting
        ? `The mail server refuses the login.${reply} Check mail.user and mail.password.`
        : `The mail server cannot let us in just now.${reply} It is tried again.`,
      { lasting },
    );
  }
  if (/^(EENVELOPE|EMESSAGE)$/.test(code)) return ofMessage(marked, reply);
  const about = `${code} ${originalCode} ${error instanceof Error ? error.message : ''}`;
  const [, mend] = mends.find(([kind]) => kind.test(about)) ?? [
    null,
    'Check the network and the mail server.',
  ];
  // The error of a reply holds the reply as it came.
  const cause = reply === '' && marked.response === undefined ? { cause: error } : {};
  return new MailProblem(
    `The mail server cannot be spoken to${code === '' ? '' : ` (${code})`}.${reply} ${mend}`,
    { lasting: false, ...cause },
  );
}

function ofMessage(marked: Marked, reply: string): MailProblem {
  // Without a reply it was this side that found it impossible, such as longer than the server's SIZE.
  const lasting = marked.permanent !== false;
  const what =
    marked.command === 'RCPT TO'
      ? 'this address'
      : marked.command === 'MAIL FROM'
        ? 'our sender address (mail.from)'
        : 'the message';
  return new MailProblem(
    lasting
      ? `The mail server refuses ${what}.${reply}`
      : `The mail server does not take ${what} just now.${reply} It is tried again.`,
    { lasting, ofRecipient: marked.command !== 'MAIL FROM' },
  );
}

function replyOf({ login }: Pick<SmtpConfig, 'login'>, { response }: Marked): string {
  if (typeof response !== 'string' || response.trim() === '') return '';
  const secrets = login === null ? [] : secretsOf(login);
  const words = secrets
    .reduce((text, secret) => text.replaceAll(secret, '…'), response)
    .replace(/\S+@\S+/g, '…')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return ` It says: ${words.slice(0, REPLY_CHARS_MAX)}${/[.!?]$/.test(words) ? '' : '.'}`;
}

/** As they were sent: by AUTH PLAIN and LOGIN in base64. */
function secretsOf({ user, password }: { user: string; password: string }): string[] {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return [base64(`\0${user}\0${password}`), base64(password), base64(user), password, user].filter(
    (secret) => secret.length > 0,
  );
}

const mends: readonly [RegExp, string][] = [
  [/ECONNREFUSED/, 'Nothing listens there: check mail.host and mail.port.'],
  [/ECONNRESET|EPIPE/, 'It broke the connection off: see its log.'],
  [/ENOTFOUND|EAI_AGAIN|EDNS/, 'Its host name is not known: check mail.host.'],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|certificate/,
    'Its certificate is not trusted for this host: name its authority in mail.certificate_authority, and the host as the certificate does.',
  ],
  [/STARTTLS/, 'It offers no STARTTLS there: set mail.security to tls (port 465), or to unencrypted.'],
  [/ETLS|SSL|TLS|EPROTO/, 'It does not speak TLS there as it should: check mail.port and mail.security.'],
  [
    /EABORT|ETIMEDOUT/,
    'It does not answer in time: check mail.host, mail.port, mail.security and the firewall.',
  ],
];
