import { useRef } from 'react';
import type { Alarm } from './alarms.ts';
import { useFitting } from './use-fitting.ts';

/** Sizes of the type, from the usual one down to the smallest. */
const SIZES = ['', 'is-long', 'is-longest'] as const;

/** What the broken rule tells people to do, in place of the quote, with the rule in words. */
export function Instruction({ alarm, also }: { alarm: Alarm; also: readonly Alarm[] }) {
  const box = useRef<HTMLElement>(null);
  const others = alsoText(also);
  const size = useFitting(box, `${alarm.says}\n${alarm.words}\n${others}`, SIZES.length);
  return (
    <section className={`do ${SIZES[size] ?? ''}`} aria-label="What to do" ref={box}>
      <b>{alarm.says === '' ? alarm.cry : alarm.says}</b>
      <p>Rule: {alarm.words}</p>
      {others === null ? null : <p>{others}</p>}
    </section>
  );
}

/** Those that are critical too, where the board has no other place for them. */
function alsoText(also: readonly Alarm[]): string | null {
  const [first, second, ...more] = also;
  if (first === undefined) return null;
  if (second === undefined) return `Also critical: ${first.title}, since ${first.sinceTime}`;
  const rest = more.length === 0 ? '' : `; and ${more.length} more`;
  return `Also critical: ${first.title}; ${second.title}${rest}`;
}
