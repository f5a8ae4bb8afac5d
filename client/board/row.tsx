import type { ReactNode } from 'react';
import { LevelMark } from '../ui/level-mark.tsx';

interface RowProps {
  state: string;
  figure: ReactNode;
  name: string;
  /** A triangle before the name. */
  warns?: boolean;
  /** Too many letters for the usual size. */
  tight?: boolean;
  aside?: ReactNode;
  children: ReactNode;
}

/** The frame of a promise: its figure, and beside it what the figure says. */
export function Row({ state, figure, name, warns = false, tight = false, aside, children }: RowProps) {
  return (
    <section className={`promise ${state}`} aria-label={name}>
      {figure}
      <div className="say">
        <div className="line">
          <h2 className={tight ? 'is-long' : ''}>
            {warns ? <LevelMark level="warning" said /> : null}
            {name}
          </h2>
          {aside}
        </div>
        {children}
      </div>
    </section>
  );
}
