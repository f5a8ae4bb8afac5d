import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { ImapConfig } from './config.ts';
import { type ImapLink, openLink } from './imap-link.ts';
import type { Tokens } from './oauth.ts';

export interface SessionNeeds {
  config: ImapConfig;
  clock: Clock;
  /** Null where the login is by password. */
  tokens: Tokens | null;
}

/** Logs in; with a token that was good before and is not any more, once again with a new one. */
export async function logIn({ config, clock, tokens }: SessionNeeds, stop: AbortSignal): Promise<ImapLink> {
  const { login } = config;
  if (login.how === 'password') return openLink({ config, clock, stop, secret: { pass: login.password } });
  if (tokens === null) throw new Error('a login by OAuth needs tokens');
  const { token, isNew } = await tokens.access(stop);
  try {
    return await openLink({ config, clock, stop, secret: { accessToken: token } });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'forbidden') throw error;
    tokens.refused();
    if (isNew) throw error;
    const next = await tokens.access(stop);
    return openLink({ config, clock, stop, secret: { accessToken: next.token } });
  }
}
