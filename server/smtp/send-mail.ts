import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { SendMailOptions, SMTPTransportOptions } from 'nodemailer';
import { type Instant, SECOND } from '../../shared/time.ts';
import type { Log } from '../log.ts';
import { MailProblem, refusalOf } from './mail-problem.ts';
import { isAddress, type SmtpConfig } from './smtp-config.ts';

/** From the look-up of the host to an open connection. */
export const CONNECT_WITHIN_MS = 15 * SECOND;
/** From an open connection to the greeting, and again for STARTTLS. */
export const GREETED_WITHIN_MS = 15 * SECOND;
/** A server that says nothing for so long is gone; RFC 5321 (4.5.3.2) lets it take a while over a message. */
export const SILENT_MAX_MS = 60 * SECOND;
/** All in all: a server that answers a little at a time cannot hold a message for ever. */
export const SEND_WITHIN_MS = 180 * SECOND;
export const MAIL_BYTES_MAX = 5 * 2 ** 20;

/** One message to one address: whether it was taken is then one answer. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html?: string;
  /** Shown by the HTML as `cid:<cid>`. */
  pictures?: readonly { cid: string; name: string; type: string; bytes: Uint8Array }[];
  /** With the angle brackets. The same on a repeat, so that a mail that came twice can be told to be one. */
  messageId: string;
  at: Instant;
  /** Further headers, such as `Auto-Submitted`. */
  headers?: Readonly<Record<string, string>>;
}

export interface Smtp {
  /**
   * Resolves when the server has taken the message upon itself.
   * @throws MailProblem that says whether trying again can help.
   */
  send(mail: Mail): Promise<void>;
  /** Breaks off what is on its way; nothing can be sent any more. */
  close(): void;
}

export interface SmtpLimits {
  connectMs: number;
  greetedMs: number;
  silentMs: number;
  sendMs: number;
}

const usualLimits: SmtpLimits = {
  connectMs: CONNECT_WITHIN_MS,
  greetedMs: GREETED_WITHIN_MS,
  silentMs: SILENT_MAX_MS,
  sendMs: SEND_WITHIN_MS,
};

/** A connection for each message: mail is rare here, and a kept connection would be closed by the server in between. */
export function openSmtp(
  config: SmtpConfig,
  { log, limits = usualLimits }: { log: Log; limits?: SmtpLimits },
): Smtp {
  const closed = new AbortController();
  return {
    async send(mail) {
      check(mail);
      // Most sites send no mail, and those that do send the first long after the start.
      const { default: nodemailer } = await import('nodemailer');
      const transport = nodemailer.createTransport(await optionsOf(config, limits));
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(limits.sendMs)]);
      try {
        const { response } = await transport.sendMail({ ...messageOf(mail, config.from), signal });
        log.debug({ messageId: mail.messageId, answer: response.slice(0, 3) }, 'a mail was taken');
      } catch (error) {
        throw refusalOf(config, error);
      } finally {
        transport.close();
      }
    },
    close: () => closed.abort(),
  };
}

function check({ to, pictures = [], text, html = '' }: Mail): void {
  if (!isAddress(to)) throw new MailProblem('This is no mail address. Correct it.', { lasting: true });
  const bytes = pictures.reduce((sum, picture) => sum + picture.bytes.byteLength, text.length + html.length);
  if (bytes > MAIL_BYTES_MAX)
    throw new MailProblem(`The message is longer than ${MAIL_BYTES_MAX / 2 ** 20} MB. Leave something out.`, {
      lasting: true,
    });
}

function messageOf(mail: Mail, from: SmtpConfig['from']): SendMailOptions {
  const { to, subject, text, html, pictures = [], messageId, at, headers = {} } = mail;
  return {
    from,
    // As an object it is taken as it is: no list, no group, no name is read out of it.
    to: { name: '', address: to },
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    attachments: pictures.map(({ cid, name, type, bytes }) => ({
      cid,
      filename: name,
      contentType: type,
      contentDisposition: 'inline',
      content: Buffer.from(bytes),
    })),
    messageId,
    date: new Date(at),
    headers: { ...headers },
  };
}

async function optionsOf(config: SmtpConfig, limits: SmtpLimits): Promise<SMTPTransportOptions> {
  const { host, port, security, login } = config;
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'unencrypted',
    tls: await trustOf(config),
    // A server that offers no login must not be handed mail as if it had let us in.
    ...(login === null ? {} : { auth: { user: login.user, pass: login.password }, forceAuth: true }),
    connectionTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    greetingTimeout: limits.greetedMs,
    socketTimeout: limits.silentMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };
}

async function trustOf({ security, authorityFile }: SmtpConfig): Promise<{ ca?: string[] }> {
  if (security === 'unencrypted' || authorityFile === undefined) return {};
  try {
    return { ca: [...rootCertificates, await readFile(authorityFile, 'utf8')] };
  } catch (error) {
    throw new MailProblem(
      `The file that mail.certificate_authority names cannot be read (${(error as NodeJS.ErrnoException).code}). Check its path and rights.`,
      { lasting: false, cause: error },
    );
  }
}
