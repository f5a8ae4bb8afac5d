import type { Feed } from '../../shared/figure.ts';
import type { Clock } from '../clock.ts';
import type { SourceConfig } from '../config/source-configs.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { createAsterisk } from './asterisk/source.ts';
import { createDemo } from './demo/demo.ts';
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

/** The sources that are switched on and run by themselves. */
export function sourcesOf(config: Config, needs: { clock: Clock; log: Log }): Source[] {
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

function sourceOf(source: SourceConfig, { clock, log }: { clock: Clock; log: Log }): Source | null {
  switch (source.kind) {
    case 'asterisk':
      return createAsterisk({ config: source.asterisk, clock, log });
    case 'demo':
      return createDemo({ id: source.id, zone: source.zone, seed: DEMO_SEED, clock });
    case 'http':
      return null;
  }
}
