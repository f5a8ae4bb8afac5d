import { z } from 'zod';
import { isNetwork } from '../outgoing/reach.ts';
import { listOf, mustBe, settings } from './values.ts';

/** Settings of where this server may send anything, and of where people open it. */

export const NETWORKS_MAX = 100;

const originError = mustBe('https:// and a host, and nothing after it');
const networkError = mustBe('an address or a network of /8 (IPv6: /16) or smaller, e.g. 10.0.5.0/24');
const hostError = mustBe('the name or address of a host alone, e.g. ntfy.harbor.example');

/** Scheme and host alone. */
export const origin = z
  .string({ error: originError })
  .refine((input) => isPlace(input) && new URL(input).pathname === '/' && new URL(input).search === '', {
    error: originError,
  })
  .transform((input) => new URL(input).origin);

export const outgoingSettings = settings(
  {
    url: origin.optional(),
    allow_private: listOf(
      z.string({ error: networkError }).refine(isNetwork, { error: networkError }),
      NETWORKS_MAX,
      'networks',
    ).default([]),
    allow_http: listOf(
      z
        .string({ error: hostError })
        .regex(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i, { error: hostError })
        .transform((host) => host.toLowerCase()),
      NETWORKS_MAX,
      'hosts',
    ).default([]),
  },
  'allow_private: [10.0.5.0/24]',
);

/** Where anything may be sent, and where people open First Ring. */
export interface OutgoingConfig {
  networks: string[];
  plainHosts: string[];
  /** Null: not known, and messages have no links. */
  url: string | null;
}

export function outgoingConfigOf({
  outgoing,
  mail,
}: {
  outgoing?: z.output<typeof outgoingSettings> | undefined;
  mail?: { url: string } | undefined;
}): OutgoingConfig {
  return {
    networks: outgoing?.allow_private ?? [],
    plainHosts: outgoing?.allow_http ?? [],
    url: outgoing?.url ?? mail?.url ?? null,
  };
}

/** An address that something can be sent to, without a password in it. */
export function isPlace(input: string): boolean {
  const url = URL.parse(input);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
