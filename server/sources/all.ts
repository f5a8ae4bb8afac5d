import type { Feed } from '../../shared/figure.ts';
import type { Clock } from '../clock.ts';
import type { SourceConfig } from '../config/source-configs.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createAsterisk } from './asterisk/source.ts';
import { createBluesky } from './bluesky/source.ts';
import { createDemo } from './demo/demo.ts';
import { createImap } from './imap/source.ts';
import { createMastodon } from './mastodon/source.ts';
import { createRss } from './rss/source.ts';
import type { ShownPosts } from './shown-posts.ts';
import type { Source } from './source.ts';
import { createX } from './x/source.ts';

/** One sender over HTTP: its token says who it is. */
export interface IngestToken {
  source: string;
  token: string;
  feeds: readonly Feed[];
  /** Null: it never promised a sign of life, so it is never late. */
  lateAfterMs: number | null;
  lostAfterMs: number | null;
}

/** What sources are made with. */
export interface SourceNeeds {
  clock: Clock;
  log: Log;
  /** What stands on the walls, for networks that want to be asked again. */
  shown: ShownPosts;
}

/** The sources that are switched on and run by themselves. */
export function sourcesOf(config: Config, needs: SourceNeeds): Source[] {
  return config.sources.map((source) => sourceOf(source, needs)).filter((source) => source !== null);
}

/** The sources that push their facts to us. */
export function ingestTokensOf(config: Config): IngestToken[] {
  return config.sources.flatMap((source): IngestToken[] => {
    if (source.kind !== 'http') return [];
    const { id, token, feeds, lateAfterMs, lostAfterMs } = source;
    return [{ source: id, token, feeds, lateAfterMs, lostAfterMs }];
  });
}

/** Another seed is another clinic; the same one is the same at every start. */
const DEMO_SEED = 'harbor-health';

function sourceOf(source: SourceConfig, { clock, log, shown }: SourceNeeds): Source | null {
  switch (source.kind) {
    case 'asterisk':
      return createAsterisk({ config: source.asterisk, clock, log });
    case 'imap':
      return createImap({ config: source.imap, clock, log });
    case 'rss':
      return createRss({ config: source.rss, clock, log });
    case 'bluesky':
      return createBluesky({ config: source.bluesky, clock, log });
    case 'mastodon':
      return createMastodon({ config: source.mastodon, clock, log });
    case 'x':
      return createX({ config: source.x, clock, log, shown });
    case 'demo':
      return createDemo({ id: source.id, zone: source.zone, seed: DEMO_SEED, clock });
    case 'http':
      return null;
  }
}
