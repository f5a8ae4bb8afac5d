import { createHash } from 'node:crypto';
import type { CallFact } from '../../fact.ts';
import { Problem } from '../../problem.ts';
import { first } from './ami-wire.ts';
import { type Asks, isSuccess } from './asks.ts';
import type { AsteriskConfig } from './config.ts';

/** The classes of events we ask for; `dialplan` would be most of the bytes and tells nothing that counts. */
const EVENTS = 'system,call,agent';

/** Logs in, by secret or by MD5 challenge. `then` follows; a refusal throws a `forbidden` Problem out of the reading. */
export function login(
  asks: Asks,
  config: Pick<AsteriskConfig, 'id' | 'user' | 'secret' | 'md5'>,
  then: () => CallFact[],
): void {
  const prove = (proof: Record<string, string>): CallFact[] => {
    asks.ask('Login', { Username: config.user, ...proof, Events: EVENTS }, (answer) => {
      if (!isSuccess(answer)) throw refused(config.id);
      return then();
    });
    return [];
  };
  if (config.md5 !== true) {
    prove({ Secret: config.secret });
    return;
  }
  asks.ask('Challenge', { AuthType: 'MD5' }, (answer) => {
    if (!isSuccess(answer)) throw refused(config.id);
    const key = createHash('md5')
      .update(`${first(answer, 'Challenge')}${config.secret}`)
      .digest('hex');
    return prove({ AuthType: 'MD5', Key: key });
  });
}

function refused(id: string): Problem {
  return new Problem(
    'forbidden',
    `Asterisk "${id}" refused the login. Check user and secret against manager.conf, and that its permit lines let this server in; then run "manager reload".`,
  );
}
