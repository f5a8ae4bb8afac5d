import type { Instant } from '../../shared/time.ts';
import type {
  Alert,
  AlertEnd,
  Arrived,
  Bridged,
  CallFact,
  Direction,
  End,
  Offered,
  Pickup,
} from '../fact.ts';
import { partOf } from '../fact.ts';

/** The facts of one call, each once, sorted by time within their kind. */
export interface Story {
  direction: Direction;
  /** The customer's number or its hash; empty when withheld. */
  number: string;
  /** The platform reports a transfer or consult leg as a call of its own. */
  transfer: boolean;
  arrivedAt: Instant | null;
  offers: Offered[];
  alerts: Alert[];
  alertEnds: AlertEnd[];
  pickups: Pickup[];
  bridges: Bridged[];
  /** Ends of single stays in a queue, while the call went on. */
  overflows: End[];
  end: End | null;
}

/** Orders a call's facts: any order of the same facts, repeats included, tells the same story. */
export function storyOf(facts: readonly CallFact[]): Story {
  const story: Story = {
    direction: 'in',
    number: '',
    transfer: false,
    arrivedAt: null,
    offers: [],
    alerts: [],
    alertEnds: [],
    pickups: [],
    bridges: [],
    overflows: [],
    end: null,
  };
  const traits: (Arrived | Offered)[] = [];
  for (const fact of inOrder(facts)) {
    switch (fact.kind) {
      case 'arrived':
        story.arrivedAt = fact.at;
        traits.push(fact);
        break;
      case 'offered':
        story.offers.push(fact);
        traits.push(fact);
        break;
      case 'alert':
        story.alerts.push(fact);
        break;
      case 'alert_end':
        story.alertEnds.push(fact);
        break;
      case 'pickup':
        story.pickups.push(fact);
        break;
      case 'bridged':
        story.bridges.push(fact);
        break;
      case 'end':
        if (fact.why === 'overflow') story.overflows.push(fact);
        else story.end = fact;
        break;
    }
  }
  // Said of a later offer it changes nothing: what was not answered before overflows, what was is a transfer anyway.
  const first = [story.offers[0], ...traits.filter((fact) => fact.kind === 'arrived')];
  story.transfer = first.some((fact) => fact?.leg === 'transfer');
  story.number = traits.find(({ number }) => number !== undefined && number !== '')?.number ?? '';
  if (traits.some(({ direction }) => direction === 'internal')) story.direction = 'internal';
  else if (traits.some(({ direction }) => direction === 'out')) story.direction = 'out';
  return story;
}

/** By time, one for each key: the earlier instant wins, a tie goes to the smaller canonical JSON. */
function inOrder(facts: readonly CallFact[]): CallFact[] {
  const sorted = isInOrder(facts) ? facts : [...facts].sort((a, b) => a.at - b.at || compare(a, b));
  const seen = new Set<string>();
  return sorted.filter((fact) => {
    const key = keyOf(fact);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Most come in the order in which they happened. */
function isInOrder(facts: readonly CallFact[]): boolean {
  for (let i = 1; i < facts.length; i += 1) {
    const [before, after] = [facts[i - 1], facts[i]];
    if (before !== undefined && after !== undefined && before.at >= after.at) return false;
  }
  return true;
}

/** The end of a stay is no end of the call, named or not. */
function keyOf(fact: CallFact): string {
  const kind = fact.kind === 'end' && fact.why === 'overflow' ? 'overflow' : fact.kind;
  return `${kind} ${partOf(fact)}`;
}

function compare(a: CallFact, b: CallFact): number {
  return ascending(keyOf(a), keyOf(b)) || ascending(canonical(a), canonical(b));
}

function ascending(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function canonical(fact: CallFact): string {
  return JSON.stringify(Object.entries(fact).sort(([a], [b]) => ascending(a, b)));
}
