import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Reach } from '../outgoing/reach.ts';
import type { VoiceReads, VoiceWrites } from '../store/voice.ts';
import { fetchPicture } from './fetch-picture.ts';

/** What could not be had is tried again after this. */
export const TRY_AGAIN_MS = 6 * HOUR;
/** The newest posts whose authors' pictures are wanted. */
const POSTS_MAX = 60;
/** Also without news, so that what failed is tried again. */
const LOOK_EVERY_MS = 30 * MINUTE;
/** News come in bursts; they are looked at together. */
const GATHER_MS = SECOND;

/** Has the pictures of those whose posts are shown fetched and kept, one after the other. */
export interface Pictures {
  /** Posts changed: there may be new pictures to fetch. */
  look(): void;
  /** Works until told to stop. */
  run(stop: AbortSignal): Promise<void>;
}

export function createPictures(needs: {
  store: Pick<VoiceReads, 'picturesWanted'> & Pick<VoiceWrites, 'keepPicture'>;
  clock: Clock;
  log: Log;
  reach: Reach;
  /** A picture came. */
  kept: () => void;
}): Pictures {
  const { store, clock, log } = needs;
  let wake = new AbortController();

  const fetchAll = async (stop: AbortSignal): Promise<void> => {
    const wanted = await store.picturesWanted(POSTS_MAX, clock.now() - TRY_AGAIN_MS);
    for (const url of wanted) {
      const had = await fetchPicture(url, { clock, reach: needs.reach, stop });
      if (stop.aborted) return;
      await store.keepPicture(url, had, clock.now());
      if ('bytes' in had) needs.kept();
      else log.debug({ trouble: had.trouble }, 'no picture of an author');
    }
  };
  return {
    look: () => wake.abort(),
    async run(stop) {
      while (!stop.aborted) {
        wake = new AbortController();
        try {
          await fetchAll(stop);
        } catch (error) {
          log.error({ err: error }, 'pictures not kept; they are tried again');
        }
        await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([stop, wake.signal]));
        await clock.sleep(GATHER_MS, stop);
      }
    },
  };
}
