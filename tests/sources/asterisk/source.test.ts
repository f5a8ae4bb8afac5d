import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../server/clock.ts';
import type { Fact } from '../../../server/fact.ts';
import { createLog } from '../../../server/log.ts';
import { Problem } from '../../../server/problem.ts';
import type { AsteriskConfig } from '../../../server/sources/asterisk/config.ts';
import { ANSWER_WITHIN_MS } from '../../../server/sources/asterisk/conversation.ts';
import { createAsterisk, LATE_AFTER_MS, PING_EVERY_MS } from '../../../server/sources/asterisk/source.ts';
import {
  type FakeAsterisk,
  type FakeAsteriskOptions,
  listingOf,
  openFakeAsterisk,
} from '../../support/fake-asterisk.ts';
import { recording } from '../../support/recording.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { eachSourceCheck, start } from '../each-source-check.ts';
import { config, factsOf } from './follow-recording.ts';

const log = createLog('silent');
const opened: FakeAsterisk[] = [];

afterEach(async () => {
  for (const fake of opened.splice(0)) await fake.close();
});

async function fakeAsterisk(options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
  const fake = await openFakeAsterisk(options);
  opened.push(fake);
  return fake;
}

function asteriskAt(fake: FakeAsterisk, more: Partial<AsteriskConfig> = {}, clock = systemClock) {
  return createAsterisk({ config: { ...config, port: fake.port, ...more }, clock, log });
}

const ends = (count: number) => (facts: readonly Fact[]) =>
  facts.filter((fact) => fact.kind === 'end').length >= count;
const endOf = (facts: readonly Fact[], number: string): Fact | undefined => {
  const arrived = facts.find((fact) => fact.kind === 'arrived' && fact.number === number);
  return facts.find(
    (fact) => fact.kind === 'end' && arrived?.kind === 'arrived' && fact.call === arrived.call,
  );
};

eachSourceCheck('asterisk', async () => {
  const [first = [], second = []] = recording('o-reconnect').connections;
  let listing: ReturnType<typeof listingOf> = { channels: [], entries: [] };
  const fake = await openFakeAsterisk({ listing: () => listing });
  return {
    make: () => asteriskAt(fake),
    async firstHalf() {
      listing = { channels: [], entries: [] };
      await fake.ready();
      await fake.play(first);
      // The next source that looks around sees what was up when the recording went on.
      listing = listingOf(second);
    },
    async secondHalf() {
      await fake.ready();
      await fake.play(second);
    },
    isFirst: (facts) => facts.filter((fact) => fact.kind === 'alert').length === 2,
    isWhole: ends(3),
    close: () => fake.close(),
  };
});

