import './subscribers.css';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { BY_MAX } from '../../shared/limits-desk.ts';
import { ADDRESS_MAX } from '../../shared/limits-reports.ts';
import type { SubscribersAnswer, WireSubscriber } from '../../shared/wire-reports.ts';
import { CommandNotes } from '../ui/command-notes.tsx';
import { createTimes, type Times } from '../ui/times.ts';
import { useCommand } from '../ui/use-command.ts';
import { useFetched } from '../ui/use-fetched.ts';
import { useName } from '../ui/use-name.ts';
import type { Offered } from './offered.ts';

const LOOK_EVERY_MS = 30_000;
const PATH = '/api/reports/subscribers';

interface SubscribersProps {
  /** What can be told of, and what is looked at now. */
  offered: readonly Offered[];
  scope: string;
}

/** Who is sent the weekly summary by mail. */
export function Subscribers({ offered, scope }: SubscribersProps) {
  const { value, problem, again } = useFetched<SubscribersAnswer>(PATH, LOOK_EVERY_MS);
  const command = useCommand();
  const [name, keepName] = useName();
  const [wantsName, setWantsName] = useState(false);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<number | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const times = useMemo(() => createTimes(value?.zone ?? 'UTC'), [value?.zone]);
  const send = async (path: string, words: object, done: string, by = name, method?: 'DELETE') => {
    setWantsName(by === '');
    setSaid(null);
    if (by === '') return;
    keepName(by);
    const isDone = await command.send(path, { ...words, by }, method);
    again();
    if (!isDone) return;
    setSaid(done);
    setAdding(false);
    setAsked(null);
    // The row or the form goes, and the focus must not go with it.
    head.current?.focus();
  };
  return (
    <section className="subscribers" aria-label="Weekly summary by mail">
      <h2 tabIndex={-1} ref={head}>
        Weekly summary by mail
        {value?.sends === true ? (
          <button type="button" className="plain" aria-expanded={adding} onClick={() => setAdding(!adding)}>
            Add an address
          </button>
        ) : null}
      </h2>
      <p className="quiet">{value === null ? (problem ?? '–') : aboutText(value, times)}</p>
      <CommandNotes command={command} wantsName={wantsName} />
      <p className="done" role="status">
        {said}
      </p>
      {adding ? (
        <AddressForm
          offered={offered}
          scope={scope}
          name={name}
          busy={command.busy}
          send={(words, by) =>
            void send(PATH, words, `${words.address} is sent the summary from now on.`, by)
          }
        />
      ) : null}
      <ul>
        {(value?.subscribers ?? []).map((one) => (
          <li key={one.id} className={one.state === 'failed' ? 'is-failed' : ''}>
            <b>{one.address}</b>
            <span>{one.name ?? 'no longer here'}</span>
            <span className={one.state === 'failed' ? 'attn' : 'faint'}>
              {stateText(one, value?.now ?? 0, times)}
            </span>
            {asked === one.id ? (
              <Sure
                busy={command.busy}
                remove={() =>
                  void send(PATH, { id: one.id }, `${one.address} is sent nothing more.`, name, 'DELETE')
                }
                close={() => setAsked(null)}
              />
            ) : (
              <span className="acts">
                <button
                  type="button"
                  className="plain"
                  aria-disabled={command.busy || value?.sends !== true}
                  aria-label={`Send one to ${one.address} now`}
                  onClick={() =>
                    value?.sends === true &&
                    void send('/api/reports/send', { id: one.id }, `Sent to ${one.address}.`)
                  }
                >
                  Send one now
                </button>
                <button
                  type="button"
                  className="plain"
                  aria-label={`Remove ${one.address}`}
                  onClick={() => setAsked(one.id)}
                >
                  Remove
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Sure({ busy, remove, close }: { busy: boolean; remove: () => void; close: () => void }) {
  return (
    <span className="acts">
      <button type="button" className="primary" aria-disabled={busy} onClick={remove}>
        Yes, remove it
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
    </span>
  );
}

interface AddressFormProps extends SubscribersProps {
  name: string;
  busy: boolean;
  send: (words: { address: string; scope: string }, by: string) => void;
}

function AddressForm({ offered, scope, name, busy, send }: AddressFormProps) {
  const [address, setAddress] = useState('');
  const [of, setOf] = useState(scope);
  const [by, setBy] = useState(name);
  const isWhole = /^[^\s@]+@[^\s@]+$/.test(address.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole && !busy) send({ address: address.trim(), scope: of }, by.trim());
  };
  return (
    <form className="add-note" onSubmit={submit}>
      <label>
        Address{' '}
        <input
          type="text"
          inputMode="email"
          value={address}
          maxLength={ADDRESS_MAX}
          autoComplete="off"
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <label>
        About{' '}
        <select value={of} onChange={(event) => setOf(event.target.value)}>
          {offered.map((one) => (
            <option key={one.scope} value={one.scope}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Who says so{' '}
        <input
          type="text"
          value={by}
          maxLength={BY_MAX}
          autoComplete="name"
          onChange={(event) => setBy(event.target.value)}
        />
      </label>
      <button type="submit" className="primary" aria-disabled={!isWhole || busy}>
        Send it every week
      </button>
    </form>
  );
}

function aboutText({ sends, nextAt, now, subscribers }: SubscribersAnswer, times: Times): string {
  if (!sends) return 'No mail server is named, so no mail is sent: see “mail” in docs/configuration.md.';
  const next = nextAt === null ? '' : ` The next goes out ${times.minute(nextAt, now)}.`;
  return `${subscribers.length === 0 ? 'Nobody is sent it yet.' : 'The week before, with both charts.'}${next}`;
}

function stateText({ state, sentAt, nextAt, trouble }: WireSubscriber, now: number, times: Times): string {
  const sent = sentAt === null ? 'none sent yet' : `sent ${times.minute(sentAt, now)}`;
  switch (state) {
    case 'fresh':
    case 'sent':
      return sent;
    case 'due':
      return trouble === null || nextAt === null
        ? 'being sent'
        : `not taken: ${trouble} Tried again ${times.minute(nextAt, now)}.`;
    case 'failed':
      return `given up this week: ${trouble ?? ''}`;
  }
}
