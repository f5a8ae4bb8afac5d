import type { Instant } from '../../../shared/time.ts';
import { type WordMatch, wordMatcher } from '../../../shared/word-match.ts';
import type { Post, PostFact } from '../../fact.ts';
import { isObject, parseJson, textOf } from '../json-value.ts';
import { fittingId } from '../post-parts.ts';
import type { Channel } from './channel.ts';
import type { MastodonConfig } from './config.ts';
import type { Place } from './cursor.ts';
import type { SseEvent } from './sse.ts';
import { boostOf, postOf, readStatus, type Status } from './status.ts';

/** What a message means: facts, and the id up to which its channel was then read. */
export interface Heard {
  facts: PostFact[];
  /** Null: the message has no place in its timeline. */
  id: string | null;
  /** Why it was skipped; null when it was read. */
  refused: string | null;
}

export interface Hearing {
  event(channel: Channel, event: SseEvent, seen: Instant): Heard;
  /** An entry of a timeline that is read back: a status, or a notification. */
  entry(channel: Channel, value: unknown, seen: Instant): Heard;
  /** A status that was asked for by its id, since it is known. */
  again(value: unknown, seen: Instant): PostFact[];
  /** A known post is gone; the id is the server's. */
  gone(id: string, at: Instant): PostFact[];
}

/** Messages of one server → facts. What is known in `place` is told once, and again only when it was edited. */
export function createHearing(config: Pick<MastodonConfig, 'server' | 'keywords'>, place: Place): Hearing {
  const host = new URL(config.server).host;
  const isWanted: WordMatch = wordMatcher(config.keywords);
  const nothing: Heard = { facts: [], id: null, refused: null };

  function tell(status: Status, seen: Instant): Post[] {
    const known = place.known.get(status.id);
    const edited = status.editedAt ?? 0;
    if (known !== undefined && known.edited >= edited) return [];
    place.known.set(status.id, { uri: status.uri, edited });
    return [postOf(status, host, seen)];
  }

  function hearStatus(channel: Channel, value: unknown, seen: Instant, isNew: boolean): Heard {
    const status = readStatus(value);
    if (status === null) return { ...nothing, refused: 'a status without id, uri or account' };
    const isOurs =
      place.known.get(status.id) !== undefined ||
      channel.kind === 'hashtag' ||
      // The home timeline comes on the same stream; what names us comes as a notification as well.
      (channel.kind === 'public' &&
        isWanted(`${status.text} ${status.tags.map((tag) => `#${tag}`).join(' ')}`));
    const id = isNew && channel.kind !== 'notifications' ? status.id : null;
    return { facts: isOurs ? tell(status, seen) : [], id, refused: null };
  }

  function hearNotification(value: unknown, seen: Instant): Heard {
    if (!isObject(value) || textOf(value.id) === '')
      return { ...nothing, refused: 'a notification without an id' };
    const id = textOf(value.id);
    switch (value.type) {
      case 'mention':
      case 'quote': {
        const status = readStatus(value.status);
        return status === null
          ? { ...nothing, id, refused: 'a notification without its status' }
          : { facts: tell(status, seen), id, refused: null };
      }
      case 'reblog': {
        const boost = boostOf(value, host, seen);
        const isNew = place.known.get(boost.id) === undefined;
        place.known.set(boost.id, { uri: boost.id, edited: 0 });
        return { facts: isNew ? [boost] : [], id, refused: null };
      }
      default:
        return { ...nothing, id };
    }
  }

  function gone(id: string, at: Instant): PostFact[] {
    const known = place.known.get(id);
    if (known === undefined) return [];
    place.known.delete(id);
    return [{ kind: 'post_delete', network: 'mastodon', id: fittingId(known.uri), at }];
  }

  return {
    event(channel, { name, data }, seen) {
      switch (name) {
        case 'update':
        case 'status.update':
          return hearStatus(channel, parseJson(data), seen, name === 'update');
        case 'notification':
          return channel.kind === 'notifications' ? hearNotification(parseJson(data), seen) : nothing;
        case 'delete':
          return { ...nothing, facts: gone(data.trim(), seen) };
        default:
          return nothing;
      }
    },
    entry: (channel, value, seen) =>
      channel.kind === 'notifications'
        ? hearNotification(value, seen)
        : hearStatus(channel, value, seen, true),
    again(value, seen) {
      const status = readStatus(value);
      return status === null || place.known.get(status.id) === undefined ? [] : tell(status, seen);
    },
    gone,
  };
}
