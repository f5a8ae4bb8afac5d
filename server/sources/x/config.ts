/** One X app, as the configuration names it. */
export interface XConfig {
  id: string;
  /** The app's bearer token. */
  token: string;
  /** What counts as a mention, in X's own rule language. */
  rules: readonly string[];
  /** `stream`: posts come as they are written. `search`: X is asked every `everyMs`. */
  mode: 'stream' | 'search';
  everyMs: number;
  /** How far back the very first start looks. */
  lookBackMs: number;
  cap: Cap;
  prices: Prices;
  /** Two letters; a post withheld there is not shown. */
  country: string;
  baseUrl: string;
}

/** What may be read in one UTC day. Money is in millionths of a dollar, so that sums are exact. */
export interface Cap {
  posts: number;
  microUsd: number;
}

/** What one read costs, in millionths of a dollar. */
export interface Prices {
  post: number;
  user: number;
}

export const MICRO_USD = 1_000_000;

/** What holds where the configuration says nothing; prices as docs.x.com "Pricing" has them. */
export const xDefaults = {
  mode: 'stream',
  everyMs: 300_000,
  lookBackMs: 3_600_000,
  cap: { posts: 500, microUsd: 5 * MICRO_USD },
  prices: { post: 5_000, user: 10_000 },
  baseUrl: 'https://api.x.com',
} as const satisfies Partial<XConfig>;
