import { useState } from 'react';
import { DrillPanel } from './drill/drill-panel.tsx';
import type { Offered } from './offered.ts';
import type { PageState } from './page-state.ts';

interface ListedProps {
  drill: NonNullable<PageState['drill']>;
  offered: readonly Offered[];
  go: (change: Partial<PageState>) => void;
  /** A cause was kept or taken away. */
  said: () => void;
}

/** The list of calls or emails behind a figure; closed, it gives the focus back to where it was opened. */
export function Listed({ drill, offered, go, said }: ListedProps) {
  const [opener] = useState(() => document.activeElement);
  return (
    <DrillPanel
      query={drill}
      scopeName={offered.find(({ scope }) => scope === drill.scope)?.name ?? ''}
      change={(query) => go({ drill: query })}
      close={() => {
        go({ drill: null });
        if (opener instanceof HTMLElement) opener.focus();
      }}
      said={said}
    />
  );
}
