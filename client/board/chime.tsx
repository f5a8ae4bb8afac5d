import { useCallback, useEffect, useRef, useState } from 'react';
import type { Chime as ChimeSettings } from '../../shared/figure.ts';
import type { Instant } from '../../shared/time.ts';
import type { Moments } from './moments.ts';

const KEY = 'first-ring.chimed.';
/** As many alerts are remembered; older ones are over. */
const REMEMBERED_MAX = 200;

interface ChimeProps {
  chime: ChimeSettings;
  /** Each board remembers for itself: one screen may be in its quiet hours, and another beside it not. */
  board: string;
  /** Ids of the critical alerts that nobody has acknowledged; null while it is not known what is so. */
  critical: readonly string[] | null;
  now: Instant;
  moments: Moments;
}

type Trouble = 'blocked' | 'broken' | null;

/**
 * One soft tone for a critical alert, once for each alert on this screen, whatever is loaded or connected anew; alerts
 * that come together share it. Where the browser lets no page sound before a click, a note says so from the start.
 */
export function Chime({ chime, board, critical, now, moments }: ChimeProps) {
  const audio = useRef<HTMLAudioElement>(null);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const quiet = isQuiet(chime.quiet, moments.minute(now));

  const play = useCallback(async (volume: number) => {
    const element = audio.current;
    if (element === null) return;
    // The silent try may still be on: the tone is to begin at its beginning, once.
    element.pause();
    element.volume = volume / 100;
    element.currentTime = 0;
    try {
      await element.play();
      setTrouble(null);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      // Another play or a new source took its place; that one tells how it went.
      if (error.name === 'AbortError') return;
      setTrouble(error.name === 'NotAllowedError' ? 'blocked' : 'broken');
    }
  }, []);
  // Played without loudness, only to learn whether it would be let.
  useEffect(() => void play(0), [play]);

  const fresh = critical === null ? '' : unheard(board, critical).join(' ');
  useEffect(() => {
    if (fresh === '') return;
    remember(board, fresh.split(' '));
    if (!quiet) void play(chime.volume);
  }, [fresh, board, quiet, chime.volume, play]);

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: a tone without words; what it calls to is on the wall and in its live region */}
      <audio ref={audio} src={chime.path} preload="auto" />
      {trouble === null ? null : (
        <button type="button" className="sound" onClick={() => void play(chime.volume)}>
          {trouble === 'blocked' ? 'Sound is blocked: click once' : 'The sound cannot be played: try again'}
        </button>
      )}
    </>
  );
}

/** Is it quiet at this local time, "22:10"? The span may pass midnight; equal ends are the whole day. */
export function isQuiet(span: ChimeSettings['quiet'], time: string): boolean {
  if (span === null) return false;
  const { from, to } = span;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** What was heard since the page was loaded, for a browser that keeps nothing. */
const heardHere = new Map<string, string[]>();

function unheard(board: string, ids: readonly string[]): string[] {
  const before = remembered(board);
  return ids.filter((id) => !before.includes(id));
}

function remember(board: string, ids: readonly string[]): void {
  const all = [...new Set([...remembered(board), ...ids])].slice(-REMEMBERED_MAX);
  heardHere.set(board, all);
  try {
    window.localStorage.setItem(KEY + board, JSON.stringify(all));
  } catch (error) {
    // Forbidden or full: then this page remembers until it is loaded anew.
    if (!(error instanceof DOMException)) throw error;
  }
}

function remembered(board: string): string[] {
  const here = heardHere.get(board) ?? [];
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY + board) ?? '[]');
    return Array.isArray(kept) ? [...here, ...kept.filter((id) => typeof id === 'string')] : here;
  } catch (error) {
    // Forbidden, or no longer what was kept: a tone too many is better than no wall.
    if (!(error instanceof DOMException || error instanceof SyntaxError)) throw error;
    return here;
  }
}
