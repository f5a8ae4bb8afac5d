import './sources.css';
import { useMemo } from 'react';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { StatusAnswer } from '../../shared/wire-answer.ts';
import type { SourcesTodayAnswer } from '../../shared/wire-desk.ts';
import { Alert, Desk, openDesk } from '../ui/desk.tsx';
import { createTimes } from '../ui/times.ts';
import { useFetched } from '../ui/use-fetched.ts';
import { SourceRow } from './source-row.tsx';

const LOOK_EVERY_MS = 5 * SECOND;
const COUNT_EVERY_MS = MINUTE;

/** Opens the page of what feeds the wall. */
export function openSources(root: HTMLElement): void {
  openDesk(root, <SourcesPage />);
}

function SourcesPage() {
  const status = useFetched<StatusAnswer>('/api/status', LOOK_EVERY_MS);
  const today = useFetched<SourcesTodayAnswer>('/api/sources/today', COUNT_EVERY_MS);
  const { value } = status;
  return (
    <Desk
      path="/sources"
      title="Sources"
      about="What feeds the wall, and how each of it is doing."
      demo={value?.demo === true}
      well={status.problem === null}
    >
      {status.problem === null ? null : (
        <Alert text={status.problem}>
          <button type="button" onClick={status.again}>
            Try again
          </button>
        </Alert>
      )}
      {value === null ? (
        <section className="row">{status.waiting && status.problem === null ? <p>–</p> : null}</section>
      ) : (
        <Sources status={value} today={today.value} todayProblem={today.problem} />
      )}
    </Desk>
  );
}

function Sources({
  status,
  today,
  todayProblem,
}: {
  status: StatusAnswer;
  today: SourcesTodayAnswer | null;
  todayProblem: string | null;
}) {
  const { sources, intake, now, zone } = status;
  const times = useMemo(() => createTimes(zone), [zone]);
  return (
    <>
      {intake.notSavedSince === null ? null : (
        <Alert
          text={`Nothing can be saved${intake.trouble === null ? '' : `: ${intake.trouble}`} Senders are told to send again; the wall shows since when.`}
        />
      )}
      {sources.length === 0 ? (
        <section className="row">
          <h2>Nothing is connected yet</h2>
          <p className="quiet">
            Name your phone system, mailboxes and networks under <code>sources</code> in first-ring.yaml and
            start again. docs/configuration.md explains every line.
          </p>
        </section>
      ) : null}
      {sources.map((source) => (
        <SourceRow
          key={source.id}
          source={source}
          now={now}
          times={times}
          today={today?.sources.find(({ id }) => id === source.id) ?? null}
          todayProblem={todayProblem}
        />
      ))}
    </>
  );
}
