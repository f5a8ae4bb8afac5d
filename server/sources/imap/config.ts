/** One login at one mail server, as the configuration names it. */
export interface ImapConfig {
  id: string;
  host: string;
  port: number;
  /** `tls` from the first byte, `starttls` before the login, or `unencrypted`, for which somebody must have asked. */
  security: Security;
  /** A PEM file of certificate authorities that are trusted besides the system's. */
  authorityFile?: string;
  user: string;
  login: PasswordLogin | OAuthLogin;
  /** How far the first connection reads back. */
  readBackDays: number;
  /** How tickets are named in subjects, `*` for the number, e.g. `[#*]`; absent: they are not. */
  ticket?: string;
  mailboxes: readonly MailboxFolders[];
}

export type Security = 'tls' | 'starttls' | 'unencrypted';

export interface PasswordLogin {
  how: 'password';
  password: string;
}

/** With a refresh token it acts for a person; without one for itself (the client credentials grant). */
export interface OAuthLogin {
  how: 'oauth2';
  tokenEndpoint: string;
  clientId: string;
  clientSecret?: string;
  refreshToken?: string;
  scope?: string;
}

/** The folders that are one mailbox (a queue of kind mailbox). */
export interface MailboxFolders {
  mailbox: string;
  inbox: readonly string[];
  /** Absent: the folder that the server marks as Sent. */
  sent?: readonly string[];
  /** Absent: the folder that the server marks as Junk, if there is one; null: none is read. */
  spam?: string | null;
}

/** What a folder holds: customers' mail, ours, or what was taken for spam. */
export type Role = 'inbox' | 'sent' | 'spam';

/** What finds a ticket's number in a subject, from its written form. */
export function ticketPattern(written: string): RegExp {
  const [before = '', after = ''] = written
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`));
  return new RegExp(`${before}([\\p{L}\\p{N}-]{1,40})${after}`, 'iu');
}

export const imapDefaults = {
  inbox: ['INBOX'],
  readBackDays: 14,
  port: { tls: 993, starttls: 143, unencrypted: 143 },
} as const satisfies Pick<MailboxFolders, 'inbox'> & { readBackDays: number; port: Record<Security, number> };

/**
 * Where tokens come from. Google: "Using OAuth 2.0 to Access Google APIs"; Microsoft: "Authenticate an IMAP, POP or SMTP
 * connection using OAuth".
 */
export const oauthProviders = {
  google: { endpoint: 'https://oauth2.googleapis.com/token' },
  microsoft: {
    endpoint: (tenant: string) =>
      `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
    scope: {
      person: 'https://outlook.office.com/IMAP.AccessAsUser.All offline_access',
      itself: 'https://outlook.office365.com/.default',
    },
  },
} as const;
