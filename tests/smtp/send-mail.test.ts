import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../server/log.ts';
import { MailProblem } from '../../server/smtp/mail-problem.ts';
import { MAIL_BYTES_MAX, type Mail, openSmtp, type SmtpLimits } from '../../server/smtp/send-mail.ts';
import { isAddress, type SmtpConfig, usualSecurity } from '../../server/smtp/smtp-config.ts';
import { certificateIn } from '../support/certificate.ts';
import {
  DOMAIN,
  describeWithExim,
  type Exim,
  openExim,
  PUT_OFF,
  REFUSED,
  SMTP_PASSWORD,
  SMTP_USER,
} from '../support/exim.ts';
import { openRudeServer } from '../support/rude-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const AT = Date.parse('2026-11-16T07:00:00Z');
const log: Log = { debug: none, info: none, warn: none, error: none, fatal: none };
const short: SmtpLimits = { connectMs: 2_000, greetedMs: 300, silentMs: 300, sendMs: 5_000 };

function none(): void {
  // Nothing is looked for in the log here.
}

const mail = (over: Partial<Mail> = {}): Mail => ({
  to: `boss@${DOMAIN}`,
  subject: 'The week',
  text: 'All is well.',
  messageId: '<week-47.1@wall.example>',
  at: AT,
  ...over,
});

const configOf = (over: Partial<SmtpConfig>): SmtpConfig => ({
  host: '127.0.0.1',
  port: 25,
  security: 'unencrypted',
  login: null,
  from: { name: 'First Ring', address: 'wall@harbor.example' },
  url: 'https://wall.harbor.example',
  ...over,
});

