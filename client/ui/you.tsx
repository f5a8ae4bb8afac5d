import { type RefObject, useState } from 'react';
import { BY_MAX } from '../../shared/limits-desk.ts';

interface YouProps {
  name: string;
  keep: (name: string) => void;
  /** Focused when a command wants a name first. */
  field: RefObject<HTMLInputElement | null>;
}

/** Who gives the commands: there is one password for all, so the name is asked for once and kept in this browser. */
export function You({ name, keep, field }: YouProps) {
  const [draft, setDraft] = useState<string | null>(name === '' ? '' : null);
  if (draft === null) {
    return (
      <p className="you">
        You are <b>{name}</b>
        <button type="button" onClick={() => setDraft(name)}>
          Change
        </button>
      </p>
    );
  }
  return (
    <form
      className="you"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim() === '') return field.current?.focus();
        keep(draft.trim());
        setDraft(null);
      }}
    >
      <label htmlFor="your-name">Your name</label>
      <input
        id="your-name"
        ref={field}
        type="text"
        value={draft}
        maxLength={BY_MAX}
        autoComplete="name"
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit">Keep</button>
    </form>
  );
}