describe('an Asterisk over TCP', () => {
  it('says just what its bytes say, with only the classes of events that are asked for', async () => {
    const { connections } = recording('n-overlap10');
    const fake = await fakeAsterisk();
    const source = start(asteriskAt(fake), null);
    await fake.ready();
    await fake.play(connections[0] ?? []);
    await source.until(ends(10));
    await source.stop();
    expect(source.facts).toEqual(factsOf({ connections }));
  });

  it('tells what became of the calls of a gap: answered before it, answered in it, begun in it', async () => {
    const [first = [], second = []] = recording('o-reconnect').connections;
    let listing: ReturnType<typeof listingOf> = { channels: [], entries: [] };
    const fake = await fakeAsterisk({ listing: () => listing });
    const source = asteriskAt(fake);
    const before = start(source, null);
    await fake.ready();
    await fake.play(first);
    await before.until((facts) => facts.filter((fact) => fact.kind === 'alert').length === 2);
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    listing = listingOf(second);
    const after = start(source, before.cursor());
    await fake.ready();
    await fake.play(second);
    await after.until(ends(3));
    await after.stop();
    const facts = [...before.facts, ...after.facts];
    expect(endOf(facts, '5552018')).toMatchObject({ why: 'hangup' });
    expect(endOf(facts, '5552019')).toMatchObject({ why: 'unknown' });
    expect(endOf(facts, '5552020')).toMatchObject({ why: 'unknown' });
  });

  it('keeps following a call that only rang on through the gap', async () => {
    const [chunks = []] = recording('q-slow-180').connections;
    const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('utf8');
    const cutAt = text.indexOf('Event: Newstate', text.indexOf('ChannelStateDesc: Ringing'));
    const blocks = text.split('\r\n\r\n').map((block) => `${block}\r\n\r\n`);
    const [caller, phone] = blocks.filter((block) => block.startsWith('Event: Newchannel'));
    const asListed = (block = '') =>
      block.replace('Newchannel', 'CoreShowChannel').replace(/\r\nPrivilege.*/, '\r\nActionID: x');
    let listing: ReturnType<typeof listingOf> = { channels: [], entries: [] };
    const fake = await fakeAsterisk({ listing: () => listing });
    const source = asteriskAt(fake);
    const before = start(source, null);
    await fake.ready();
    fake.say(text.slice(text.indexOf('Event: Newchannel'), cutAt));
    await before.until((facts) => facts.some((fact) => fact.kind === 'alert'));
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    listing = { channels: [asListed(caller), asListed(phone)], entries: [] };
    const after = start(source, before.cursor());
    await fake.ready();
    fake.say(text.slice(cutAt));
    await after.until(ends(1));
    await after.stop();
    expect([...before.facts, ...after.facts]).toEqual(factsOf({ connections: [chunks] }));
  });

  it('drops every open call as unknown when Asterisk has been up for less than the gap', async () => {
    const [first = []] = recording('o-reconnect').connections;
    let uptime: number | undefined = 86_400;
    const fake = await fakeAsterisk({ uptimeSeconds: () => uptime, permitted: false });
    const source = asteriskAt(fake);
    const before = start(source, null);
    await fake.ready();
    await fake.play(first);
    await before.until((facts) => facts.filter((fact) => fact.kind === 'alert').length === 2);
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    uptime = 0;
    const after = start(source, before.cursor());
    await after.until(ends(2));
    await after.stop();
    expect(endOf([...before.facts, ...after.facts], '5552018')).toMatchObject({ why: 'hangup' });
    expect(endOf([...before.facts, ...after.facts], '5552019')).toMatchObject({ why: 'unknown' });
  });

  it('works without the right to list, says so, and leaves the calls of a gap unknown', async () => {
    const [first = []] = recording('o-reconnect').connections;
    const fake = await fakeAsterisk({ permitted: false, uptimeSeconds: () => undefined });
    const source = asteriskAt(fake);
    const before = start(source, null);
    await fake.ready();
    await fake.play(first);
    await before.until((facts) => facts.filter((fact) => fact.kind === 'alert').length === 2);
    expect(before.notices.at(-1)).toContain('write = reporting');
    expect(fake.actions()).toContain('Status');
    fake.cut();
    await expect(before.ended).rejects.toThrow(Problem);
    const after = start(source, before.cursor());
    await after.until(ends(2));
    await after.stop();
    expect(endOf([...before.facts, ...after.facts], '5552019')).toMatchObject({ why: 'unknown' });
  });

  it('is told when the login is refused, with what to do and without the secret', async () => {
    const fake = await fakeAsterisk({ secret: 'another one' });
    const refused = start(asteriskAt(fake), null).ended;
    await expect(refused).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('manager.conf'),
    });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining(config.secret) });
  });

  it('logs in by MD5 challenge without ever sending the secret', async () => {
    const fake = await fakeAsterisk();
    const source = start(asteriskAt(fake, { md5: true }), null);
    await fake.ready();
    expect(fake.actions().slice(0, 2)).toEqual(['Challenge', 'Login']);
    await source.stop();
  });

  it('says that nothing listens there', async () => {
    const fake = await openFakeAsterisk();
    await fake.close();
    await expect(start(asteriskAt(fake), null).ended).rejects.toThrow(/ECONNREFUSED.*manager\.conf/);
  });

  it('pings every five seconds, takes each pong as a sign of life, and gives the link up after ten without', async () => {
    const clock = createTestClock('2026-11-22T09:00:00Z');
    const fake = await fakeAsterisk();
    const source = start(asteriskAt(fake, {}, clock), null);
    await fake.ready();
    const pings = () => fake.actions().filter((name) => name === 'Ping').length;
    const before = pings();
    const signs = source.signs();
    await clock.advance(PING_EVERY_MS);
    await source.until(() => pings() === before + 1 && source.signs() > signs);
    fake.silence();
    await clock.advance(PING_EVERY_MS);
    await clock.advance(ANSWER_WITHIN_MS);
    await expect(source.ended).rejects.toThrow('stopped answering');
    expect(PING_EVERY_MS + ANSWER_WITHIN_MS).toBeLessThanOrEqual(LATE_AFTER_MS);
  });

  it('names a context that the configuration does not know', async () => {
    const [chunks = []] = recording('a-direct-2s').connections;
    const fake = await fakeAsterisk();
    const source = start(asteriskAt(fake, { inboundContexts: ['elsewhere'] }), null);
    await fake.ready();
    await fake.play(chunks);
    await source.until(() => source.notices.some((notice) => notice?.includes('"from-trunk"') === true));
    await source.stop();
  });
});

