import './controls.css';
import './desk.css';
import { type ReactNode, StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { Ring } from './ring.tsx';

/** The pages for people, in the order of the navigation. */
const PAGES = [
  { path: '/wall', name: 'Wall' },
  { path: '/trends', name: 'Trends' },
  { path: '/thresholds', name: 'Thresholds' },
  { path: '/sources', name: 'Sources' },
  { path: '/mentions', name: 'Mentions' },
  { path: '/mail', name: 'Mail' },
] as const;

export type DeskPath = (typeof PAGES)[number]['path'];

/** Draws a page for people, light unless the reader's system asks for dark. */
export function openDesk(root: HTMLElement, page: ReactNode): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const dress = () => {
    document.documentElement.classList.toggle('light', !dark.matches);
    for (const meta of document.querySelectorAll('meta[name="color-scheme"]'))
      meta.setAttribute('content', dark.matches ? 'dark' : 'light');
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--ground').trim();
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground);
  };
  dark.addEventListener('change', dress);
  dress();
  createRoot(root).render(<StrictMode>{page}</StrictMode>);
}

interface DeskProps {
  path: DeskPath;
  title: string;
  /** What the page is for, in a sentence; or what is chosen on it. */
  about: ReactNode;
  demo: boolean;
  /** The last reading came through; the ring is whole. */
  well: boolean;
  /** Right of the navigation. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The frame of every page for people: where one is, the other pages, and what the page is for. */
export function Desk({ path, title, about, demo, well, aside, children }: DeskProps) {
  useEffect(() => {
    document.title = `${title}, First Ring`;
  }, [title]);
  return (
    <>
      {demo ? <p className="notice">Demo data. These are not your customers.</p> : null}
      <header className="top">
        <span className="brand" role={well ? undefined : 'status'}>
          <Ring whole={well} />
          {well ? 'First Ring' : 'First Ring: no connection'}
        </span>
        <nav aria-label="Pages">
          {PAGES.map((page) => (
            <a key={page.path} href={page.path} aria-current={page.path === path ? 'page' : undefined}>
              {page.name}
            </a>
          ))}
        </nav>
        {aside === undefined ? null : <div className="who">{aside}</div>}
      </header>
      <div className="bar">
        <h1>{title}</h1>
        {typeof about === 'string' ? <p>{about}</p> : about}
      </div>
      <main>{children}</main>
    </>
  );
}

/** What went wrong, with what can be done about it here. */
export function Alert({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className="alert" role="alert">
      <p>{text}</p>
      {children}
    </div>
  );
}
