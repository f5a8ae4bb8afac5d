import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface MenuProps {
  /** What it chooses, small, and what is chosen. */
  name: string | null;
  value: string;
  /** What it is called by those who do not see what stands beside it. */
  label: string;
  children: (close: () => void) => ReactNode;
}

/** A button that opens choices below it; Escape and a press elsewhere close them. */
export function Menu({ name, value, label, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) setOpen(false);
    };
    document.addEventListener('pointerdown', elsewhere);
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere);
      document.removeEventListener('focusin', elsewhere);
    };
  }, [open]);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the choices from any of them
    <div
      className="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation();
          close();
        }
      }}
    >
      <button
        type="button"
        ref={button}
        className="ctl"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`${label}: ${value}`}
        onClick={() => setOpen(!open)}
      >
        {name === null ? null : <span className="k">{name}</span>}
        <span className="v">{value}</span>
      </button>
      {open ? (
        <fieldset className="choices" id={id} aria-label={label}>
          {children(close)}
        </fieldset>
      ) : null}
    </div>
  );
}

/** One of several, as a button in a menu. */
export function Choice({ on, pick, children }: { on: boolean; pick: () => void; children: ReactNode }) {
  return (
    <button type="button" className="choice" aria-pressed={on} onClick={pick}>
      {children}
    </button>
  );
}
