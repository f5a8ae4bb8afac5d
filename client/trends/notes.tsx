import { type FormEvent, useRef, useState } from 'react';
import { BY_MAX, NOTE_TEXT_MAX } from '../../shared/limits-desk.ts';
import type { TrendMark } from '../../shared/wire-trends.ts';
import { CommandNotes } from '../ui/command-notes.tsx';
import { useCommand } from '../ui/use-command.ts';
import { useName } from '../ui/use-name.ts';
import { isDate, type Zone } from './dates.ts';

interface NotesProps {
  marks: readonly TrendMark[];
  now: number;
  zone: Zone;
  /** A note was added or removed. */
  changed: () => void;
}

const PATH = '/api/trends/notes';

/** What happened in the period: written by people, and the changes of the rules. */
export function Notes({ marks, now, zone, changed }: NotesProps) {
  const command = useCommand();
  const [name, keepName] = useName();
  const [wantsName, setWantsName] = useState(false);
  const [adding, setAdding] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  const send = async (words: object, method: 'POST' | 'DELETE', by: string) => {
    setWantsName(by === '');
    if (by === '') return;
    keepName(by);
    if (!(await command.send(PATH, { ...words, by }, method))) return;
    setAdding(false);
    changed();
    head.current?.focus();
  };
  return (
    <section className="notes" aria-label="Notes">
      <h2 tabIndex={-1} ref={head}>
        Notes and changes
        <button type="button" className="plain" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          Add a note
        </button>
      </h2>
      <CommandNotes command={command} wantsName={wantsName} />
      {adding ? (
        <NoteForm
          now={now}
          zone={zone}
          name={name}
          busy={command.busy}
          send={(note, by) => void send(note, 'POST', by)}
        />
      ) : null}
      {marks.length === 0 ? <p className="quiet">None in this period.</p> : null}
      <ul>
        {marks.map((mark) => (
          <NoteItem
            key={`${mark.kind} ${mark.id}`}
            mark={mark}
            zone={zone}
            busy={command.busy}
            remove={() => void send({ id: mark.id }, 'DELETE', name)}
          />
        ))}
      </ul>
    </section>
  );
}

interface NoteItemProps {
  mark: TrendMark;
  zone: Zone;
  busy: boolean;
  remove: () => void;
}

/** A note is removed in two steps; what was changed of the rules stays. */
function NoteItem({ mark, zone, busy, remove }: NoteItemProps) {
  const [asked, setAsked] = useState(false);
  return (
    <li>
      <span className="when">
        {zone.day(mark.at)}, {zone.minute(mark.at)}
      </span>
      <span>
        {mark.kind === 'rules' ? <b>Rules changed: </b> : null}
        {mark.text}
        {mark.by === null ? null : <span className="faint"> {mark.by}</span>}
      </span>
      {mark.kind === 'rules' ? null : asked ? (
        <span className="acts">
          <button type="button" className="primary" aria-disabled={busy} onClick={remove}>
            Yes, remove it
          </button>
          <button type="button" onClick={() => setAsked(false)}>
            Cancel
          </button>
        </span>
      ) : (
        <button
          type="button"
          className="plain"
          aria-label={`Remove the note ${mark.text}`}
          onClick={() => setAsked(true)}
        >
          Remove
        </button>
      )}
    </li>
  );
}

interface NoteFormProps {
  now: number;
  zone: Zone;
  name: string;
  busy: boolean;
  send: (note: { at: number; text: string }, by: string) => void;
}

/** Times are those of the site, wherever the reader's machine is. */
function NoteForm({ now, zone, name, busy, send }: NoteFormProps) {
  const [date, setDate] = useState(() => zone.date(now));
  const [time, setTime] = useState(() => zone.minute(now));
  const [text, setText] = useState('');
  const [by, setBy] = useState(name);
  const isWhole = isDate(date) && /^\d\d:\d\d$/.test(time) && text.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole && !busy) send({ at: zone.at(date, time), text: text.trim() }, by.trim());
  };
  return (
    <form className="add-note" onSubmit={submit}>
      <label>
        Date <input type="date" value={date} onChange={(event) => setDate(event.target.value)} />
      </label>
      <label>
        Time <input type="time" value={time} onChange={(event) => setTime(event.target.value)} />
      </label>
      <label className="text">
        What happened{' '}
        <input
          type="text"
          value={text}
          maxLength={NOTE_TEXT_MAX}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
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
      <button type="submit" className="primary" aria-disabled={!isWhole || busy}>
        Keep the note
      </button>
    </form>
  );
}
