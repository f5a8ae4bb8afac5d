import type { Complaint } from './complaint.ts';
import type { Document } from './document.ts';

/** What must agree within a source of kind imap, read from the values as they were written. */
export function imapDisagreements(document: Document): Complaint[] {
  return list(document.value, 'sources').flatMap((source, i) =>
    isRecord(source) && source.kind === 'imap'
      ? [...logins(document, source, i), ...repeatedMailboxes(document, source, i)]
      : [],
  );
}

/** One way to log in, and all that it needs. */
function logins(document: Document, source: Record<string, unknown>, i: number): Complaint[] {
  const { password, oauth2 } = source;
  if (password === undefined && oauth2 === undefined)
    return [
      document.complaint(
        ['sources', i, 'password'],
        `is missing: write \${MAIL_PASSWORD} here, and set that environment variable; or give oauth2, for Google Workspace and Microsoft 365.`,
      ),
    ];
  if (password !== undefined && oauth2 !== undefined)
    return [
      document.complaint(['sources', i, 'oauth2'], 'and password are two ways to log in: leave one out.'),
    ];
  if (!isRecord(oauth2) || oauth2.provider === 'google') return [];
  return oauth2.refresh_token === undefined && oauth2.client_secret === undefined
    ? [
        document.complaint(
          ['sources', i, 'oauth2'],
          'needs a refresh_token, or a client_secret with which the application acts for itself.',
        ),
      ]
    : [];
}

function repeatedMailboxes(document: Document, source: Record<string, unknown>, i: number): Complaint[] {
  const seen = new Set<unknown>();
  return list(source, 'mailboxes').flatMap((entry, j) => {
    const mailbox = isRecord(entry) ? entry.mailbox : undefined;
    if (typeof mailbox !== 'string' || !seen.has(mailbox)) {
      seen.add(mailbox);
      return [];
    }
    return [
      document.complaint(
        ['sources', i, 'mailboxes', j, 'mailbox'],
        'is in this source before: put its folders together under inbox and sent.',
      ),
    ];
  });
}

function list(value: unknown, key: string): unknown[] {
  const found = isRecord(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
