import { type FormEvent, type RefObject, useId, useState } from 'react';
import { BY_MAX } from '../../../shared/limits-desk.ts';
import { CAUSE_MAX, TAGGED_MAX } from '../../../shared/limits-items.ts';
import { CommandNotes } from '../../ui/command-notes.tsx';
import { useCommand } from '../../ui/use-command.ts';
import { useName } from '../../ui/use-name.ts';

interface CauseFormProps {
  /** Those that are chosen. */
  keys: ReadonlySet<string>;
  one: string;
  of: string;
  /** Some of them have a cause that can be taken away. */
  hasCause: boolean;
  known: readonly string[];
  field: RefObject<HTMLInputElement | null>;
  kept: (keys: ReadonlySet<string>, cause: string | null) => void;
  forget: () => void;
}

/** Says what the chosen calls or emails came from: a sentence, or one that was used before. */
export function CauseForm({ keys, one, of, hasCause, known, field, kept, forget }: CauseFormProps) {
  const command = useCommand();
  const [name, keepName] = useName();
  const [by, setBy] = useState(name);
  const [cause, setCause] = useState('');
  const [wantsName, setWantsName] = useState(false);
  const list = useId();
  const isTooMany = keys.size > TAGGED_MAX;
  const send = async (said: string | null) => {
    const who = by.trim();
    setWantsName(who === '');
    if (who === '' || isTooMany) return;
    keepName(who);
    if (await command.send('/api/items/cause', { keys: [...keys], cause: said, by: who })) {
      setCause('');
      kept(keys, said);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (cause.trim() === '') field.current?.focus();
    else void send(cause.trim());
  };
  const chosen = `${keys.size.toLocaleString('en')} ${keys.size === 1 ? one : of} chosen`;
  return (
    <form className="say-cause" onSubmit={submit} aria-label="Cause">
      <p>
        <b>{chosen}</b>
        {isTooMany ? <span className="attn"> At most {TAGGED_MAX} at a time.</span> : null}
      </p>
      <label className="text">
        Cause{' '}
        <input
          ref={field}
          type="text"
          value={cause}
          maxLength={CAUSE_MAX}
          list={list}
          autoComplete="off"
          placeholder="Carrier trunk down"
          onChange={(event) => setCause(event.target.value)}
        />
      </label>
      <datalist id={list}>
        {known.map((said) => (
          <option key={said} value={said} />
        ))}
      </datalist>
      <label>
        Who{' '}
        <input
          type="text"
          value={by}
          maxLength={BY_MAX}
          autoComplete="name"
          onChange={(event) => setBy(event.target.value)}
        />
      </label>
      <span className="acts">
        <button type="submit" className="primary" aria-disabled={command.busy || isTooMany}>
          Keep the cause
        </button>
        {hasCause ? (
          <button type="button" aria-disabled={command.busy || isTooMany} onClick={() => void send(null)}>
            Take the cause away
          </button>
        ) : null}
        <button type="button" onClick={forget}>
          Choose none
        </button>
      </span>
      <CommandNotes command={command} wantsName={wantsName && by.trim() === ''} />
    </form>
  );
}
