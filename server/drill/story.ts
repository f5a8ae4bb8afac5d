import type { Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { ItemFigure, StoryAnswer } from '../../shared/wire-items.ts';
import type { Fact } from '../fact.ts';
import { listedOf, lostUpTo } from '../judge/listed.ts';
import type { Rules } from '../judge/rules.ts';
import { whyOf } from '../judge/why.ts';
import type { ItemStory } from '../store/lists.ts';
import type { AsKnown } from '../store/trends.ts';
import { factWords } from './fact-words.ts';
import { callerOf, writerOf } from './person.ts';

interface StoryNeeds {
  rules: Rules;
  asKnown: AsKnown;
  nameOf: (scope: Scope) => string;
}

/** Everything that is known of one call or thread: how each scope judges it, and what happened, in order. */
export function storyTold(
  story: ItemStory,
  { rules, asKnown, nameOf }: StoryNeeds,
): Omit<StoryAnswer, 'now' | 'zone' | 'demo'> {
  const isCall = story.key.startsWith('call/');
  const time = timeIn(rules.zone);
  return {
    key: story.key,
    kind: isCall ? 'call' : 'email',
    person: isCall ? callerOf(story.person) : writerOf(story.facts),
    verdicts: scopesIn(story).map((scope) => ({
      scope,
      name: nameOf(scope),
      words: verdictsOf(story, scope, isCall ? ofCalls : ofMail, { rules, asKnown }),
    })),
    facts: inOrder(story).map(({ source, fact }) => ({
      at: fact.at,
      time: time(fact.at),
      source,
      said: factWords(fact),
    })),
    more: story.more,
    causes: story.causes,
  };
}

const ofCalls: readonly [ItemFigure, string][] = [
  ['firstRing', 'First ring'],
  ['serviceLevel', 'Service level'],
];
const ofMail: readonly [ItemFigure, string][] = [['emailsWithinHour', 'Answered in time']];

/** Queues first, then teams, then the site. */
function scopesIn({ judged: { settled, pending } }: ItemStory): Scope[] {
  const scopes = new Set([...settled, ...pending].map(({ scope }) => scope));
  const rank = (scope: Scope): number => (scope === 'site' ? 2 : scope.startsWith('team:') ? 1 : 0);
  return [...scopes].sort((a, b) => rank(a) - rank(b));
}

function verdictsOf(
  { judged, source, foldedTo, isOpen }: ItemStory,
  scope: Scope,
  figures: readonly [ItemFigure, string][],
  { rules, asKnown }: Pick<StoryNeeds, 'rules' | 'asKnown'>,
): string[] {
  const { now, knownUntil } = asKnown;
  const readAt = Math.min(now, knownUntil[source] ?? Number.POSITIVE_INFINITY);
  const asOf = lostUpTo({ foldedTo, isOpen }, readAt);
  const words = figures.flatMap(([figure, name]) =>
    listedOf(judged, { figure, scope }, asOf).map((listed) => {
      const why = whyOf(listed, { figure, scope }, rules);
      if (listed.verdict === 'left_out') return why;
      return `${name}: ${listed.verdict === 'pending' ? 'no verdict yet' : listed.verdict}. ${why}`;
    }),
  );
  return [...new Set(words)];
}

/** At one instant in the order in which such things follow each other. */
function inOrder({ facts }: ItemStory): { source: string; fact: Fact }[] {
  const rank = ({ kind }: Fact): number => ORDER.indexOf(kind);
  return [...facts].sort((a, b) => a.fact.at - b.fact.at || rank(a.fact) - rank(b.fact));
}

const ORDER: readonly Fact['kind'][] = [
  'arrived',
  'offered',
  'alert',
  'alert_end',
  'pickup',
  'bridged',
  'end',
  'mail_in',
  'mail_out',
  'not_spam',
  'spam',
  'waive',
];

function timeIn(timeZone: string): (at: Instant) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    timeZone,
  });
  return (at) => format.format(at).replaceAll(',', '');
}
