import { SECOND } from '../../../shared/time.ts';
import type { Fact, Post } from '../../fact.ts';
import type { LocalDay } from './local-day.ts';
import { doctors, mentionTexts, places } from './mention-texts.ts';
import { aPerson, longHandleOf, type Person } from './people.ts';
import { quotes } from './quotes.ts';
import { createRandom, type Random } from './random.ts';
import { mentionInstants } from './rhythm.ts';

/** The demo team's own account: what it posts is not a mention. */
export const DEMO_OWN_ACCOUNT = 'harborhealth';

/** A step through the texts that meets each before it meets one twice; prime to any likely number of them. */
const TEXT_STEP = 29;
const MENTIONS_MAX = 41;

/** What is said of the team in public on this local day, and the day's quote. */
export function postDay(day: LocalDay, seed: string): Fact[] {
  const random = createRandom(`${seed}/${day.date}/posts`);
  const mentions = mentionInstants(day, random.int(33, MENTIONS_MAX), random).map((at, i) =>
    mention(day, at, i, random),
  );
  const reposts = mentionInstants(day, random.int(2, 5), random).map((at, i) => ({
    ...mention(day, at, 100 + i, random),
    type: 'repost' as const,
  }));
  const own = mentionInstants(day, random.int(1, 3), random).map((at, i): Post => {
    const text = 'Thank you for telling us. We have written to you directly.';
    const post = mention(day, at, 200 + i, random);
    return {
      ...post,
      type: 'reply',
      text,
      author: DEMO_OWN_ACCOUNT,
      name: 'Harbor Health',
      handle: `@${DEMO_OWN_ACCOUNT}`,
    };
  });
  const quote = quotes[day.number % quotes.length];
  const said: Fact[] = quote === undefined ? [] : [{ kind: 'quote', id: day.date, at: day.from, ...quote }];
  return [...said, ...mentions, ...reposts, ...own];
}

function mention(day: LocalDay, at: number, index: number, random: Random): Post {
  const network = random.pick(['x', 'x', 'mastodon', 'bluesky'] as const);
  const person = aPerson(random);
  const handle = handleOn(network, person, random);
  const place = ((day.number * MENTIONS_MAX + index) * TEXT_STEP) % mentionTexts.length;
  const text = (mentionTexts[place] ?? '')
    .replace('{place}', random.pick(places))
    .replace('{doctor}', random.pick(doctors))
    .replace('{minutes}', String(random.int(11, 38)));
  return {
    kind: 'post',
    network,
    id: `demo/${day.date}/${index}`,
    author: handle.replace(/^@/, ''),
    name: person.name,
    handle,
    text,
    type: random.chance(0.15) ? 'reply' : 'post',
    visibility: 'public',
    at,
    seen: at + random.int(1, 9) * SECOND,
  };
}

function handleOn(network: 'x' | 'mastodon' | 'bluesky', person: Person, random: Random): string {
  switch (network) {
    case 'x':
      return `@${longHandleOf(person, random)}`;
    case 'mastodon':
      return `@${person.slug.replace('.', '_')}@social.example`;
    case 'bluesky':
      return `@${person.slug.replace('.', '-')}.sky.example`;
  }
}
