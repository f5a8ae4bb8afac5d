import type { View } from '../live.ts';
import type { Moments } from './moments.ts';

/** What stands where live counts stood when the server is lost: what to do, and that the board mends itself. */
export function NothingLive({ view, moments }: { view: View; moments: Moments | null }) {
  const tried = view.triedAt === null || moments === null ? '' : ` Last try ${moments.second(view.triedAt)}.`;
  return (
    <section className="now" aria-label="Needs a person now">
      <div className="unknown wide">
        <b>Nothing on this board is live.</b>
        <p>
          {view.snapshot?.demo === true
            ? 'Demo data. These are not your customers.'
            : 'Work from the phones and the inboxes.'}
          <br />
          The board reconnects by itself.{tried}
        </p>
      </div>
    </section>
  );
}
