import { useRef, useState } from 'react';
import type { QuotesAnswer, WireQuote } from '../../shared/wire-desk.ts';
import type { Times } from '../ui/times.ts';
import type { Act } from './post-list.tsx';
import { QuoteForm } from './quote-form.tsx';

interface QuotePanelProps {
  quotes: QuotesAnswer;
  times: Times;
  act: Act;
  busy: boolean;
}

/** Today's quote, what it was taken for, and those of the days before. */
export function QuotePanel({ quotes, times, act, busy }: QuotePanelProps) {
  const [typing, setTyping] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setTyping(false);
    opener.current?.focus();
  };
  const { current, now } = quotes;
  return (
    <section className="row quote-day" aria-label="Quote of the day">
      <div className="quote-head">
        <h2>Quote of the day</h2>
        <p className="acts">
          <button type="button" ref={opener} aria-expanded={typing} onClick={() => setTyping(!typing)}>
            Type one
          </button>
          {current === null ? null : (
            <button
              type="button"
              aria-disabled={busy}
              onClick={() => void act('/api/quotes/withdraw', { id: current.id })}
            >
              Take it down
            </button>
          )}
        </p>
      </div>
      {current === null ? (
        <p className="quiet">
          None yet today. Choose a post below or type one; otherwise the wall takes the best fresh praise when
          there is some.
        </p>
      ) : (
        <figure>
          <blockquote>
            “<bdi>{current.text}</bdi>”
          </blockquote>
          <figcaption>
            {current.cite}, since {times.minute(current.at, now)}. {current.why}
          </figcaption>
        </figure>
      )}
      {typing ? (
        <QuoteForm
          post={null}
          busy={busy}
          cancel={close}
          send={async (quote) => {
            if (await act('/api/quotes', quote)) close();
          }}
        />
      ) : null}
      <Before taken={quotes.taken.filter(({ id }) => id !== current?.id)} times={times} now={now} />
    </section>
  );
}

function Before({ taken, times, now }: { taken: readonly WireQuote[]; times: Times; now: number }) {
  if (taken.length === 0) return null;
  return (
    <details>
      <summary>Quotes of the last 60 days ({taken.length}); none of them is taken again by the rule</summary>
      <ol className="before">
        {taken.map((quote) => (
          <li key={quote.id}>
            {quote.text === '' ? 'Its post was deleted or hidden since.' : <q dir="auto">{quote.text}</q>}{' '}
            <span className="faint">
              {quote.cite}, {times.minute(quote.at, now)}. {quote.why}
              {quote.withdrawn === null ? '' : ` Taken down by ${quote.withdrawn.by}.`}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
