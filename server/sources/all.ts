import type { Feed } from '../../shared/figure.ts';
import type { Clock } from '../clock.ts';
import type { SourceConfig } from '../config/source-configs.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { ShownPosts } from './shown-posts.ts';
import type { Source } from './source.ts';

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

/** The sources that are switched on and run by themselves. What is not switched on is not even loaded. */
export async function sourcesOf(config: Config, needs: SourceNeeds): Promise<Source[]> {
  const sources = await Promise.all(config.sources.map((source) => sourceOf(source, needs)));
  return sources.filter((source) => source !== null);
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

async function sourceOf(source: SourceConfig, { clock, log, shown }: SourceNeeds): Promise<Source | null> {
  switch (source.kind) {
    case 'asterisk':
      return (await import('./asterisk/source.ts')).createAsterisk({ config: source.asterisk, clock, log });
    case 'imap':
      return (await import('./imap/source.ts')).createImap({ config: source.imap, clock, log });
    case 'rss':
      return (await import('./rss/source.ts')).createRss({ config: source.rss, clock, log });
    case 'bluesky':
      return (await import('./bluesky/source.ts')).createBluesky({ config: source.bluesky, clock, log });
    case 'mastodon':
      return (await import('./mastodon/source.ts')).createMastodon({ config: source.mastodon, clock, log });
    case 'x':
      return (await import('./x/source.ts')).createX({ config: source.x, clock, log, shown });
    case 'demo': {
      const { createDemo } = await import('./demo/demo.ts');
      return createDemo({ id: source.id, zone: source.zone, seed: DEMO_SEED, clock });
    }
    case 'http':
      return null;
  }
}
