import { median } from './statistics.ts';

/** What a measurement must reach: a bound on its value, or on its ratio to the floor. */
export type Limit = { of: 'value' | 'ratio' } & ({ least: number } | { most: number });

/** One line of the benchmark, for people and for machines (bench/results.json). */
export interface Row {
  name: string;
  unit: string;
  /** Null: not measured. */
  value: number | null;
  /** The same measured on what no such server can be faster than, in the same run; null where there is none. */
  floor: number | null;
  ratio: number | null;
  /** The least that must hold; null where the row only informs. */
  bar: Limit | null;
  /** What is aimed for. */
  goal: Limit | null;
  /** Does the bar hold? Null when it was not measured or there is none. */
  holds: boolean | null;
  reached: boolean | null;
  /** What the floor is, or why nothing was measured. */
  note: string;
}

/** One round: our value, and the floor's measured next to it. */
export interface Round {
  value: number;
  floor?: number;
}

export interface Measured {
  name: string;
  unit: string;
  note: string;
  bar?: Limit;
  goal?: Limit;
}

/** A row from its rounds: medians, and the median of the rounds' own ratios, so that the machine's drift cancels. */
export function rowOf(what: Measured, rounds: readonly Round[]): Row {
  const floors = rounds.flatMap(({ floor }) => floor ?? []);
  const ratios = rounds.flatMap(({ value, floor }) => (floor === undefined ? [] : [value / floor]));
  return judged(what, {
    value: rounds.length === 0 ? null : median(rounds.map(({ value }) => value)),
    floor: floors.length === 0 ? null : median(floors),
    ratio: ratios.length === 0 ? null : median(ratios),
  });
}

/** A row of figures that were taken over all rounds together, such as a percentile. */
export function rowFrom(what: Measured, value: number, floor: number | null): Row {
  return judged(what, { value, floor, ratio: floor === null ? null : value / floor });
}

/** A row that could not be measured, and why. */
export function notMeasured(what: Measured, why: string): Row {
  return judged({ ...what, note: why }, { value: null, floor: null, ratio: null });
}

/** Rows whose bar does not hold. */
export function broken(rows: readonly Row[]): Row[] {
  return rows.filter(({ holds }) => holds === false);
}

function judged(what: Measured, figures: Pick<Row, 'value' | 'floor' | 'ratio'>): Row {
  const { name, unit, note, bar = null, goal = null } = what;
  return {
    name,
    unit,
    ...figures,
    bar,
    goal,
    holds: bar && holds(bar, figures),
    reached: goal && holds(goal, figures),
    note,
  };
}

function holds(limit: Limit, figures: Pick<Row, 'value' | 'ratio'>): boolean | null {
  const figure = figures[limit.of];
  if (figure === null) return null;
  return 'least' in limit ? figure >= limit.least : figure <= limit.most;
}