async function refusal(sending: Promise<void>): Promise<MailProblem> {
  try {
    await sending;
  } catch (error) {
    if (error instanceof MailProblem) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describeWithExim('a mail to a real mail server', () => {
  const folder = temporaryFolder();
  let exim: Exim;
  let config: SmtpConfig;
  beforeAll(async () => {
    const tls = certificateIn(folder.path);
    exim = await openExim({ tls, login: true });
    config = configOf({
      port: exim.port,
      security: 'starttls',
      authorityFile: tls.cert,
      login: { user: SMTP_USER, password: SMTP_PASSWORD },
    });
  });
  afterAll(async () => {
    await exim?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('arrives as it was written, encrypted by STARTTLS and after a login', async () => {
    const smtp = openSmtp(config, { log });
    const picture = { cid: 'chart', name: 'chart.png', type: 'image/png', bytes: new Uint8Array([1, 2, 3]) };
    await smtp.send(
      mail({
        subject: 'Woche 47: 81 % — gut',
        html: '<p>All is <img src="cid:chart"></p>',
        pictures: [picture],
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    );
    const [got = ''] = await exim.deliveredCount(1);
    expect(got).toMatch(/^Envelope-to: boss@harbor\.example$/m);
    expect(got).toMatch(/^Return-path: <wall@harbor\.example>$/m);
    expect(got).toMatch(/^From: First Ring <wall@harbor\.example>$/m);
    expect(got).toMatch(/^To: boss@harbor\.example$/m);
    expect(got).toMatch(/^Message-ID: <week-47\.1@wall\.example>$/m);
    expect(got).toMatch(/^Date: Mon, 16 Nov 2026 07:00:00 \+0000$/m);
    expect(got).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(got).toMatch(/^Content-Id: <chart>$/im);
    expect(got).toContain('AQID');
    expect(exim.log()).toMatch(/P=esmtpsa X=TLS\S+ .*A=plain:first-ring/);
  });

  it('goes by TLS from the first byte as well', async () => {
    const smtp = openSmtp({ ...config, port: exim.tlsPort, security: 'tls' }, { log });
    await smtp.send(mail({ messageId: '<tls@wall.example>' }));
    const mails = await exim.deliveredCount(2);
    expect(mails.join('\n')).toContain('<tls@wall.example>');
  });

  it('is refused for good where the address is not there, and for now where it is put off', async () => {
    const smtp = openSmtp(config, { log });
    const gone = await refusal(smtp.send(mail({ to: REFUSED })));
    expect(gone).toMatchObject({ lasting: true, ofRecipient: true, code: 'invalid' });
    expect(gone.message).toBe('The mail server refuses this address. It says: 550 there is no … here.');
    const later = await refusal(smtp.send(mail({ to: PUT_OFF })));
    expect(later).toMatchObject({ lasting: false, ofRecipient: true, code: 'unavailable' });
    expect(later.message).toContain('451 come again later');
  });

  it('is refused for good after a wrong password, which is in no message', async () => {
    const password = 'a-wrong-horse-battery';
    const smtp = openSmtp({ ...config, login: { user: SMTP_USER, password } }, { log });
    const problem = await refusal(smtp.send(mail()));
    expect(problem).toMatchObject({ lasting: true, ofRecipient: false });
    expect(problem.message).toMatch(
      /refuses the login\. It says: 535 .* Check mail\.user and mail\.password\.$/,
    );
    expect(JSON.stringify(problem, Object.getOwnPropertyNames(problem))).not.toMatch(
      new RegExp(`${password}|${Buffer.from(password).toString('base64').slice(0, 12)}`),
    );
  });

  it('goes nowhere unencrypted unless that was said, nor to a server whose certificate nobody vouches for', async () => {
    const { authorityFile: _, ...stranger } = config;
    const untrusted = await refusal(openSmtp(stranger, { log }).send(mail()));
    expect(untrusted).toMatchObject({ lasting: false });
    expect(untrusted.message).toContain('mail.certificate_authority');
    await using plain = await openExim();
    const bare = openSmtp({ ...config, port: plain.port, login: null }, { log });
    expect((await refusal(bare.send(mail()))).message).toContain('STARTTLS');
    await openSmtp(configOf({ port: plain.port }), { log }).send(mail());
    expect(await plain.deliveredCount(1)).toHaveLength(1);
  });

  it('is not handed to a server that offers no login when one was asked for', async () => {
    const asked = openSmtp(
      { ...config, security: 'unencrypted', login: { user: 'x', password: 'y' } },
      { log },
    );
    await refusal(asked.send(mail()));
  });

  it('may be tried again where nothing listens', async () => {
    const { port } = exim;
    await exim.stop();
    const problem = await refusal(openSmtp({ ...config, port }, { log }).send(mail()));
    expect(problem).toMatchObject({ lasting: false });
    expect(problem.message).toContain('Nothing listens there: check mail.host and mail.port.');
    await exim.start();
    await openSmtp({ ...config, port }, { log }).send(mail({ messageId: '<again@wall.example>' }));
  });
});

describe('a mail to something that is no good mail server', () => {
  const cases: [what: string, meet: (line: string) => string | null, lasting: boolean, says: RegExp][] = [
    ['never greets', () => null, false, /in time/],
    ['greets and falls silent', (line) => (line === '' ? '220 hi\r\n' : null), false, /in time/],
    ['is busy', () => '421 too busy, boss@harbor.example\r\n', false, /421 too busy, …/],
    ['talks rubbish', () => `${'\0\u0007x'.repeat(50)}\r\n`, false, /cannot be spoken to/],
    [
      'refuses the message after reading it',
      (line) => answer(line, { end: '554 5.7.1 this is spam\r\n' }),
      true,
      /refuses the message\. It says: 554 5\.7\.1 this is spam\./,
    ],
    [
      'puts it off after reading it',
      (line) => answer(line, { end: '452 4.3.1 disk full\r\n' }),
      false,
      /does not take the message just now\. It says: 452/,
    ],
    [
      'says back the login it was given',
      (line) => answer(line, { auth: `535 ${line.slice(11)} is wrong\r\n` }),
      true,
      /535 … is wrong/,
    ],
    [
      'cannot look a login up',
      (line) => answer(line, { auth: '454 4.7.0 later\r\n' }),
      false,
      /cannot let us in just now/,
    ],
    [
      'refuses our sender',
      (line) => answer(line, { from: '550 not you\r\n' }),
      true,
      /refuses our sender address \(mail\.from\)/,
    ],
  ];
  it.each(cases)('%s: it says so, and whether to try again', async (_, meet, lasting, says) => {
    await using server = await openRudeServer((socket) => {
      let reading = false;
      socket.write(meet('') ?? '');
      socket.on('data', (bytes) => {
        const lines = bytes
          .toString()
          .split('\r\n')
          .filter((line) => line !== '');
        for (const line of lines) {
          if (reading && line !== '.') continue;
          reading = line === 'DATA';
          socket.write(meet(line) ?? '');
        }
      });
    });
    const login = { user: 'wall', password: 'not-a-real-secret' };
    const smtp = openSmtp(configOf({ port: server.port, login }), { log, limits: short });
    const problem = await refusal(smtp.send(mail()));
    expect(problem.message).toMatch(says);
    expect(problem.lasting).toBe(lasting);
    expect(problem.message).not.toContain('not-a-real-secret');
    expect(problem.message).not.toContain('@');
  });

  it('does not wait for ever for one that answers a little at a time', async () => {
    const ticking = new Set<NodeJS.Timeout>();
    await using server = await openRudeServer((socket) => {
      const timer = setInterval(() => socket.write('220-still here\r\n'), 50);
      ticking.add(timer);
      socket.on('close', () => clearInterval(timer));
    });
    const limits = { ...short, greetedMs: 60_000, connectMs: 60_000, sendMs: 400 };
    const problem = await refusal(openSmtp(configOf({ port: server.port }), { log, limits }).send(mail()));
    expect(problem).toMatchObject({ lasting: false });
    for (const timer of ticking) clearInterval(timer);
  });

  it('breaks off at once when it is closed', async () => {
    await using server = await openRudeServer(() => undefined);
    const smtp = openSmtp(configOf({ port: server.port }), { log });
    const sending = refusal(smtp.send(mail()));
    while (server.calls() === 0) await new Promise((resolve) => setImmediate(resolve));
    smtp.close();
    expect(await sending).toMatchObject({ lasting: false });
  });

  it('is never sent to what is no address, nor when it is far too long', async () => {
    const smtp = openSmtp(configOf({ port: 9 }), { log });
    for (const to of ['', 'boss', 'a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example'])
      expect(await refusal(smtp.send(mail({ to })))).toMatchObject({ lasting: true });
    expect(await refusal(smtp.send(mail({ text: 'x'.repeat(MAIL_BYTES_MAX + 1) })))).toMatchObject({
      lasting: true,
    });
  });
});

/** What an ordinary server answers to a line, unless told otherwise. */
function answer(line: string, other: { auth?: string; from?: string; end?: string }): string {
  if (line === '') return '220 hi\r\n';
  if (line.startsWith('EHLO')) return '250-hi\r\n250 AUTH PLAIN\r\n';
  if (line.startsWith('AUTH')) return other.auth ?? '235 welcome\r\n';
  if (line.startsWith('MAIL')) return other.from ?? '250 ok\r\n';
  if (line === 'DATA') return '354 go on\r\n';
  if (line === '.') return other.end ?? '250 taken\r\n';
  return '250 ok\r\n';
}

describe('an address', () => {
  it.each(['boss@harbor.example', 'a+b@x', 'ünü@größe.example', "o'neil@harbor.example"])(
    '%s is one',
    (a) => {
      expect(isAddress(a)).toBe(true);
    },
  );
  it.each([
    '',
    '@',
    'a@',
    '@b',
    'a b@c',
    'a@b..c',
    'a@b@c',
    '<a@b>',
    'a@b.',
    'a@[1.2.3.4]',
    'a\u0000@b',
    'a@b\n',
    `${'x'.repeat(65)}@b`,
  ])('%j is none', (a) => {
    expect(isAddress(a)).toBe(false);
  });
});

describe('encryption', () => {
  it('is left out by itself only on this machine', () => {
    expect(['localhost', '127.0.0.1', '::1'].map(usualSecurity)).toEqual(Array(3).fill('unencrypted'));
    expect(
      ['smtp.harbor.example', '10.0.0.1', '127.0.0.1.example', 'localhost.example'].map(usualSecurity),
    ).toEqual(Array(4).fill('starttls'));
  });
});
