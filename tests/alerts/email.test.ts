import { expect, it } from 'vitest';
import { channelsOf } from '../../server/alerts/channels/all.ts';
import type { Channel, ChannelConfig } from '../../server/alerts/channels/channel.ts';
import { htmlOf } from '../../server/alerts/channels/email-html.ts';
import type { Log } from '../../server/log.ts';
import { openSmtp, type SmtpLimits } from '../../server/smtp/send-mail.ts';
import { aTurn, FIRED_AT } from '../support/a-turn.ts';
import {
  DOMAIN,
  describeWithExim,
  openExim,
  PUT_OFF,
  REFUSED,
  SMTP_PASSWORD,
  SMTP_USER,
} from '../support/exim.ts';
import { openRudeServer } from '../support/rude-server.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { type ChannelBench, eachChannelCheck, type Mood, message } from './each-channel-check.ts';
import { needsOn } from './http-bench.ts';

const never = new AbortController().signal;
const none = (): void => undefined;
const log: Log = { debug: none, info: none, warn: none, error: none, fatal: none };
/** Patience for a busy machine, and none with a server that says nothing. */
const usual: SmtpLimits = { connectMs: 20_000, greetedMs: 20_000, silentMs: 20_000, sendMs: 30_000 };
const short: SmtpLimits = { ...usual, greetedMs: 300 };
const CERT_FREE = {
  security: 'unencrypted',
  from: { name: 'First Ring', address: `wall@${DOMAIN}` },
} as const;

/** A channel to this address, by the mail server at this port. */
function emailTo(to: string, port: number, clock: TestClock, limits = usual): Channel {
  const smtp = openSmtp(
    {
      host: '127.0.0.1',
      port,
      login: { user: SMTP_USER, password: SMTP_PASSWORD },
      url: 'https://wall.harbor.example',
      ...CERT_FREE,
    },
    { log, limits },
  );
  const config: ChannelConfig = { id: 'ana', name: 'Ana', kind: 'email', to };
  const [channel] = channelsOf([config], needsOn(clock, { mail: { smtp, from: CERT_FREE.from.address } }));
  if (channel === undefined) throw new Error('There is no such channel.');
  return channel;
}

/** A real Exim that wants a login; one address in it is refused for good, one for now. */
async function openEmailBench(clock: TestClock): Promise<ChannelBench> {
  const exim = await openExim({ login: true });
  const silent = await openRudeServer(none);
  const channels: Record<Mood, Channel> = {
    taking: emailTo(`ana@${DOMAIN}`, exim.port, clock),
    refusing: emailTo(REFUSED, exim.port, clock),
    busy: emailTo(PUT_OFF, exim.port, clock),
    silent: emailTo(`ana@${DOMAIN}`, silent.port, clock, short),
  };
  let mood: Mood = 'taking';
  let asked = 0;
  let taken = 0;
  const channel: Channel = {
    ...channels.taking,
    async send(given, stop) {
      asked += 1;
      const said = await channels[mood].send(given, stop);
      taken += 1;
      return said;
    },
  };
  return {
    channel,
    secrets: [SMTP_PASSWORD, Buffer.from(`\0${SMTP_USER}\0${SMTP_PASSWORD}`).toString('base64')],
    be(next) {
      mood = next;
    },
    async taken() {
      const mails = await exim.deliveredCount(taken);
      return mails.map((mail) => /^Message-ID: (.+)$/im.exec(mail)?.[1]?.trim() ?? '');
    },
    asked: () => asked,
    // The limits are short, and on the real clock.
    outlast: async () => undefined,
    redirect: null,
    async close() {
      await exim[Symbol.asyncDispose]();
      await silent[Symbol.asyncDispose]();
    },
  };
}

it('a mail is written in HTML too, and nothing in a name is read as it', () => {
  const place = { zone: 'UTC', linkOf: () => 'https://wall.harbor.example/wall/a"b' };
  const html = htmlOf({ id: 'x', turns: [aTurn('fired', { about: '<img src=x> & "friends"' })] }, place);
  expect(html).toContain(
    'Critical: Calls on the first ring, &lt;img src=x&gt; &amp; &quot;friends&quot;</h1>',
  );
  expect(html).toContain('>Value</th>');
  expect(html).toContain('<a href="https://wall.harbor.example/wall/a&quot;b"');
  expect(html).not.toMatch(/<img|<script|<link|url\(/);
  const many = Array.from({ length: 20 }, (_, i) => aTurn('fired', { id: `${i}.1.1` }));
  expect(htmlOf({ id: 'x', turns: many }, place)).toContain('<p>And 5 more.</p>');
});

describeWithExim('by a real mail server', () => {
  eachChannelCheck('email', openEmailBench);

  it('a mail says what is wrong, stands with the others of its alert, and wants no automatic reply', async () => {
    const clock = createTestClock(FIRED_AT);
    await using exim = await openExim({ login: true });
    const channel = emailTo(`ana@${DOMAIN}`, exim.port, clock);
    await channel.send(message, never);
    await channel.send({ id: 'rule1-3-1763647331000-9', turns: [aTurn('resolved')] }, never);
    const mails = await exim.deliveredCount(2);
    // Exim delivers side by side.
    const about = (word: string): string => mails.find((mail) => mail.includes(`\nSubject: ${word}`)) ?? '';
    const [fired, resolved] = [about('Critical'), about('Recovered')];
    expect(fired).toMatch(/^Subject: Critical: Calls on the first ring, Patient <Support> & \*friends\*/m);
    expect(fired).toMatch(/^To: ana@harbor\.example$/m);
    expect(fired).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(fired).toMatch(/^Importance: high$/m);
    expect(resolved).not.toMatch(/^Importance:/m);
    expect(resolved).toMatch(/^Subject: Recovered: Calls on the first ring/m);
    expect(fired).toContain('Content-Type: multipart/alternative');
    expect(fired).toContain('Content-Type: text/html');
    expect(fired).toContain('Value: 61%');
    expect(fired).toContain('Open and acknowledge: https://wall.harbor.example/wall/support');
    expect(resolved).toContain('Recovered: Fri 20 Nov, 09:12');
    const threads = [fired, resolved].map((mail) => /^References: (.+)$/m.exec(mail)?.[1]);
    expect(threads[0]).toBe(`<alert-rule1.3.1763647331000@${DOMAIN}>`);
    expect(threads[1]).toBe(threads[0]);
  });

  it('a name cannot write headers of its own', async () => {
    await using exim = await openExim({ login: true });
    const channel = emailTo(`ana@${DOMAIN}`, exim.port, createTestClock(FIRED_AT));
    const about = 'Support\r\nBcc: everybody@harbor.example\r\n\r\nHello';
    await channel.send({ id: 'x', turns: [aTurn('fired', { about })] }, never);
    const [mail = ''] = await exim.deliveredCount(1);
    expect(mail.slice(0, mail.search(/\r?\n\r?\n/))).not.toMatch(/^Bcc:/im);
    expect(exim.delivered()).toHaveLength(1);
  });
});
