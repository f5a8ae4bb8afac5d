import type { Feed } from '../../shared/figure.ts';
import { type AsteriskConfig, asteriskDefaults } from '../sources/asterisk/config.ts';
import type { BlueskyConfig } from '../sources/bluesky/config.ts';
import type { ImapConfig } from '../sources/imap/config.ts';
import type { MastodonConfig } from '../sources/mastodon/config.ts';
import type { RssConfig } from '../sources/rss/config.ts';
import type { XConfig } from '../sources/x/config.ts';
import { imapConfigOf } from './imap-config.ts';
import { networkConfigOf } from './network-configs.ts';
import type { Settings } from './schema.ts';
import { xConfigOf } from './x-settings.ts';

/** One source that is switched on. */
export type SourceConfig =
  | { kind: 'asterisk'; id: string; asterisk: AsteriskConfig }
  | HttpSourceConfig
  | { kind: 'imap'; id: string; imap: ImapConfig }
  | NetworkConfig
  | { kind: 'x'; id: string; x: XConfig }
  | { kind: 'demo'; id: string; zone: string };

/** A network on which people mention us. */
export type NetworkConfig =
  | { kind: 'mastodon'; id: string; mastodon: MastodonConfig }
  | { kind: 'bluesky'; id: string; bluesky: BlueskyConfig }
  | { kind: 'rss'; id: string; rss: RssConfig };

/** A sender that pushes its facts over HTTP under a token of its own. */
export interface HttpSourceConfig {
  kind: 'http';
  id: string;
  token: string;
  feeds: readonly Feed[];
  /** Null: it never promised a sign of life. */
  lateAfterMs: number | null;
  lostAfterMs: number | null;
}

/** Lost is this many times late, where the configuration does not say. */
const LOST_TIMES_LATE = 4;

/** What is told of by these sources; regions that no source feeds say what to connect. */
export function feedsOf(sources: readonly SourceConfig[]): Set<Feed> {
  return new Set(sources.flatMap((source) => feedsOfOne(source)));
}

export function sourceConfigsOf({ site, sources, teams }: Settings): SourceConfig[] {
  const callQueues = teams.flatMap((team) =>
    team.queues.flatMap((queue) => (queue.kind === 'calls' ? [queue] : [])),
  );
  return sources.map((source): SourceConfig => {
    if (source.kind === 'http') {
      const lateAfterMs = source.late_after ?? null;
      const lostAfterMs = lateAfterMs === null ? null : (source.lost_after ?? LOST_TIMES_LATE * lateAfterMs);
      return {
        kind: 'http',
        id: source.id,
        token: source.token,
        feeds: [...new Set(source.feeds)],
        lateAfterMs,
        lostAfterMs,
      };
    }
    if (source.kind === 'mastodon' || source.kind === 'bluesky' || source.kind === 'rss')
      return networkConfigOf(source);
    if (source.kind === 'imap') return { kind: 'imap', id: source.id, imap: imapConfigOf(source) };
    if (source.kind === 'x') return { kind: 'x', id: source.id, x: xConfigOf(source, site) };
    const asterisk: AsteriskConfig = {
      id: source.id,
      host: source.host,
      port: source.port ?? asteriskDefaults.port,
      user: source.user,
      secret: source.secret,
      inboundContexts: source.inbound_contexts ?? asteriskDefaults.inboundContexts,
      internalContexts: source.internal_contexts ?? asteriskDefaults.internalContexts,
      queues: Object.fromEntries(
        callQueues.flatMap((queue) =>
          queue.asterisk_queue === undefined ? [] : [[queue.asterisk_queue, queue.id]],
        ),
      ),
      dids: Object.fromEntries(callQueues.flatMap((queue) => queue.dids.map((did) => [did, queue.id]))),
      defaultQueue: source.default_queue ?? asteriskDefaults.defaultQueue,
      tls: source.tls,
      md5: source.md5,
      ...(source.callback_contexts === undefined ? {} : { callbackContexts: source.callback_contexts }),
      ...(source.outside_prefix === undefined ? {} : { outsidePrefix: source.outside_prefix }),
    };
    return { kind: 'asterisk', id: source.id, asterisk };
  });
}

function feedsOfOne(source: SourceConfig): readonly Feed[] {
  switch (source.kind) {
    case 'asterisk':
      return ['phones'];
    case 'http':
      return source.feeds;
    case 'imap':
      return ['emails'];
    case 'mastodon':
    case 'bluesky':
    case 'rss':
    case 'x':
      return ['mentions'];
    case 'demo':
      return ['phones', 'emails', 'mentions'];
  }
}
