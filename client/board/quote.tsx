import { useRef } from 'react';
import type { Quote as QuoteOfTheDay } from '../../shared/figure.ts';
import type { Moments } from './moments.ts';
import { useFitting } from './use-fitting.ts';

/** Sizes of the type, from the usual one down to the smallest. */
const SIZES = ['', 'is-long', 'is-longest'] as const;

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
  const box = useRef<HTMLElement>(null);
  const size = useFitting(box, `${quote?.text ?? ''}\n${quote?.cite ?? ''}`, SIZES.length);
  if (quote === null || moments === null) {
    return (
      <section className="quote" aria-label="Quote of the day" ref={box}>
        <p className="none">{moments === null ? '–' : 'No quote of the day yet.'}</p>
      </section>
    );
  }
  const of = moments.date(quote.at) === today ? 'the day' : moments.weekday(quote.at);
  return (
    <section className="quote" aria-label="Quote of the day" ref={box}>
      <blockquote className={SIZES[size] ?? ''}>
        “<bdi>{quote.text}</bdi>”
        <cite>
          Quote of {of}, <bdi>{quote.cite}</bdi>
        </cite>
      </blockquote>
    </section>
  );
}
