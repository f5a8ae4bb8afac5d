import type { View } from '../live.ts';
import { type Alarm, criticalAt } from './alarms.ts';
import type { Moments } from './moments.ts';
import { wholeAsOf } from './standing.ts';
import { WasCritical } from './was-critical.tsx';

interface NothingLiveProps {
  view: View;
  moments: Moments | null;
  alarms: readonly Alarm[];
}

/** What has no row of its own to say so. */
const PLACES = ['waiting', 'owed', 'overdue', 'atRisk', 'due', 'head'] as const;

/** What stands where live counts stood when all of the board is old: what to do, and what mends it. */
export function NothingLive({ view, moments, alarms }: NothingLiveProps) {
  const was = criticalAt(alarms, PLACES);
  return (
    <section className="now" aria-label="Needs a person now">
      <div className="unknown wide">
        <b>Nothing on this board is live.</b>
        <p>
          {view.snapshot?.demo === true
            ? 'Demo data. These are not your customers.'
            : 'Work from the phones and the inboxes.'}
          <br />
          {view.truth === 'not-saving'
            ? 'The server cannot save. See to its disk.'
            : retryText(view, moments)}
        </p>
        <WasCritical alarms={was} asOf={wholeAsOf(view)} moments={moments} />
      </div>
    </section>
  );
}

function retryText({ triedAt }: View, moments: Moments | null): string {
  const tried = triedAt === null || moments === null ? '' : ` Last try ${moments.second(triedAt)}.`;
  return `The board reconnects by itself.${tried}`;
}
