import { HOUR, MINUTE } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import { isObject, listOf, textOf } from '../json-value.ts';
import type { PostOutbox } from '../post-outbox.ts';
import type { Api } from './api.ts';
import type { Channel } from './channel.ts';
import { isLater, type Place } from './cursor.ts';
import type { Hearing } from './hear.ts';

/** Pages of one timeline that are read back after a gap; what is older than the newest 4,000 posts then stays out. */
export const PAGES_MAX = 100;
/** Posts of other servers come late, under ids of when they were written: reading begins so much before the last one. */
export const REWIND_MS = 10 * MINUTE;
/** Known posts that are looked at again after a gap, newest first: they may have been edited or deleted in it. */
export const LOOKED_AGAIN_MAX = 500;
export const LOOKED_AGAIN_AGE_MS = 24 * HOUR;

export interface CatchUpNeeds {
  api: Api;
  place: Place;
  hearing: Hearing;
  outbox: Pick<PostOutbox, 'put' | 'room'>;
  refuse: (reason: string) => void;
  clock: Clock;
}

/**
 * Reads a timeline back from where it was read to, oldest first, as the API pages with min_id; the first time, its
 * newest page alone. Resolves with false when there was more than is ever read back.
 */
export async function catchUp(channel: Channel, needs: CatchUpNeeds): Promise<boolean> {
  const { api, place, outbox } = needs;
  const from = place.read.get(channel.key);
  if (from === undefined) {
    take(channel, pageOf(await api.get(channel.pagePath)), needs);
    return true;
  }
  let after = channel.kind === 'notifications' ? from : rewound(from);
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = pageOf(await api.get(`${channel.pagePath}&min_id=${encodeURIComponent(after)}`));
    const last = take(channel, page, needs);
    if (last === null || !isLater(last, after)) return true;
    after = last;
    await outbox.room();
  }
  return false;
}

/** Tells of the known posts that were edited or deleted while nobody listened. Old servers cannot be asked (404). */
export async function lookAgain({ api, place, hearing, outbox, clock }: CatchUpNeeds): Promise<void> {
  const oldest = snowflakeOf(clock.now() - LOOKED_AGAIN_AGE_MS);
  const ids = place.known
    .last(LOOKED_AGAIN_MAX)
    .flatMap(([id]) => (/^\d+$/.test(id) && isLater(id, oldest) ? [id] : []));
  for (let from = 0; from < ids.length; from += ASKED_AT_ONCE) {
    const some = ids.slice(from, from + ASKED_AT_ONCE);
    const found = await api.get(`/api/v1/statuses?${some.map((id) => `id[]=${id}`).join('&')}`);
    if (found === null) return;
    const there = new Set(listOf(found).map((status) => (isObject(status) ? textOf(status.id) : '')));
    outbox.put(listOf(found).flatMap((status) => hearing.again(status, clock.now())));
    for (const id of some.filter((one) => !there.has(one))) {
      // A server may answer with fewer than it has: only its own word for the one post takes it away.
      if ((await api.get(`/api/v1/statuses/${id}`)) === null) outbox.put(hearing.gone(id, clock.now()));
    }
  }
}

/** Statuses that one request may ask for (Mastodon 4.3). */
const ASKED_AT_ONCE = 20;

/** Tells of a page, which comes newest first; the newest id of it, or null when it is empty. */
function take(
  channel: Channel,
  page: readonly unknown[],
  { place, hearing, outbox, refuse, clock }: CatchUpNeeds,
): string | null {
  let last: string | null = null;
  const facts = page.toReversed().flatMap((value) => {
    const heard = hearing.entry(channel, value, clock.now());
    if (heard.refused !== null) refuse(heard.refused);
    if (heard.id !== null && (last === null || isLater(heard.id, last))) last = heard.id;
    return heard.facts;
  });
  const isMoved = last !== null && isLater(last, place.read.get(channel.key) ?? '');
  if (isMoved) place.read.set(channel.key, last ?? '');
  if (isMoved || facts.length > 0) outbox.put(facts);
  return last;
}

function pageOf(value: unknown): readonly unknown[] {
  // A hashtag that nobody ever used is not found.
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Problem('unavailable', 'Mastodon answers with what is no timeline.');
  return value;
}

/** Ids of Mastodon hold the time in ms, above 16 bits (lib/mastodon/snowflake.rb); others stay as they are. */
function rewound(id: string): string {
  if (!/^\d{16,19}$/.test(id)) return id;
  return String(BigInt(id) - (BigInt(REWIND_MS) << 16n));
}

function snowflakeOf(at: number): string {
  return String(BigInt(at) << 16n);
}
