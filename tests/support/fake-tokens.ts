import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the token endpoint does with the next request. */
export type Mood = 'well' | 'invalid_grant' | 'broken' | 'slow' | 'rubbish' | 'without';

/** A token service: it gives tokens to those with the refresh token that it gave last, and tells Dovecot whether one is good. */
export interface FakeTokens extends AsyncDisposable {
  endpoint: string;
  introspection: string;
  /** The forms that were posted to it. */
  asked: Record<string, string>[];
  mood: Mood;
  /** The only refresh token that it takes. */
  refreshToken: string;
  /** Gives a new one with every access token. */
  rotates: boolean;
  /** No access token that it gave is good any more. */
  revoke(): void;
}

export async function openFakeTokens(user: string, refreshToken: string): Promise<FakeTokens> {
  const good = new Set<string>();
  let given = 0;
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokens: FakeTokens = {
    endpoint: `${url}/token`,
    introspection: `${url}/introspect`,
    asked: [],
    mood: 'well',
    refreshToken,
    rotates: false,
    revoke: () => good.clear(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return tokens;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const bytes of request) body += String(bytes);
    const form = Object.fromEntries(new URLSearchParams(body));
    const answer = (status: number, said: object | string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    };
    if (request.url === '/introspect') {
      answer(200, good.has(form.token ?? '') ? { active: true, username: user } : { active: false });
      return;
    }
    tokens.asked.push(form);
    if (tokens.mood === 'slow') return;
    if (tokens.mood === 'broken') answer(500, 'Internal Server Error');
    else if (tokens.mood === 'rubbish') answer(200, '<html>Sign in</html>');
    else if (tokens.mood === 'without') answer(200, { token_type: 'Bearer' });
    else if (tokens.mood === 'invalid_grant' || refuses(form))
      answer(400, {
        error: 'invalid_grant',
        error_description: `AADSTS70008: expired for ${user}@acme.example`,
      });
    else answer(200, give());
  }

  function refuses(form: Record<string, string>): boolean {
    return form.grant_type === 'refresh_token' && form.refresh_token !== tokens.refreshToken;
  }

  function give(): object {
    given += 1;
    const token = `access-${given}`;
    good.add(token);
    if (!tokens.rotates) return { access_token: token, expires_in: 3_600, token_type: 'Bearer' };
    tokens.refreshToken = `refresh-${given}`;
    return { access_token: token, expires_in: 3_600, refresh_token: tokens.refreshToken };
  }
}
