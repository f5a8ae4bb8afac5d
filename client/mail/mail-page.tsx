import './mail.css';
import { useMemo, useRef, useState } from 'react';
import { SECOND } from '../../shared/time.ts';
import type { MailAnswer } from '../../shared/wire-desk.ts';
import { CommandNotes } from '../ui/command-notes.tsx';
import { Alert, Desk, openDesk } from '../ui/desk.tsx';
import { createTimes, type Times } from '../ui/times.ts';
import { useCommand } from '../ui/use-command.ts';
import { useFetched } from '../ui/use-fetched.ts';
import { useName } from '../ui/use-name.ts';
import { You } from '../ui/you.tsx';
import { MailRow } from './mail-row.tsx';

const LOOK_EVERY_MS = 10 * SECOND;

/** Opens the page of mail that waits for an answer. */
export function openMail(root: HTMLElement): void {
  openDesk(root, <MailPage />);
}

function MailPage() {
  const mail = useFetched<MailAnswer>('/api/mail', LOOK_EVERY_MS);
  const [name, keepName] = useName();
  const nameField = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLHeadingElement>(null);
  const command = useCommand();
  const [said, setSaid] = useState<string | null>(null);
  const [wantsName, setWantsName] = useState(false);
  const { value } = mail;

  const mark = async (ref: string, kind: 'waive' | 'spam') => {
    if (name === '') {
      setWantsName(true);
      nameField.current?.focus();
      return;
    }
    setWantsName(false);
    setSaid(null);
    if (await command.send('/api/mail', { ref, kind, by: name })) {
      setSaid(kind === 'waive' ? 'Marked: no reply needed.' : 'Marked as spam.');
      // The row goes, and the focus must not go with it.
      list.current?.focus();
    }
    mail.again();
  };
  return (
    <Desk
      path="/mail"
      title="Mail"
      about="Emails that wait for an answer."
      demo={value?.demo === true}
      well={mail.problem === null}
      aside={<You name={name} keep={keepName} field={nameField} />}
    >
      {mail.problem === null ? null : (
        <Alert text={mail.problem}>
          <button type="button" onClick={mail.again}>
            Try again
          </button>
        </Alert>
      )}
      <CommandNotes command={command} wantsName={wantsName && name === ''} />
      <p className="done" role="status">
        {said}
      </p>
      {value === null ? (
        <section className="row">{mail.waiting && mail.problem === null ? <p>–</p> : null}</section>
      ) : (
        <Lists mail={value} head={list} busy={command.busy} mark={mark} />
      )}
    </Desk>
  );
}

function Lists({
  mail,
  head,
  busy,
  mark,
}: {
  mail: MailAnswer;
  head: React.RefObject<HTMLHeadingElement | null>;
  busy: boolean;
  mark: (ref: string, kind: 'waive' | 'spam') => Promise<void>;
}) {
  const times = useMemo(() => createTimes(mail.zone), [mail.zone]);
  const { open, total, now } = mail;
  const mailboxes = [...new Set(open.map(({ mailbox }) => mailbox))];
  const overdue = open.filter((one) => one.overdue).length;
  return (
    <>
      <section className="row" aria-label="Open mail">
        <h2 tabIndex={-1} ref={head}>
          {total === 0 ? 'No email is waiting' : `${total} waiting, ${overdue} overdue`}
          {total > open.length ? <small>the {open.length} soonest due are listed</small> : null}
        </h2>
        <p className="quiet rule">
          “No reply needed” takes an email out of the promise, “spam” out of the mail; both are counted in
          public, with who said so. Neither can be taken back. If the customer writes again, that counts anew.
        </p>
        {mailboxes.map((mailbox) => (
          <div key={mailbox ?? ''} className="mailbox">
            <h3>{mailbox ?? 'In no mailbox of ours'}</h3>
            <ul>
              {open
                .filter((one) => one.mailbox === mailbox)
                .map((one) => (
                  <MailRow key={one.ref} mail={one} now={now} times={times} busy={busy} mark={mark} />
                ))}
            </ul>
          </div>
        ))}
      </section>
      <Marks marks={mail.marks} now={now} times={times} />
    </>
  );
}

function Marks({ marks, now, times }: { marks: MailAnswer['marks']; now: number; times: Times }) {
  return (
    <section className="row" aria-label="Marked lately">
      <h2>Marked lately</h2>
      {marks.length === 0 ? <p className="quiet">Nothing yet.</p> : null}
      <ul className="marks">
        {marks.map((mark) => (
          <li key={`${mark.kind} ${mark.ref} ${mark.at}`}>
            <b>{mark.kind === 'waive' ? 'No reply needed' : 'Spam'}</b>, {times.minute(mark.at, now)},{' '}
            {mark.by === null ? 'by a program' : `by ${mark.by}`}
            <span className="faint">
              {mark.from === null ? '' : `, from ${mark.from}`}
              {mark.receivedAt === null ? '' : `, received ${times.minute(mark.receivedAt, now)}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
