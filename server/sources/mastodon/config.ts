/** One account on one Mastodon server, as the configuration names it. */
export interface MastodonConfig {
  id: string;
  /** Scheme and host, without a slash at the end. */
  server: string;
  /** Where it streams from; the same host unless the server says otherwise. */
  streaming: string;
  token: string;
  /** Without the #. */
  hashtags: readonly string[];
  /** Looked for in every post of a public timeline. */
  keywords: readonly string[];
  keywordsIn: 'local' | 'federated';
  /** Posts that name the account. */
  mentions: boolean;
}
