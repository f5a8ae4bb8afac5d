import { type ReactNode, useState } from 'react';

interface TypedProps<T> {
  /** What a screen reader calls it. */
  label: string;
  value: T;
  /** As it stands in the field while nobody types. */
  show: (value: T) => string;
  /** Null: what is typed is nothing yet, and the value stays. */
  read: (text: string) => T | null;
  change: (value: T) => void;
  /** What arrow up and down do. */
  move?: (value: T, by: 1 | -1) => T;
  mark?: ReactNode;
  id?: string;
}

/** A word of the sentence that can be typed over. What cannot be read is not taken, and is said so to all. */
export function TypedField<T>({ label, value, show, read, change, move, mark, id }: TypedProps<T>) {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? show(value);
  const wrong = typed !== null && read(typed) === null;
  return (
    <span className={wrong ? 'in is-wrong' : 'in'}>
      {mark}
      <input
        type="text"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={wrong}
        id={id}
        value={text}
        size={Math.max(2, text.length)}
        onChange={(event) => {
          setTyped(event.target.value);
          const next = read(event.target.value);
          if (next !== null) change(next);
        }}
        onFocus={(event) => event.target.select()}
        onBlur={() => setTyped(null)}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
          if (by === 0 || move === undefined) return;
          event.preventDefault();
          setTyped(null);
          change(move(value, by));
        }}
      />
    </span>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { value: string; name: string }[];
  change: (value: string) => void;
}

/** A word of the sentence that is chosen from a list. */
export function ChoiceField({ label, value, options, change }: ChoiceProps) {
  return (
    <span className="in sel">
      <select aria-label={label} value={value} onChange={(event) => change(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </span>
  );
}

/** A box to tick, with its words. */
export function Tick({
  on,
  change,
  children,
}: {
  on: boolean;
  change: (on: boolean) => void;
  children: ReactNode;
}) {
  return (
    <label className="chk">
      <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}
