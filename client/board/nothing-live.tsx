import type { View } from '../live.ts';
import type { Moments } from './moments.ts';

/** What stands where live counts stood when all of the board is old: what to do, and what mends it. */
export function NothingLive({ view, moments }: { view: View; moments: Moments | null }) {
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
      </div>
    </section>
  );
}

function retryText({ triedAt }: View, moments: Moments | null): string {
  const tried = triedAt === null || moments === null ? '' : ` Last try ${moments.second(triedAt)}.`;
  return `The board reconnects by itself.${tried}`;
}
