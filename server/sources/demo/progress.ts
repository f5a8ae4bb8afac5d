import type { Instant, Span } from '../../../shared/time.ts';

/** What has been told already: spans in order, apart from each other. It is the whole of the demo's cursor. */
export type Told = readonly Span[];

/** Reads a cursor; one that is absent, or that is not understood, tells everything again, which is harmless. */
export function readTold(cursor: string | null): Told {
  if (cursor === null) return [];
  try {
    const pairs: unknown = JSON.parse(cursor);
    if (!Array.isArray(pairs) || !pairs.every(isPair)) return [];
    return pairs.reduce<Told>((told, [from, to]) => withTold(told, { from, to }), []);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

export function writeTold(told: Told): string {
  return JSON.stringify(told.map(({ from, to }) => [from, to]));
}

export function withTold(told: Told, span: Span): Told {
  if (span.from >= span.to) return told;
  const apart = told.filter(({ from, to }) => to < span.from || from > span.to);
  const touching = told.filter(({ from, to }) => to >= span.from && from <= span.to);
  const joined = {
    from: Math.min(span.from, ...touching.map(({ from }) => from)),
    to: Math.max(span.to, ...touching.map(({ to }) => to)),
  };
  return [...apart, joined].sort((a, b) => a.from - b.from);
}

/** The parts of the span that have not been told, in order. */
export function untold(told: Told, span: Span): Span[] {
  const left: Span[] = [];
  let from: Instant = span.from;
  for (const done of told) {
    if (done.to <= from) continue;
    if (done.from >= span.to) break;
    if (done.from > from) left.push({ from, to: done.from });
    from = done.to;
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

function isPair(value: unknown): value is [Instant, Instant] {
  return Array.isArray(value) && value.length === 2 && value.every((at) => Number.isSafeInteger(at));
}
