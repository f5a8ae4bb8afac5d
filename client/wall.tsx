import './board/board.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Board } from './board/board.tsx';
import { openLink } from './link.ts';
import { openLive } from './live.ts';
import { createReload } from './reload.ts';

/** Draws the wall of this board and keeps it live; null lets the server choose its first board. */
export function openWall(root: HTMLElement, board: string | null): void {
  const live = openLive({
    connect: (told) => openLink(board, told),
    elapsed: () => performance.now(),
    wallClock: () => Date.now(),
    otherBuild: createReload(),
  });
  createRoot(root).render(
    <StrictMode>
      <Board live={live} />
    </StrictMode>,
  );
}
