import { lookup as systemLookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** How names become addresses, and which of them may be asked. */
export interface Reach {
  lookup(host: string): Promise<readonly string[]>;
  may(address: string, port: number): boolean;
}

/** A network or a single address: `10.0.5.0/24`, `192.168.1.20`, `fd12::/48`. */
export type Network = string;

/** The public internet, at the port of https: what a stranger named. */
export const publicReach: Reach = {
  lookup: systemLookupOf,
  may: (address, port) => port === 443 && isPublicAddress(address),
};

/** The public internet, and these inner networks besides: what the owner of this server named. */
export function reachWith(networks: readonly Network[]): Reach {
  const inner = new BlockList();
  for (const network of networks) add(inner, network);
  return {
    lookup: oneAtATime(systemLookupOf),
    may: (address) => isPublicAddress(address) || isIn(inner, address),
  };
}

/** Can it be a network? Those so wide that the guard would be none are not. */
export function isNetwork(written: string): boolean {
  const [address = '', bits, more] = written.split('/');
  const family = isIP(address);
  if (family === 0 || address.includes('%') || more !== undefined) return false;
  if (bits === undefined) return true;
  const most = family === 4 ? 32 : 128;
  const least = family === 4 ? 8 : 16;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= least && Number(bits) <= most;
}

/**
 * Every address of the host, looked up once, or null where there is none or where one of them may not be asked: one inner
 * address among public ones is a trick, not a mishap.
 */
export async function addressesOf(host: string, port: number, reach: Reach): Promise<string[] | null> {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  const addresses = isIP(bare) === 0 ? await reach.lookup(bare) : [bare];
  const allowed = addresses.length > 0 && addresses.every((address) => reach.may(address, port));
  return allowed ? [...addresses] : null;
}

/**
 * Asks for a name once at a time. The system's look-ups share four threads with every file: a name whose servers are
 * silent would otherwise keep the others waiting.
 */
export function oneAtATime(lookup: Reach['lookup']): Reach['lookup'] {
  const running = new Map<string, Promise<readonly string[]>>();
  return (host) => {
    const asked = running.get(host) ?? lookup(host).finally(() => running.delete(host));
    running.set(host, asked);
    return asked;
  };
}

async function systemLookupOf(host: string): Promise<string[]> {
  return (await systemLookup(host, { all: true })).map(({ address }) => address);
}

function add(list: BlockList, network: Network): void {
  const [address = '', bits] = network.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address);
  // A scope (fe80::1%eth0) is no part of an address that a list knows.
  if (family === 0 || address.includes('%')) return false;
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
