/** The mail server that messages are handed to, as the configuration names it. */
export interface SmtpConfig {
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` before anything is sent, or `unencrypted`. */
  security: SmtpSecurity;
  /** A PEM file of certificate authorities that are trusted besides the system's. */
  authorityFile?: string;
  /** Null: it takes mail from us without a login. */
  login: { user: string; password: string } | null;
  /** Who the mail is from; the name may be empty. */
  from: { name: string; address: string };
  /** Where people open First Ring, without a slash at the end: links in mails begin with it. */
  url: string;
}

export type SmtpSecurity = 'tls' | 'starttls' | 'unencrypted';

/** RFC 5321, 4.5.3.1.3. */
export const ADDRESS_CHARS_MAX = 254;

/** Ports as RFC 8314 and RFC 6409 have them; 25 is that of a relay on this machine. */
export const smtpPorts: Record<SmtpSecurity, number> = { tls: 465, starttls: 587, unencrypted: 25 };

/** On this machine nobody listens in, and its relays seldom have a certificate; anywhere else mail is encrypted. */
export function usualSecurity(host: string): SmtpSecurity {
  return isLoopback(host) ? 'unencrypted' : 'starttls';
}

/** Can it be an address at all? Never more than that: only its mail server knows. */
export function isAddress(input: string): boolean {
  const [local = '', domain = '', ...more] = input.split('@');
  return (
    more.length === 0 &&
    input.length <= ADDRESS_CHARS_MAX &&
    // Printable, and nothing that is a sign in a list of addresses or a header.
    /^[^\s\p{C}<>(),:;"\\[\]]{1,64}$/u.test(local) &&
    /^[^\s\p{C}<>(),:;"\\[\].]+(\.[^\s\p{C}<>(),:;"\\[\].]+)*$/u.test(domain)
  );
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}
