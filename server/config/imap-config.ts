import {
  type ImapConfig,
  imapDefaults,
  type MailboxFolders,
  type OAuthLogin,
  oauthProviders,
} from '../sources/imap/config.ts';
import type { Settings } from './schema.ts';

type ImapSettings = Extract<Settings['sources'][number], { kind: 'imap' }>;

/** A login at a mail server as the configuration writes it, in the words of its source. */
export function imapConfigOf(source: ImapSettings): ImapConfig {
  const { id, host, security, user, password, oauth2, certificate_authority: authorityFile } = source;
  return {
    id,
    host,
    security,
    user,
    port: source.port ?? imapDefaults.port[security],
    ...(authorityFile === undefined ? {} : { authorityFile }),
    login: oauth2 === undefined ? { how: 'password', password: password ?? '' } : oauthOf(oauth2),
    ...(source.ticket === undefined ? {} : { ticket: source.ticket }),
    readBackDays: source.read_back_days ?? imapDefaults.readBackDays,
    mailboxes: source.mailboxes.map(
      ({ mailbox, inbox, sent, spam }): MailboxFolders => ({
        mailbox,
        inbox: inbox ?? imapDefaults.inbox,
        ...(sent === undefined ? {} : { sent }),
        ...(spam === undefined ? {} : { spam }),
      }),
    ),
  };
}

function oauthOf(written: NonNullable<ImapSettings['oauth2']>): OAuthLogin {
  const { client_id, client_secret, refresh_token } = written;
  const scope = written.scope ?? scopeOf(written);
  return {
    how: 'oauth2',
    tokenEndpoint: endpointOf(written),
    clientId: client_id,
    ...(client_secret === undefined ? {} : { clientSecret: client_secret }),
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(scope === undefined ? {} : { scope }),
  };
}

function endpointOf(written: NonNullable<ImapSettings['oauth2']>): string {
  switch (written.provider) {
    case 'google':
      return written.token_endpoint ?? oauthProviders.google.endpoint;
    case 'microsoft':
      return written.token_endpoint ?? oauthProviders.microsoft.endpoint(written.tenant);
    case 'other':
      return written.token_endpoint;
  }
}

/** Google's refresh tokens bear their scope; Microsoft wants it again with each request. */
function scopeOf({ provider, refresh_token }: NonNullable<ImapSettings['oauth2']>): string | undefined {
  if (provider !== 'microsoft') return undefined;
  const { person, itself } = oauthProviders.microsoft.scope;
  return refresh_token === undefined ? itself : person;
}
