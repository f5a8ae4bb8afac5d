import { HOUR, type Instant, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import type { Post, PostFact } from '../../fact.ts';
import type { Log } from '../../log.ts';
import { waitAsked } from '../../outgoing/wait-asked.ts';
import { boundedFetch } from '../bounded-fetch.ts';
import { listOf, member, parseJson, textOf } from '../json-value.ts';
import { createNewest } from '../newest.ts';
import { cleanLine, httpsAddress } from '../plain-text.ts';
import { NAME_CHARS_MAX } from '../post-parts.ts';

/** Authors that one request may name (lexicon app.bsky.actor.getProfiles). */
export const ACTORS_PER_REQUEST = 25;
/** With more new authors at once some posts go without names: posts are not to wait for them. */
export const REQUESTS_PER_DELIVERY = 4;
const ANSWER_WITHIN_MS = 5 * SECOND;
const ANSWER_BYTES_MAX = 1024 * 1024;
const PROFILES_KEPT_MAX = 5_000;
const PROFILE_KEPT_MS = HOUR;
/** After a failure nothing is asked for so long. */
const PAUSE_MS = MINUTE;

interface Profile {
  handle: string;
  name: string;
  avatar: string | undefined;
  /** The author asks not to be shown to people who are not signed in. */
  isForMembers: boolean;
  readAt: Instant;
}

export interface ProfilesNeeds {
  id: string;
  /** Scheme and host of an AppView. */
  at: string;
  clock: Clock;
  log: Log;
  stop: AbortSignal;
}

export interface Profiles {
  /** The same facts with what is known of their authors. */
  complete: (facts: readonly PostFact[]) => Promise<PostFact[]>;
}

/**
 * Names, handles and pictures of authors, which Jetstream does not tell. Asked of an AppView, many at once, kept for an
 * hour. Never rejects: without an answer posts go without names.
 */
export function createProfiles({ id, at, clock, log, stop }: ProfilesNeeds): Profiles {
  const kept = createNewest<Profile>(PROFILES_KEPT_MAX);
  let pausedUntil = 0;

  async function ask(dids: readonly string[]): Promise<void> {
    const query = dids.map((did) => `actors=${encodeURIComponent(did)}`).join('&');
    const { status, headers, body } = await boundedFetch({
      url: `${at}/xrpc/app.bsky.actor.getProfiles?${query}`,
      bytesMax: ANSWER_BYTES_MAX,
      withinMs: ANSWER_WITHIN_MS,
      clock,
      stop,
      who: `The profiles of "${id}"`,
    });
    if (status !== 200) {
      pausedUntil = clock.now() + (waitAsked(headers, clock.now()) ?? PAUSE_MS);
      log.warn({ source: id, status }, 'names of authors not answered');
      return;
    }
    const profiles = listOf(member(parseJson(new TextDecoder().decode(body)), 'profiles'));
    for (const profile of profiles) kept.set(textOf(member(profile, 'did')), profileOf(profile, clock.now()));
  }

  async function askFor(posts: readonly PostFact[]): Promise<void> {
    const authors = posts.flatMap((post) => (needsName(post) ? [post.author] : []));
    const oldest = clock.now() - PROFILE_KEPT_MS;
    const unknown = [...new Set(authors)].filter((did) => (kept.get(did)?.readAt ?? 0) <= oldest);
    for (let n = 0; n < REQUESTS_PER_DELIVERY && n * ACTORS_PER_REQUEST < unknown.length; n += 1) {
      if (clock.now() < pausedUntil) return;
      await ask(unknown.slice(n * ACTORS_PER_REQUEST, (n + 1) * ACTORS_PER_REQUEST));
    }
  }

  return {
    async complete(facts: readonly PostFact[]): Promise<PostFact[]> {
      try {
        await askFor(facts);
      } catch (error) {
        if (!stop.aborted) {
          pausedUntil = clock.now() + PAUSE_MS;
          const trouble = error instanceof Error ? error.message : String(error);
          log.warn({ source: id, trouble }, 'names of authors not answered');
        }
      }
      return facts.map((fact) => (needsName(fact) ? named(fact, kept.get(fact.author)) : fact));
    },
  };
}

/** Reposts are counted and never shown. */
function needsName(fact: PostFact): fact is Post {
  return fact.kind === 'post' && fact.type !== 'repost';
}

function named(post: Post, profile: Profile | undefined): Post {
  if (profile === undefined) return post;
  const { handle, name, avatar, isForMembers } = profile;
  const whole: Post = { ...post };
  if (handle !== '') whole.handle = `@${handle}`;
  if (name !== '') whole.name = name;
  if (avatar !== undefined) whole.avatar = avatar;
  // Counted, and not shown on a wall that anybody can read.
  if (isForMembers) delete whole.text;
  return whole;
}

function profileOf(value: unknown, readAt: Instant): Profile {
  const handle = cleanLine(textOf(member(value, 'handle')), 253);
  const labels = listOf(member(value, 'labels')).map((label) => textOf(member(label, 'val')));
  return {
    handle: handle === 'handle.invalid' ? '' : handle,
    name: cleanLine(textOf(member(value, 'displayName')), NAME_CHARS_MAX),
    avatar: httpsAddress(member(value, 'avatar')),
    isForMembers: labels.includes('!no-unauthenticated'),
    readAt,
  };
}
