import './ui/tokens.css';
import { isServed } from './reload.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

/** Pages for people. Each is fetched when it is asked for, so that a TV loads the wall alone. */
const pages: Readonly<Record<string, () => Promise<(root: HTMLElement) => void>>> = {
  '/trends': async () => (await import('./trends/trends-page.tsx')).openTrends,
  '/sources': async () => (await import('./sources/sources-page.tsx')).openSources,
  '/mentions': async () => (await import('./mentions/mentions-page.tsx')).openMentions,
  '/mail': async () => (await import('./mail/mail-page.tsx')).openMail,
  '/thresholds': async () => (await import('./thresholds/thresholds-page.tsx')).openThresholds,
};

/** A part of the page that did not come, as when the server goes down just then, is asked for again after this. */
const TRY_AGAIN_MS = 5_000;

try {
  const page = pages[window.location.pathname.replace(/\/$/, '')];
  if (page !== undefined) (await page())(root);
  else (await import('./wall.tsx')).openWall(root, boardOf(window.location));
} catch (error) {
  // A browser remembers that an import failed, so that only a new page asks anew.
  window.setTimeout(() => void startAgain(), TRY_AGAIN_MS);
  throw error;
}

/** Loads the page again once the server is there: a browser's own error page would stay on the TV. */
async function startAgain(): Promise<void> {
  if (await isServed()) window.location.reload();
  else window.setTimeout(() => void startAgain(), TRY_AGAIN_MS);
}

/** `/wall/<id>` or `/wall?board=<id>`; null lets the server choose its first board. */
function boardOf(location: Location): string | null {
  const inPath = /^\/wall\/([^/]+)\/?$/.exec(location.pathname)?.[1];
  return inPath === undefined
    ? new URLSearchParams(location.search).get('board')
    : decodeURIComponent(inPath);
}
