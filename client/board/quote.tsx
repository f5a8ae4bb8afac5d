import type { Quote as QuoteOfTheDay } from '../../shared/figure.ts';
import type { Moments } from './moments.ts';

const LONG = 120;

/** The quote of the day, in the customer's voice; named by its weekday when it is not today's. */
export function Quote({
  quote,
  moments,
  today,
}: {
  quote: QuoteOfTheDay | null;
  moments: Moments | null;
  today: string;
}) {
  if (quote === null || moments === null) {
    return (
      <section className="quote" aria-label="Quote of the day">
        <p className="none">{moments === null ? '–' : 'No quote of the day yet.'}</p>
      </section>
    );
  }
  const of = moments.date(quote.at) === today ? 'the day' : moments.weekday(quote.at);
  return (
    <section className="quote" aria-label="Quote of the day">
      <blockquote className={quote.text.length > LONG ? 'is-long' : ''}>
        “<bdi>{quote.text}</bdi>”
        <cite>
          Quote of {of}, {quote.cite}
        </cite>
      </blockquote>
    </section>
  );
}
