import { type Instant, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { OAuthLogin } from './config.ts';
import { seal, unseal } from './sealed.ts';

/** The provider must answer within this. */
export const TOKEN_WITHIN_MS = 15 * SECOND;
/** A token is not used in its last minute. */
const SPARE_MS = 60 * SECOND;
/** What holds where the provider does not say (RFC 6749 leaves it open). */
const EXPIRES_AFTER_S = 600;

/** Gives access tokens, one for all connections of a source. */
export interface Tokens {
  /**
   * The token to log in with, and whether it was asked for just now. Throws a Problem: `forbidden` when the provider refuses (the refresh token was revoked or
   * has expired, the client secret is wrong), `unavailable` when it cannot be asked.
   */
  access(stop: AbortSignal): Promise<{ token: string; isNew: boolean }>;
  /** The mail server did not take it: the next one is a new one. */
  refused(): void;
}

export interface TokensNeeds {
  id: string;
  login: OAuthLogin;
  clock: Clock;
  /** The refresh token that was kept last, sealed. */
  kept(): string | null;
  /** Keeps a new one; resolves when it is durable. */
  keep(sealed: string): Promise<void>;
}

interface Access {
  token: string;
  until: Instant;
}

export function createTokens(needs: TokensNeeds): Tokens {
  let access: Access | null = null;
  let asking: Promise<Access> | null = null;
  return {
    async access(stop) {
      if (access !== null && needs.clock.now() < access.until) return { token: access.token, isNew: false };
      asking ??= ask(needs, stop).finally(() => {
        asking = null;
      });
      access = await asking;
      return { token: access.token, isNew: true };
    },
    refused() {
      access = null;
    },
  };
}

async function ask(needs: TokensNeeds, stop: AbortSignal): Promise<Access> {
  const { login, clock } = needs;
  const askedAt = clock.now();
  const answer = await post(needs, formOf(login, refreshTokenOf(needs)), stop);
  const { access_token: token, expires_in: expires, refresh_token: next } = answer;
  if (typeof token !== 'string' || token === '') throw unusable(needs, 'without an access token');
  // Microsoft gives a new refresh token each time, and the old one ends after 90 days ("Refresh tokens in the Microsoft
  // identity platform"): the new one is kept before anything else is done.
  if (typeof next === 'string' && next !== '' && login.refreshToken !== undefined)
    if (next !== refreshTokenOf(needs)) await needs.keep(seal(next, login.refreshToken));
  const lives = Number(expires ?? EXPIRES_AFTER_S) * SECOND;
  return { token, until: askedAt + Math.max(0, (Number.isFinite(lives) ? lives : 0) - SPARE_MS) };
}

/** One that was sealed with another configured token is forgotten: somebody has put in a new one. */
function refreshTokenOf(needs: TokensNeeds): string | null {
  const { login } = needs;
  if (login.refreshToken === undefined) return null;
  const sealed = needs.kept();
  return (sealed === null ? null : unseal(sealed, login.refreshToken)) ?? login.refreshToken;
}

function formOf(login: OAuthLogin, refreshToken: string | null): URLSearchParams {
  const form = new URLSearchParams({ client_id: login.clientId });
  if (login.clientSecret !== undefined) form.set('client_secret', login.clientSecret);
  if (login.scope !== undefined) form.set('scope', login.scope);
  form.set('grant_type', refreshToken === null ? 'client_credentials' : 'refresh_token');
  if (refreshToken !== null) form.set('refresh_token', refreshToken);
  return form;
}

async function post(
  needs: TokensNeeds,
  body: URLSearchParams,
  stop: AbortSignal,
): Promise<Record<string, unknown>> {
  const settled = new AbortController();
  const late = new AbortController();
  const patience = AbortSignal.any([stop, settled.signal]);
  void needs.clock.sleep(TOKEN_WITHIN_MS, patience).then(() => {
    if (!settled.signal.aborted) late.abort();
  });
  try {
    const response = await fetch(needs.login.tokenEndpoint, {
      method: 'POST',
      body,
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([stop, late.signal]),
    });
    const answer = asRecord(await response.text());
    if (response.status >= 400 && response.status < 500 && response.status !== 429)
      throw refusal(needs, answer);
    if (!response.ok) throw unusable(needs, `with ${response.status}`);
    return answer ?? {};
  } catch (error) {
    if (error instanceof Problem) throw error;
    const how = late.signal.aborted ? `not within ${TOKEN_WITHIN_MS / SECOND} s` : 'not at all';
    throw unusable(needs, how, error);
  } finally {
    settled.abort();
  }
}

const mends: Readonly<Record<string, string>> = {
  invalid_grant: 'The refresh token has expired or was revoked: get a new one, as docs/email.md says.',
  invalid_client: 'Check client_id and client_secret; a client secret of Microsoft has an end date.',
  unauthorized_client: 'The application may not do this: check its permissions and the consent to them.',
  invalid_scope: 'Check scope.',
};

/** Of the answer only its code is told: the words beside it can hold the user's address. */
function refusal({ id }: TokensNeeds, answer: Record<string, unknown> | null): Problem {
  const code = /^[a-z_]{1,40}$/.exec(String(answer?.error))?.[0] ?? 'no reason given';
  const detail = /\bAADSTS\d+\b/.exec(String(answer?.error_description))?.[0];
  const mend = mends[code] ?? 'Check the settings under oauth2.';
  return new Problem(
    'forbidden',
    `The token service of "${id}" refuses us (${detail === undefined ? code : `${code}, ${detail}`}). ${mend}`,
  );
}

function unusable({ id }: TokensNeeds, how: string, cause?: unknown): Problem {
  return new Problem(
    'unavailable',
    `The token service of "${id}" answered ${how}. Check token_endpoint and the way there.`,
    { cause },
  );
}

function asRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
