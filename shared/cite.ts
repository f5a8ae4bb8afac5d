import type { Network } from './figure.ts';

/** How a quote from a network is cited: by channel, never by name. */
export function citeOf(network: Network): string {
  switch (network) {
    case 'x':
      return 'on X';
    case 'mastodon':
      return 'on Mastodon';
    case 'bluesky':
      return 'on Bluesky';
    case 'rss':
      return 'in a review';
  }
}
