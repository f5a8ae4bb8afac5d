import { expect, it } from 'vitest';
import type { Clock } from '../../../server/clock.ts';
import { systemClock } from '../../../server/clock.ts';
import type { ImapConfig, OAuthLogin } from '../../../server/sources/imap/config.ts';
import { readCursor } from '../../../server/sources/imap/cursor.ts';
import { TOKEN_WITHIN_MS } from '../../../server/sources/imap/oauth.ts';
import { unseal } from '../../../server/sources/imap/sealed.ts';
import { type Dovecot, describeWithDovecot, openDovecot, USER } from '../../support/dovecot.ts';
import { type FakeTokens, type Mood, openFakeTokens } from '../../support/fake-tokens.ts';
import { mailText } from '../../support/mail-text.ts';
import { openSwallowingProxy } from '../../support/swallowing-proxy.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { start } from '../each-source-check.ts';
import { hurriedClock, imapAt } from './an-imap.ts';

const CONFIGURED = 'the-configured-refresh-token';

function loginAt(tokens: FakeTokens, more: Partial<OAuthLogin> = {}): Partial<ImapConfig> {
  const login = { how: 'oauth2', clientId: 'first-ring', clientSecret: 'client-secret' } as const;
  return {
    login: { ...login, tokenEndpoint: tokens.endpoint, refreshToken: CONFIGURED, ...more },
  };
}

async function withBoth(
  work: (dovecot: Dovecot, tokens: FakeTokens) => Promise<void>,
  more = '',
): Promise<void> {
  await using tokens = await openFakeTokens(USER, CONFIGURED);
  await using dovecot = await openDovecot({ introspection: tokens.introspection, more });
  await work(dovecot, tokens);
}

const isUp = async (source: ReturnType<typeof start>): Promise<void> =>
  source.until(() => source.signs() > 0);

describeWithDovecot('a login with OAuth2', () => {
  it.each([
    ['OAUTHBEARER', ''],
    ['XOAUTH2', 'auth_mechanisms = plain login xoauth2'],
  ])('by %s: one token for all connections', (mechanism, more) =>
    withBoth(async (dovecot, tokens) => {
      await (await dovecot.program()).append('INBOX', mailText());
      const source = start(imapAt(dovecot.port, loginAt(tokens, { scope: 'mail' })), null);
      await source.until((facts) => facts.length === 1);
      await isUp(source);
      await source.stop();
      expect(tokens.asked).toEqual([
        {
          client_id: 'first-ring',
          client_secret: 'client-secret',
          scope: 'mail',
          grant_type: 'refresh_token',
          refresh_token: CONFIGURED,
        },
      ]);
      expect(dovecot.log()).toContain(`method=${mechanism}`);
    }, more),
  );

  it('of an application for itself, without a refresh token', () =>
    withBoth(async (dovecot, tokens) => {
      const config = loginAt(tokens);
      if (config.login?.how === 'oauth2') delete config.login.refreshToken;
      const source = start(imapAt(dovecot.port, config), null);
      await isUp(source);
      await source.stop();
      expect(tokens.asked[0]).toMatchObject({ grant_type: 'client_credentials' });
      expect(tokens.asked[0]).not.toHaveProperty('refresh_token');
    }));

  it('asks for a new token before the old one ends', () =>
    withBoth(async (dovecot, tokens) => {
      const clock = createTestClock(Date.now());
      const made = imapAt(dovecot.port, loginAt(tokens), clock);
      for (const minutes of [0, 58, 2]) {
        clock.set(clock.now() + minutes * 60_000);
        const source = start(made, null);
        await isUp(source);
        await source.stop();
      }
      expect(tokens.asked).toHaveLength(2);
    }));

  it('keeps the refresh token that it is given, sealed, across restarts', () =>
    withBoth(async (dovecot, tokens) => {
      tokens.rotates = true;
      const first = start(imapAt(dovecot.port, loginAt(tokens)), null);
      await isUp(first);
      await first.stop();
      const cursor = first.cursor();
      expect(cursor).not.toContain('refresh-1');
      expect(unseal(readCursor(cursor).token ?? '', CONFIGURED)).toBe('refresh-1');
      const second = start(imapAt(dovecot.port, loginAt(tokens)), cursor);
      await isUp(second);
      await second.stop();
      expect(tokens.asked.map((form) => form.refresh_token)).toEqual([CONFIGURED, 'refresh-1']);
    }));

  it('forgets the one that was kept when another is configured', () =>
    withBoth(async (dovecot, tokens) => {
      tokens.rotates = true;
      const first = start(imapAt(dovecot.port, loginAt(tokens)), null);
      await isUp(first);
      await first.stop();
      tokens.refreshToken = 'put-in-by-a-person';
      const config = loginAt(tokens, { refreshToken: 'put-in-by-a-person' });
      const second = start(imapAt(dovecot.port, config), first.cursor());
      await isUp(second);
      await second.stop();
      expect(tokens.asked.at(-1)).toMatchObject({ refresh_token: 'put-in-by-a-person' });
    }));

  it('logs in with a new token at once when the server takes the old one no more', () =>
    withBoth(async (dovecot, tokens) => {
      await using proxy = await openSwallowingProxy(dovecot.port);
      const clock = createTestClock(Date.now());
      const source = start(imapAt(proxy.port, loginAt(tokens), clock), null);
      await isUp(source);
      clock.set(clock.now() + 120_000);
      tokens.revoke();
      proxy.cut();
      await expect.poll(() => tokens.asked.length).toBeGreaterThan(1);
      await (await dovecot.program()).append('INBOX', mailText());
      await source.until((facts) => facts.length === 1);
      await source.stop();
    }));
});

describeWithDovecot('a token service that misbehaves', () => {
  it.each<[Mood, 'forbidden' | 'unavailable', string, Clock]>([
    ['invalid_grant', 'forbidden', 'refuses us (invalid_grant, AADSTS70008). The refresh token', systemClock],
    ['broken', 'unavailable', 'answered with 500', systemClock],
    ['rubbish', 'unavailable', 'answered without an access token', systemClock],
    ['without', 'unavailable', 'answered without an access token', systemClock],
    ['slow', 'unavailable', 'answered not within 15 s', hurriedClock],
  ])('%s: is told as %s, without a word of what was sent', (mood, code, words, clock) =>
    withBoth(async (dovecot, tokens) => {
      tokens.mood = mood;
      const failed = start(imapAt(dovecot.port, loginAt(tokens), clock), null).ended;
      await expect(failed).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
      await expect(failed).rejects.toMatchObject({
        message: expect.not.stringMatching(/acme|client-secret|configured/),
      });
      expect(tokens.asked).toHaveLength(1);
      expect(dovecot.log()).not.toContain('auth failed');
      expect(TOKEN_WITHIN_MS).toBe(15_000);
    }),
  );

  it('gone: is told, and so is a token that is good for another mailbox', () =>
    withBoth(async (dovecot, tokens) => {
      const nowhere = loginAt(tokens, { tokenEndpoint: 'http://127.0.0.1:9/token' });
      await expect(start(imapAt(dovecot.port, nowhere), null).ended).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('answered not at all'),
      });
      const other = { ...loginAt(tokens), user: 'somebody-else' };
      await expect(start(imapAt(dovecot.port, other), null).ended).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('not for this mailbox'),
      });
    }));

  it('slow: does not keep the source from stopping', () =>
    withBoth(async (dovecot, tokens) => {
      tokens.mood = 'slow';
      const source = start(imapAt(dovecot.port, loginAt(tokens)), null);
      await expect.poll(() => tokens.asked.length).toBe(1);
      await source.stop();
    }));
});
