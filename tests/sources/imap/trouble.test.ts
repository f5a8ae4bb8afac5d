import { describe, expect, it } from 'vitest';
import { troubleOf } from '../../../server/sources/imap/trouble.ts';

const password = { id: 'mail', login: { how: 'password', password: 'x' } } as const;
const refused = (more: object) =>
  Object.assign(new Error('Command failed'), { authenticationFailed: true, ...more });

describe('what failed', () => {
  it.each<[string, unknown, string, string]>([
    [
      'a wrong password',
      refused({ serverResponseCode: 'AUTHENTICATIONFAILED' }),
      'forbidden',
      'Check user and password',
    ],
    [
      'no login of this kind',
      new Error('Unsupported authentication mechanism'),
      'forbidden',
      'refuses the login',
    ],
    ['a login that is switched off', new Error('Login is disabled'), 'forbidden', 'refuses the login'],
    [
      'an alert, with the address taken out',
      refused({
        serverResponseCode: 'ALERT',
        response: '[ALERT] Application-specific password required for help@harbor.example (Failure)',
      }),
      'forbidden',
      'It says: Application-specific password required for … (Failure) Check user',
    ],
    [
      'a server that is busy',
      refused({ serverResponseCode: 'UNAVAILABLE' }),
      'unavailable',
      'just now (UNAVAILABLE)',
    ],
    [
      'a command that is refused',
      Object.assign(new Error('Command failed'), {
        responseStatus: 'NO',
        executedCommand: '5 EXAMINE "help@harbor.example"',
      }),
      'unavailable',
      'does not do EXAMINE (NO). Check the rights',
    ],
    [
      'a name that is not known',
      Object.assign(new Error('x'), { code: 'ENOTFOUND' }),
      'unavailable',
      'check host',
    ],
    [
      'a server that does not greet',
      Object.assign(new Error('x'), { code: 'GREETING_TIMEOUT' }),
      'unavailable',
      'firewall',
    ],
    ['something that is no error', 'rubbish', 'unavailable', 'Check the network'],
  ])('is told of %s', (_, error, code, words) => {
    const problem = troubleOf(password, error);
    expect(problem).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(problem.message).not.toContain('harbor.example');
  });
});
