import { z } from 'zod';
import { isAddress, type SmtpConfig, smtpPorts, usualSecurity } from '../smtp/smtp-config.ts';
import type { Complaint } from './complaint.ts';
import type { Document } from './document.ts';
import { mustBe, secret, settings, wholeNumber } from './values.ts';

/** Settings of the mail server that mail is sent by. */

const NAME_CHARS_MAX = 320;

const name = (what: string) => {
  const error = mustBe(`${what}, up to ${NAME_CHARS_MAX} characters of text`);
  return z
    .string({ error })
    .trim()
    .min(1, { error })
    .max(NAME_CHARS_MAX, { error })
    .regex(/^(?!.*\$\{)\P{C}+$/u, {
      error:
        'cannot be taken from the environment, nor have signs that cannot be printed: only secrets and tokens are taken from there. Write it here.',
    });
};

const securityError = mustBe(
  'tls, starttls, or unencrypted (the password and every mail then travel in clear)',
);
const fromError = mustBe(
  'the address that mail is from, in quotes if it has a name: "First Ring <wall@harbor.example>"',
);
const urlError = mustBe('the address at which people open First Ring, e.g. https://wall.harbor.example');

const from = z
  .string({ error: fromError })
  .max(NAME_CHARS_MAX, { error: fromError })
  .transform((input, context) => {
    const [, called = '', bracketed, bare] =
      /^(?:([^<>"\p{C}]*)<([^<>]+)>|([^<>]+))$/u.exec(input.trim()) ?? [];
    const address = (bracketed ?? bare ?? '').trim();
    if (isAddress(address)) return { name: called.trim(), address };
    context.addIssue({ code: 'custom', message: fromError({ input }) });
    return z.NEVER;
  });

const url = z
  .string({ error: urlError })
  .refine(isPlainOrigin, { error: urlError })
  .transform((input) => new URL(input).origin);

export const smtpSettings = (env: NodeJS.ProcessEnv) =>
  settings(
    {
      host: name('the name or address of the mail server'),
      port: wholeNumber(1, 65_535, 587).optional(),
      security: z.enum(['tls', 'starttls', 'unencrypted'], { error: securityError }).optional(),
      certificate_authority: name('the path of a PEM file').optional(),
      user: name('the name to log in with').optional(),
      password: secret(env, 'SMTP_PASSWORD', 1).optional(),
      from,
      url,
    },
    'host: smtp.harbor.example',
  );

export type SmtpSettings = z.output<ReturnType<typeof smtpSettings>>;

/** The mail server as the configuration writes it, in the words of what sends. */
export function smtpConfigOf(written: SmtpSettings): SmtpConfig {
  const { host, user, password, from, url, certificate_authority: authorityFile } = written;
  const security = written.security ?? usualSecurity(host);
  return {
    host,
    port: written.port ?? smtpPorts[security],
    security,
    ...(authorityFile === undefined ? {} : { authorityFile }),
    login: user === undefined || password === undefined ? null : { user, password },
    from,
    url,
  };
}

/** What must agree within `mail`. */
export function smtpDisagreements(document: Document): Complaint[] {
  const mail = isRecord(document.value) ? document.value.mail : undefined;
  if (!isRecord(mail)) return [];
  const wrong = (field: string, text: string): Complaint[] => [document.complaint(['mail', field], text)];
  return [
    ...(mail.user !== undefined && mail.password === undefined
      ? wrong('password', `is missing: write \${SMTP_PASSWORD} here, and set that environment variable.`)
      : []),
    ...(mail.password !== undefined && mail.user === undefined
      ? wrong('user', 'is missing: it must be the name that the password belongs to.')
      : []),
    ...(mail.certificate_authority !== undefined && mail.security === 'unencrypted'
      ? wrong('certificate_authority', 'is of no use with security: unencrypted. Leave one of them out.')
      : []),
  ];
}

function isPlainOrigin(input: string): boolean {
  const parsed = URL.canParse(input) ? new URL(input) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return false;
  return (
    [parsed.username, parsed.password, parsed.search, parsed.hash].every((part) => part === '') &&
    parsed.pathname === '/'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
