import './ui/tokens.css';
import './board/board.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Board } from './board/board.tsx';
import { openLink } from './link.ts';
import { openLive } from './live.ts';
import { createReload } from './reload.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

const live = openLive({
  connect: (told) => openLink(boardOf(window.location), told),
  elapsed: () => performance.now(),
  wallClock: () => Date.now(),
  otherBuild: createReload(),
});

createRoot(root).render(
  <StrictMode>
    <Board live={live} />
  </StrictMode>,
);

/** `/wall/<id>` or `/wall?board=<id>`; null lets the server choose its first board. */
function boardOf(location: Location): string | null {
  const inPath = /^\/wall\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  return inPath === undefined
    ? new URLSearchParams(location.search).get('board')
    : decodeURIComponent(inPath);
}
