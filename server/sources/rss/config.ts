/** One feed, as the configuration names it. */
export interface RssConfig {
  id: string;
  url: string;
  /** What it is called on the wall; null: as it calls itself. */
  name: string | null;
  /** Length between two readings, ms. */
  everyMs: number;
  /** Only items with one of these; empty: all. */
  keywords: readonly string[];
}
