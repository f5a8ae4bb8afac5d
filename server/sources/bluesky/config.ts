/** What is looked for on Bluesky, as the configuration names it. */
export interface BlueskyConfig {
  id: string;
  /** Scheme and host of the Jetstream, without a slash at the end. */
  jetstream: string;
  /** Scheme and host of the AppView that names of authors are asked of; null: they are not. */
  profiles: string | null;
  keywords: readonly string[];
  /** Without the #. */
  hashtags: readonly string[];
  /** DIDs of ours: posts that name, answer or quote them are mentions. */
  accounts: readonly string[];
  /** Count reposts of what was found, as reach. */
  reposts: boolean;
}