describe('the test of an Asterisk', () => {
  const never = new AbortController().signal;
  const check = (source: ReturnType<typeof asteriskAt>, stop = never): Promise<string> =>
    source.check?.(stop) ?? Promise.reject(new Error('there is no test'));

  it('logs in beside the running link, says what it may read, and logs off', async () => {
    const [chunks = []] = recording('a-direct-2s').connections;
    const fake = await fakeAsterisk();
    const source = asteriskAt(fake);
    const running = start(source, null);
    await fake.ready();
    await expect(check(source)).resolves.toMatch(
      /^Asterisk Call Manager\/11\.0\.0 let "firstring" in\. It may list calls: 0 channels are up\.$/,
    );
    expect(fake.logins()).toBe(2);
    await expect.poll(() => fake.actions()).toContain('Logoff');
    await fake.play(chunks);
    await running.until(ends(1));
    await running.stop();
  });

  it('says what is missing in manager.conf', async () => {
    const fake = await fakeAsterisk({ permitted: false, read: ['call', 'agent'] });
    await expect(check(asteriskAt(fake))).resolves.toMatch(/write = reporting.*read = system,call,agent/);
  });

  it('throws what is wrong and how to mend it: refused, not there, not Asterisk, silent', async () => {
    const refused = await fakeAsterisk({ secret: 'another one' });
    await expect(check(asteriskAt(refused))).rejects.toMatchObject({ code: 'forbidden' });
    const gone = await openFakeAsterisk();
    await gone.close();
    await expect(check(asteriskAt(gone))).rejects.toThrow(/ECONNREFUSED.*manager\.conf/);
    const silent = await fakeAsterisk();
    silent.silence();
    const clock = createTestClock('2026-11-22T09:00:00Z');
    const waiting = check(asteriskAt(silent, {}, clock));
    waiting.catch(() => undefined);
    while (!silent.actions().includes('Login')) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(ANSWER_WITHIN_MS);
    await expect(waiting).rejects.toThrow('does not answer');
  });
});

describe('an Asterisk over TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-ring-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      keyFile,
    ].concat(['-out', certFile, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']),
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
  const trusted = getCACertificates('default');

  afterAll(() => {
    setDefaultCACertificates(trusted);
    rmSync(folder, { recursive: true });
  });

  it('is not believed before its certificate is trusted, and says how it could be', async () => {
    const fake = await fakeAsterisk({ tls });
    await expect(start(asteriskAt(fake, { tls: true }), null).ended).rejects.toThrow('NODE_EXTRA_CA_CERTS');
    expect(fake.actions()).toEqual([]);
  });

  it('is read like any other when it is trusted', async () => {
    setDefaultCACertificates([...trusted, tls.cert]);
    const { connections } = recording('a-direct-2s');
    const fake = await fakeAsterisk({ tls });
    const source = start(asteriskAt(fake, { tls: true }), null);
    await fake.ready();
    await fake.play(connections[0] ?? []);
    await source.until(ends(1));
    await source.stop();
    expect(source.facts).toEqual(factsOf({ connections }));
  });
});
