import './drill.css';
import type { CausesAnswer, ItemSort } from '../../../shared/wire-items.ts';
import { Alert } from '../../ui/desk.tsx';
import { useFetched } from '../../ui/use-fetched.ts';
import { type Zone, zoneOf } from '../dates.ts';
import { CauseForm } from './cause-form.tsx';
import { DrillEnd } from './drill-end.tsx';
import { DrillHead } from './drill-head.tsx';
import { type DrillWords, figureName, saidIn, whenText } from './drill-query.ts';
import { DrillStory } from './drill-story.tsx';
import { DrillTable } from './drill-table.tsx';
import { type Drill, useDrill } from './use-drill.ts';
import type { Items } from './use-items.ts';

/** Causes used before are read again this often. */
const LOOK_EVERY_MS = 60_000;

export interface DrillPanelProps {
  /** As it stands in the address of the page. */
  query: DrillWords;
  /** What the queue, team or site is called. */
  scopeName: string;
  /** Another filter, order or story. */
  change: (query: DrillWords) => void;
  close: () => void;
  /** A cause was kept or taken away. */
  said: () => void;
}

/** The calls or emails behind a point, a cell or a percent: which, why each was judged so, and what it came from. */
export function DrillPanel({ query, scopeName, change, close, said: tellSaid }: DrillPanelProps) {
  const drill = useDrill(query, tellSaid);
  const { items, nouns, done, head } = drill;
  const { figure, sort } = saidIn(query);
  const zone = items.answer === null ? null : zoneOf(items.answer.zone);
  const when = zone === null ? '' : whenText(query, zone, items.answer?.now ?? 0);
  const about = [scopeName, when].filter((text) => text !== '').join(', ');
  return (
    <section className="drill" aria-label={`${figureName(figure)}: the ${nouns.of}`}>
      <DrillHead {...{ query, about, head, change, close }} />
      {items.problem === null ? null : (
        <Alert text={items.problem}>
          {sort === 'at' ? (
            <button type="button" onClick={items.again}>
              Try again
            </button>
          ) : (
            <button type="button" onClick={() => change(byTime(query))}>
              Sort by time
            </button>
          )}
        </Alert>
      )}
      <p className="done" role="status">
        {done?.text}
      </p>
      {zone === null ? null : <Listed {...{ query, about, drill, zone, change }} />}
      {zone === null && items.slow ? <p className="quiet">–</p> : null}
    </section>
  );
}

interface ListedProps {
  query: DrillWords;
  about: string;
  drill: Drill;
  zone: Zone;
  change: (query: DrillWords) => void;
}

function Listed({ query, about, drill, zone, change }: ListedProps) {
  const { items, nouns, chosen, choose, addCause, done } = drill;
  const said = saidIn(query);
  const saidAt = done?.at ?? 0;
  const isElsewhere = said.story !== null && !items.rows.some(({ key }) => key === said.story);
  return (
    <>
      {chosen.size === 0 ? null : <Chosen query={query} drill={drill} zone={zone} />}
      {isElsewhere && said.story !== null ? <DrillStory key={saidAt} story={said.story} zone={zone} /> : null}
      {items.rows.length === 0 ? null : (
        <DrillTable
          {...{ rows: items.rows, said, zone, chosen, choose, addCause, saidAt }}
          caption={`${figureName(said.figure)}, ${about}`}
          sortBy={(sort) => change(sortedBy(query, sort))}
          tell={(key) => change(withStory(query, key))}
        />
      )}
      <DrillEnd items={items} zone={zone} of={nouns.of} />
    </>
  );
}

/** What the chosen ones came from, with the causes that were used before. */
function Chosen({ query, drill, zone }: { query: DrillWords; drill: Drill; zone: Zone }) {
  const { items, nouns, chosen, choose, kept, field } = drill;
  const day = zone.date(items.answer?.now ?? 0);
  const figure = query.kind === 'emails' ? 'emailsWithinHour' : 'firstRing';
  const words = new URLSearchParams({ from: day, to: day, scope: 'site', figure });
  const causes = useFetched<CausesAnswer>(`/api/trends/causes?${words}`, LOOK_EVERY_MS);
  return (
    <CauseForm
      {...{ keys: chosen, ...nouns, field, kept }}
      hasCause={hasCause(items, chosen)}
      forget={() => choose([...chosen], false)}
      known={causes.value?.known ?? []}
    />
  );
}

function hasCause({ rows }: Items, chosen: ReadonlySet<string>): boolean {
  return rows.some(({ key, cause }) => cause !== null && chosen.has(key));
}

/** The same column again turns it round; lengths begin with the longest. */
function sortedBy(query: DrillWords, sort: ItemSort): DrillWords {
  const { sort: before, order } = saidIn(query);
  return { ...query, sort, order: before === sort && order === 'desc' ? 'asc' : 'desc' };
}

function byTime({ sort: _sort, order: _order, ...query }: DrillWords): DrillWords {
  return query;
}

function withStory({ story: _story, ...query }: DrillWords, key: string | null): DrillWords {
  return key === null ? query : { ...query, story: key };
}
