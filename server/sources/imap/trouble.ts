import { Problem } from '../../problem.ts';
import type { ImapConfig } from './config.ts';

/** What imapflow, the socket or TLS put on an error. */
interface Marked {
  code?: unknown;
  authenticationFailed?: unknown;
  serverResponseCode?: unknown;
  /** The server's words, once imapflow has read them out of a refused login. */
  response?: unknown;
  responseStatus?: unknown;
  executedCommand?: unknown;
}

/** Refusals that pass (RFC 5530; LIMIT besides): the password is not what is wrong. */
const PASSING = ['UNAVAILABLE', 'INUSE', 'LIMIT', 'SERVERBUG', 'CONTACTADMIN'];
const ALERT_CHARS_MAX = 200;

/**
 * Why a connection or a command failed, in words that say how to mend it; `forbidden` when the login was refused. Neither
 * addresses nor secrets are in them, nor in a cause.
 */
export function troubleOf(config: Pick<ImapConfig, 'id' | 'login'>, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const marked = (typeof error === 'object' && error !== null ? error : {}) as Marked;
  const name = `mail server of "${config.id}"`;
  if (isRefused(error, marked))
    return new Problem('forbidden', `The ${name} refuses the login.${alertOf(marked)} ${loginMend(config)}`);
  if (marked.authenticationFailed === true) {
    const why = String(marked.serverResponseCode);
    return new Problem('unavailable', `The ${name} cannot let us in just now (${why}). It is tried again.`);
  }
  if (typeof marked.responseStatus === 'string') {
    const [, command = 'a command'] = /^\S+ (?:UID )?([A-Z]+)/.exec(String(marked.executedCommand)) ?? [];
    return new Problem(
      'unavailable',
      `The ${name} does not do ${command} (${marked.responseStatus}). Check the rights of the account, and the server's log.`,
    );
  }
  const code = typeof marked.code === 'string' ? marked.code : '';
  const about = `${code} ${error instanceof Error ? error.message : ''}`;
  const [, mend] = mends.find(([kind]) => kind.test(about)) ?? [
    null,
    'Check the network and the mail server.',
  ];
  const said = code === '' ? '' : ` (${code})`;
  return new Problem('unavailable', `The connection to the ${name} failed${said}. ${mend}`, { cause: error });
}

function isRefused(error: unknown, { authenticationFailed, serverResponseCode }: Marked): boolean {
  if (authenticationFailed === true) return !PASSING.includes(String(serverResponseCode));
  return (
    error instanceof Error &&
    /Unsupported authentication mechanism|No matching authentication method|Login is disabled/.test(
      error.message,
    )
  );
}

/** An ALERT must be shown to a person (RFC 3501, 7.1), such as Google's "Application-specific password required". */
function alertOf({ serverResponseCode, response }: Marked): string {
  if (serverResponseCode !== 'ALERT' || typeof response !== 'string') return '';
  const words = response.replace(/^.*\[ALERT\]\s*/i, '').replace(/\S+@\S+/g, '…');
  return ` It says: ${words.slice(0, ALERT_CHARS_MAX)}`;
}

function loginMend({ login }: Pick<ImapConfig, 'login'>): string {
  return login.how === 'password'
    ? 'Check user and password, and that IMAP is switched on for this account. Google and Microsoft 365 take no ordinary password: see docs/email.md.'
    : 'The token was given, but not for this mailbox: check user, scope, and that IMAP is switched on for this account (docs/email.md).';
}

const mends: readonly [RegExp, string][] = [
  [/ECONNREFUSED/, 'Nothing listens there: check host and port.'],
  [/ENOTFOUND|EAI_AGAIN/, 'Its host name is not known: check host.'],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/,
    'Its certificate is not trusted for this host: name its authority in certificate_authority, and the host as the certificate does.',
  ],
  [/STARTTLS/, 'It offers no STARTTLS there: set security to tls (port 993).'],
  [/SSL|TLS|EPROTO/, 'It does not speak TLS there: check port and security.'],
  [
    /GREETING_TIMEOUT|CONNECT_TIMEOUT|ETIMEDOUT/,
    'It does not answer: check host, port, security and firewall.',
  ],
];
