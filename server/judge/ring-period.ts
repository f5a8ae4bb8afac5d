/**
 * One ring of a country in ms: from the start of its ringback cadence to the start of the next one, so the second
 * ring begins at exactly this length. Cadences (seconds on/off) are those of the ringback lines in Asterisk's
 * `indications.conf.sample`, which cites the ITU lists under E.180. ISO 3166 alpha-2 in any case; `uk` is `gb`.
 * A country that is not listed has the North American period.
 */
export function ringPeriodMs(country: string): number {
  return PERIOD_BY_COUNTRY.get(country.toLowerCase()) ?? NORTH_AMERICA_MS;
}

/** Is the period of this country known, or only assumed? */
export function isRingCountry(country: string): boolean {
  return PERIOD_BY_COUNTRY.has(country.toLowerCase());
}

const NORTH_AMERICA_MS = 6_000;

const COUNTRIES_BY_PERIOD: readonly (readonly [periodMs: number, countries: string])[] = [
  [3_000, 'gb uk au nz in sg za my'], // .4/.2/.4/2.0: one burr-burr is one ring
  [3_000, 'jp tw'], // 1/2
  [4_000, 'be cl il'], // 1/3
  [4_500, 'es'], // 1.5/3
  [5_000, 'de it nl ch dk no fi pl cz gr br cn mx ru ee lt bg id ph ve'], // 1/4
  [5_000, 'fr hu'], // 1.5/3.5 and 1.25/3.75
  [6_000, 'at pt se th'], // 1/5
  [NORTH_AMERICA_MS, 'us ca'], // 2/4
];

const PERIOD_BY_COUNTRY: ReadonlyMap<string, number> = new Map(
  COUNTRIES_BY_PERIOD.flatMap(([periodMs, countries]) =>
    countries.split(' ').map((country) => [country, periodMs] as const),
  ),
);
