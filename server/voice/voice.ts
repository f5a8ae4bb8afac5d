import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Reach } from '../outgoing/reach.ts';
import type { Store } from '../store/store.ts';
import { createPictures } from './pictures.ts';
import { takeQuoteOfTheDay } from './quote-desk.ts';

/** The quote is looked for after news and at least this often, so that a new local day gets its own. */
const LOOK_EVERY_MS = MINUTE;
/** News come in bursts; they are looked at together. */
const GATHER_MS = SECOND;

/** Looks after what customers say: the quote of the day, and the pictures beside the posts. */
export interface Voice {
  /** Posts or quotes changed, or what people decided of them. */
  changed(): void;
  /** Works until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

export function createVoice(needs: {
  store: Store;
  clock: Clock;
  log: Log;
  zone: string;
  ownAccounts: readonly string[];
  reach: Reach;
  /** The board shows something else now. */
  shown: () => void;
}): Voice {
  const { store, clock, log, zone, ownAccounts, shown } = needs;
  const pictures = createPictures({ store, clock, log, reach: needs.reach, kept: shown });
  let wake = new AbortController();
  let lookedAt: Instant | null = null;
  let isNews = true;

  const lookForQuote = async (): Promise<void> => {
    isNews = false;
    lookedAt = clock.now();
    try {
      if (await takeQuoteOfTheDay({ store, zone, ownAccounts }, lookedAt)) shown();
    } catch (error) {
      log.error({ err: error }, 'the quote of the day could not be taken; it is tried again');
    }
  };
  const quotes = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted) {
      wake = new AbortController();
      if (isNews || lookedAt === null || Math.abs(clock.now() - lookedAt) >= LOOK_EVERY_MS)
        await lookForQuote();
      await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([stop, wake.signal]));
      await clock.sleep(GATHER_MS, stop);
    }
  };
  return {
    changed() {
      isNews = true;
      wake.abort();
      pictures.look();
    },
    async run(stop) {
      await Promise.all([quotes(stop), pictures.run(stop)]);
    },
  };
}
