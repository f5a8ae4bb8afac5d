import type { FigureId, Scope } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type {
  CauseCommand,
  CausesAnswer,
  CausesQuery,
  ItemRow,
  ItemsAnswer,
  ItemsQuery,
  StoryAnswer,
} from '../../shared/wire-items.ts';
import { isOfMail } from '../judge/listed.ts';
import { localDayOf } from '../judge/local-day.ts';
import type { Rules } from '../judge/rules.ts';
import { outcomeOf, whyOf } from '../judge/why.ts';
import { Problem } from '../problem.ts';
import type { ListedItem, ListReads, ListWrites } from '../store/lists.ts';
import type { Store } from '../store/store.ts';
import type { AsKnown } from '../store/trends.ts';
import { askedOf, placeText, scopeOf } from './asked.ts';
import { callerOf } from './person.ts';
import { storyTold } from './story.ts';

/** What lies behind a figure: its calls and emails, the story of each, and what leads said of where they came from. */
export interface Drill {
  /** Throws a Problem for what makes no sense, and when there is too much to sort. */
  items(query: ItemsQuery): Promise<ItemsAnswer>;
  /** Throws a Problem when there is no such call or email. */
  story(key: string): Promise<StoryAnswer>;
  /** Throws a Problem, and says nothing, when one of them is not there any more. */
  sayCause(command: CauseCommand): Promise<void>;
  causes(query: CausesQuery): Promise<CausesAnswer>;
}

export interface DrillNeeds {
  store: ListReads & ListWrites & Pick<Store, 'sums'>;
  rules: Rules;
  demo: boolean;
  now: () => Instant;
  /** Up to when everything is known, as the trends have it. */
  known: (now: Instant) => AsKnown;
  nameOf: (scope: Scope) => string;
  /** Are all answers to emails that arrived by an instant due by now? The heatmap leaves out what arrived later. */
  isSettled: (scope: Scope, arrivedAt: Instant, now: Instant) => boolean;
}

export function createDrill(needs: DrillNeeds): Drill {
  const { store, rules, demo, now, known } = needs;
  const { zone } = rules;
  return {
    async items(query) {
      const at = now();
      const asked = askedOf(query, rules, (scope, arrivedAt) => needs.isSettled(scope, arrivedAt, at));
      const { items, next, lookedTo } = await store.listItems({ ...asked, ...known(at) });
      const rows = await rowsOf(needs, items, asked);
      return { now: at, zone, demo, rows, next: next === null ? null : placeText(next), lookedTo };
    },
    async story(key) {
      const at = now();
      const story = await store.itemStory(key);
      if (story === null) throw new Problem('not_found', 'There is no such call or email here any more.');
      return { now: at, zone, demo, ...storyTold(story, { ...needs, asKnown: known(at) }) };
    },
    async sayCause({ keys, cause, by }) {
      const gone = await store.missingItems(keys);
      if (gone.length > 0)
        throw new Problem(
          'not_found',
          `keys: ${gone.length} of ${keys.length} are not there any more. Load the list again.`,
        );
      await store.sayCause([...new Set(keys)], { cause, by, at: now() });
    },
    async causes(query) {
      const at = now();
      const { from, to, figure } = query;
      if (from > to) throw new Problem('invalid', 'to: must not be before from.');
      const scope = scopeOf(query.scope, rules);
      const span = { from: localDayOf(from, zone).from, to: localDayOf(to, zone).to };
      const asKnown = known(at);
      const [{ causes, known: used }, missed] = await Promise.all([
        store.countCauses({ figure, scope, spans: [span], ...asKnown }),
        missedIn(needs, { figure, scope, edges: [span.from, span.to], ...asKnown }),
      ]);
      const said = causes.reduce((sum, { count }) => sum + count, 0);
      return {
        now: at,
        from,
        to,
        scope,
        figure,
        missed,
        causes,
        // Between the two readings a verdict may have changed.
        without: Math.max(0, missed - said),
        known: used,
      };
    },
  };
}

/** From the tallies, as the chart has it. */
async function missedIn(
  { store }: DrillNeeds,
  { figure, scope, edges, ...known }: { figure: FigureId; scope: Scope; edges: Instant[] } & AsKnown,
): Promise<number> {
  const { n, d } = await store.sums({ scopes: [scope], figures: [figure], edges, ...known });
  return figure === 'abandonment' ? (n[0] ?? 0) : (d[0] ?? 0) - (n[0] ?? 0);
}

async function rowsOf(
  { store, rules }: DrillNeeds,
  items: readonly ListedItem[],
  asked: ReturnType<typeof askedOf>,
): Promise<ItemRow[]> {
  const causes = await store.causesOf([...new Set(items.map(({ key }) => key))]);
  return items.map((item): ItemRow => {
    const { key, nth, at, verdict, view, reply, queue, source } = item;
    const common = {
      key,
      nth,
      at,
      verdict,
      outcome: outcomeOf(item),
      why: whyOf(item, asked, rules),
      queue,
      source,
      cause: causes.get(key) ?? null,
    };
    if (!isOfMail(asked.figure)) {
      const { ringMs = null, waitMs = null, talkMs = null } = view ?? {};
      return { kind: 'call', ...common, person: callerOf(item.person), ringMs, waitMs, talkMs };
    }
    const { inAt = null, dueAt = null, answeredAt = null, replyMinutes = null } = reply ?? {};
    const due = dueAt !== null && Number.isFinite(dueAt) ? dueAt : null;
    return { kind: 'email', ...common, person: item.person, inAt, dueAt: due, answeredAt, replyMinutes };
  });
}
