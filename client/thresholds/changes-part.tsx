import { useMemo, useState } from 'react';
import { SECOND } from '../../shared/time.ts';
import type { AuditAnswer } from '../../shared/wire-alerts.ts';
import { Alert } from '../ui/desk.tsx';
import { useFetched } from '../ui/use-fetched.ts';
import { Pages } from './pages.tsx';
import type { Act } from './thresholds-page.tsx';
import { createWhen, type When } from './when.ts';

const LOOK_EVERY_MS = 10 * SECOND;

type Change = AuditAnswer['changes'][number];

/** Every change of a rule, with who made it; each can be undone, which is a change of its own. */
export function ChangesPart({ act, busy }: { act: Act; busy: boolean }) {
  const [after, setAfter] = useState<readonly string[]>([]);
  const cursor = after.at(-1);
  const path =
    cursor === undefined ? '/api/alerts/changes' : `/api/alerts/changes?after=${encodeURIComponent(cursor)}`;
  const { value, problem, waiting, again } = useFetched<AuditAnswer>(path, LOOK_EVERY_MS);
  const zone = value?.zone ?? 'UTC';
  const when = useMemo(() => createWhen(zone), [zone]);
  if (value === null)
    return problem === null ? (
      <section className="row">{waiting ? <p>–</p> : null}</section>
    ) : (
      <Alert text={problem} />
    );
  const undo = async ({ id }: Change) => {
    await act(`/api/alerts/changes/${id}/undo`, {}, 'Undone.');
    again();
  };
  return (
    <section className="row" aria-label="Changes">
      {problem === null ? null : <Alert text={problem} />}
      <h2>Changes of rules</h2>
      {value.changes.length === 0 ? <p className="quiet">No rule was changed yet.</p> : null}
      <ol className="changes">
        {value.changes.map((change) => (
          <Changed key={change.id} change={change} when={when} busy={busy} undo={() => void undo(change)} />
        ))}
      </ol>
      <Pages after={after} next={value.next} show={setAfter} />
    </section>
  );
}

function Changed({
  change,
  when,
  busy,
  undo,
}: {
  change: Change;
  when: When;
  busy: boolean;
  undo: () => void;
}) {
  const { what, by, at, beforeWords, afterWords, undoable } = change;
  const both = what === 'changed' || what === 'undone';
  return (
    <li>
      <div>
        <p>
          <b>{what.charAt(0).toUpperCase() + what.slice(1)}</b> by {by}, {when.moment(at)}
        </p>
        {both && beforeWords !== null ? <p className="faint">Was: {beforeWords}</p> : null}
        <p className="quiet">{afterWords ?? (both ? 'There is no such rule any more.' : beforeWords)}</p>
      </div>
      {undoable ? (
        <button type="button" aria-disabled={busy} onClick={undo}>
          Undo
        </button>
      ) : null}
    </li>
  );
}
