import { Fragment } from 'react';
import type { ItemRow, ItemSort } from '../../../shared/wire-items.ts';
import type { Zone } from '../dates.ts';
import { COLUMNS, type Column, momentText, rowId } from './columns.ts';
import type { DrillSaid } from './drill-query.ts';
import { DrillStory } from './drill-story.tsx';

interface DrillTableProps {
  rows: readonly ItemRow[];
  said: DrillSaid;
  zone: Zone;
  caption: string;
  chosen: ReadonlySet<string>;
  sortBy: (sort: ItemSort) => void;
  choose: (keys: readonly string[], isChosen: boolean) => void;
  /** Chooses one more and asks for its cause. */
  addCause: (key: string) => void;
  tell: (key: string | null) => void;
  /** What was said since is read anew. */
  saidAt: number;
}

/** The calls or emails, one row each; the story of one opens under it. */
export function DrillTable(props: DrillTableProps) {
  const { rows, said, zone, caption, chosen, sortBy, choose } = props;
  const columns = COLUMNS[said.kind];
  const keys = [...new Set(rows.map(({ key }) => key))];
  const isAll = keys.length > 0 && keys.every((key) => chosen.has(key));
  const told = rows.find(({ key }) => key === said.story);
  return (
    <div className="drill-box">
      <table>
        <caption className="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className="pick">
              <input
                type="checkbox"
                aria-label="Choose all that are shown"
                checked={isAll}
                onChange={() => choose(keys, !isAll)}
              />
            </th>
            <Head column={TIME} said={said} sortBy={sortBy} />
            {columns.map((column) => (
              <Head key={column.name} column={column} said={said} sortBy={sortBy} />
            ))}
            <th scope="col">Outcome</th>
            <th scope="col">Cause</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={rowId(row)}>
              <Row {...props} row={row} columns={columns} isTold={row === told} />
              {row === told ? (
                <tr className="told">
                  <td colSpan={columns.length + 4}>
                    <DrillStory key={props.saidAt} story={row.key} zone={zone} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const TIME: Column = {
  name: 'Time',
  sort: 'at',
  number: false,
  text: ({ at }, zone) => momentText(at, zone),
};

function Head({
  column,
  said,
  sortBy,
}: {
  column: Column;
  said: DrillSaid;
  sortBy: (sort: ItemSort) => void;
}) {
  const { name, sort, number } = column;
  const kind = number ? 'number' : undefined;
  if (sort === null)
    return (
      <th scope="col" className={kind}>
        {name}
      </th>
    );
  const isBy = said.sort === sort;
  const order = said.order === 'asc' ? 'ascending' : 'descending';
  return (
    <th scope="col" className={kind} aria-sort={isBy ? order : undefined}>
      <button type="button" className="sort" onClick={() => sortBy(sort)}>
        {name}
        <span aria-hidden="true">{isBy ? (said.order === 'asc' ? ' ↑' : ' ↓') : ''}</span>
      </button>
    </th>
  );
}

interface RowProps extends DrillTableProps {
  row: ItemRow;
  columns: readonly Column[];
  isTold: boolean;
}

function Row({ row, columns, isTold, zone, chosen, choose, addCause, tell }: RowProps) {
  const { key, verdict, outcome, why, cause } = row;
  const time = momentText(row.at, zone);
  return (
    <tr className={chosen.has(key) ? 'is-chosen' : undefined} data-verdict={verdict}>
      <td className="pick">
        <input
          type="checkbox"
          aria-label={`Choose ${time}, ${outcome}`}
          checked={chosen.has(key)}
          onChange={(event) => choose([key], event.target.checked)}
        />
      </td>
      <th scope="row" className="time">
        <button
          type="button"
          className="link"
          aria-expanded={isTold}
          aria-label={`${time}: the story`}
          onClick={() => tell(isTold ? null : key)}
        >
          {time}
        </button>
      </th>
      {columns.map((column) => (
        <td key={column.name} className={column.number ? 'number' : undefined} data-name={column.name}>
          {column.text(row, zone)}
        </td>
      ))}
      <td className="why">
        <b>{outcomeText(row)}</b> {why}
      </td>
      <td className="cause">
        {cause ?? (
          <button
            type="button"
            className="link"
            aria-label={`Add a cause to ${time}, ${outcome}`}
            onClick={() => addCause(key)}
          >
            Add a cause
          </button>
        )}
      </td>
    </tr>
  );
}

/** "Missed: gave up." */
function outcomeText({ verdict, outcome }: ItemRow): string {
  const sentence = `${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}.`;
  switch (verdict) {
    case 'met':
      return `Met: ${outcome}.`;
    case 'missed':
      return `Missed: ${outcome}.`;
    case 'pending':
      return `No verdict yet: ${outcome}.`;
    case 'counted':
    case 'left_out':
      return sentence;
  }
}
