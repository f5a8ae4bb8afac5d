import type { VerdictFilter } from '../../../shared/wire-items.ts';
import { type DrillWords, figureName, filtersOf, itemsQueryOf, saidIn } from './drill-query.ts';

interface DrillHeadProps {
  query: DrillWords;
  /** Where and when. */
  about: string;
  head: React.RefObject<HTMLHeadingElement | null>;
  change: (query: DrillWords) => void;
  close: () => void;
}

/** What is listed, which of it, and the ways out. */
export function DrillHead({ query, about, head, change, close }: DrillHeadProps) {
  const { figure, verdict } = saidIn(query);
  const set = (filter: VerdictFilter) => change({ ...query, verdict: filter });
  return (
    <header>
      <h2 tabIndex={-1} ref={head}>
        {figureName(figure)}
        <small>{about}</small>
      </h2>
      <fieldset className="seg" aria-label="Which">
        {filtersOf(figure).map(([filter, name]) => (
          <button key={filter} type="button" aria-pressed={filter === verdict} onClick={() => set(filter)}>
            {name}
          </button>
        ))}
      </fieldset>
      <span className="end acts">
        <a className="button" href={`/api/items.csv?${itemsQueryOf(query)}`} download>
          Export CSV
        </a>
        <button type="button" onClick={close}>
          Close
        </button>
      </span>
    </header>
  );
}
