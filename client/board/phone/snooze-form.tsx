import { useState } from 'react';
import { WHY_MAX } from '../../../shared/alert.ts';

const LENGTHS = [
  { minutes: 15, name: '15 minutes' },
  { minutes: 60, name: '1 hour' },
  { minutes: 240, name: '4 hours' },
  { minutes: 1_440, name: 'a day' },
] as const;

interface SnoozeFormProps {
  busy: boolean;
  send: (minutes: number, why: string) => void;
}

/** Nobody is written to for a while, and why is kept. The wall shows the alert all the same. */
export function SnoozeForm({ busy, send }: SnoozeFormProps) {
  const [minutes, setMinutes] = useState(60);
  const [why, setWhy] = useState('');
  const [wanted, setWanted] = useState(false);
  return (
    <form
      className="acts"
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) return;
        if (why.trim() === '') return setWanted(true);
        send(minutes, why.trim());
      }}
    >
      <select
        ref={focus}
        aria-label="Snooze for"
        value={minutes}
        onChange={(event) => setMinutes(Number(event.target.value))}
      >
        {LENGTHS.map((length) => (
          <option key={length.minutes} value={length.minutes}>
            {length.name}
          </option>
        ))}
      </select>
      <label>
        {wanted && why.trim() === '' ? 'Say why first' : 'Why'}
        <input type="text" value={why} maxLength={WHY_MAX} onChange={(event) => setWhy(event.target.value)} />
      </label>
      <button type="submit" aria-disabled={busy}>
        Snooze
      </button>
    </form>
  );
}

/** The button that was pressed is gone: whoever goes on by keys goes on here. */
const focus = (field: HTMLSelectElement | null): void => field?.focus();
