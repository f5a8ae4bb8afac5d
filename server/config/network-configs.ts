import { MINUTE } from '../../shared/time.ts';
import type { Settings } from './schema.ts';
import type { NetworkConfig } from './source-configs.ts';

/** How often a feed is read where nothing is said. */
const FEED_EVERY_MS = 15 * MINUTE;

type NetworkSettings = Extract<Settings['sources'][number], { kind: NetworkConfig['kind'] }>;

/** A network as the configuration writes it, in the words of its source. */
export function networkConfigOf(source: NetworkSettings): NetworkConfig {
  const { id } = source;
  switch (source.kind) {
    case 'mastodon': {
      const { server, token, hashtags, keywords, mentions } = source;
      const streaming = source.streaming ?? server;
      const keywordsIn = source.keywords_in;
      return {
        kind: 'mastodon',
        id,
        mastodon: { id, server, streaming, token, hashtags, keywords, keywordsIn, mentions },
      };
    }
    case 'bluesky': {
      const { jetstream, profiles, keywords, hashtags, accounts, reposts } = source;
      return {
        kind: 'bluesky',
        id,
        bluesky: { id, jetstream, profiles, keywords, hashtags, accounts, reposts },
      };
    }
    case 'rss': {
      const { url, name = null, every = FEED_EVERY_MS, keywords } = source;
      return { kind: 'rss', id, rss: { id, url, name, everyMs: every, keywords } };
    }
  }
}
