import { Problem } from '../problem.ts';

const mends: readonly [RegExp, string][] = [
  [/ENOTFOUND|EAI_AGAIN/, 'Its host name is not known: check the address.'],
  [/ECONNREFUSED/, 'Nothing listens there: check the address.'],
  [
    /CERT|SELF_SIGNED|ERR_TLS/,
    'Its certificate is not trusted: check the address, or name its authority in NODE_EXTRA_CA_CERTS.',
  ],
];

/** What a link that failed below HTTP means, in words. */
export function unreachable(who: string, error: unknown): Problem {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code =
    cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
      ? cause.code
      : 'no connection';
  const mend = mends.find(([kind]) => kind.test(code))?.[1] ?? 'Check the network between here and there.';
  return new Problem('unavailable', `${who} cannot be reached (${code}). ${mend}`, { cause: error });
}
