import type { Zone } from '../dates.ts';
import { momentText } from './columns.ts';
import { type Items, ROWS_MAX } from './use-items.ts';

/** How much is shown, and the way on. */
export function DrillEnd({ items, zone, of }: { items: Items; zone: Zone; of: string }) {
  const { rows, hasMore, lookedTo, busy, problem, more } = items;
  if (rows.length === 0 && !hasMore && !busy && problem === null)
    return <p className="quiet none">No such {of} here.</p>;
  const looked = lookedTo === null ? '' : ` Looked through to ${momentText(lookedTo, zone)}.`;
  const count = rows.length.toLocaleString('en');
  const isFull = rows.length >= ROWS_MAX;
  return (
    <p className="more">
      <span className="quiet" role="status">
        {busy ? '' : `${count} ${of}${hasMore || isFull ? ' so far' : ''}.${looked}`}
        {isFull ? ' The export holds the rest.' : ''}
      </span>
      {hasMore ? (
        <button type="button" aria-disabled={busy} onClick={more}>
          {lookedTo === null ? 'Show more' : 'Look further'}
        </button>
      ) : null}
    </p>
  );
}
