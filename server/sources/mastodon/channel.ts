import type { MastodonConfig } from './config.ts';

/** One thing that is listened to: a stream, and the timeline that is read back after a gap. */
export interface Channel {
  /** In the cursor. */
  key: string;
  /** In messages. */
  name: string;
  streamPath: string;
  pagePath: string;
  kind: 'hashtag' | 'notifications' | 'public';
}

/** Streams and timelines of docs.joinmastodon.org (methods/streaming, timelines, notifications). */
export function channelsOf(config: MastodonConfig): Channel[] {
  const channels: Channel[] = config.hashtags.map((tag) => ({
    key: `#${tag.toLowerCase()}`,
    name: `#${tag}`,
    streamPath: `/api/v1/streaming/hashtag?tag=${encodeURIComponent(tag)}`,
    pagePath: `/api/v1/timelines/tag/${encodeURIComponent(tag)}?limit=${PAGE_SIZE}`,
    kind: 'hashtag',
  }));
  if (config.mentions)
    channels.push({
      key: '@',
      name: 'mentions of your account',
      // Not user/notification: only this stream says when a post that named us is deleted or edited.
      streamPath: '/api/v1/streaming/user',
      pagePath: `/api/v1/notifications?limit=${PAGE_SIZE}&types[]=mention&types[]=quote&types[]=reblog`,
      kind: 'notifications',
    });
  if (config.keywords.length > 0) {
    const local = config.keywordsIn === 'local';
    channels.push({
      key: local ? 'local' : 'public',
      name: local ? "keywords in the server's own posts" : 'keywords in all public posts',
      streamPath: `/api/v1/streaming/public${local ? '/local' : ''}`,
      pagePath: `/api/v1/timelines/public?limit=${PAGE_SIZE}${local ? '&local=true' : ''}`,
      kind: 'public',
    });
  }
  return channels;
}

/** The most that a page may have. */
export const PAGE_SIZE = 40;
