import { useEffect, useRef, useState } from 'react';
import { MINUTE } from '../../shared/time.ts';
import type { WireOpenMail } from '../../shared/wire-desk.ts';
import { lagText, type Times } from '../ui/times.ts';

interface MailRowProps {
  mail: WireOpenMail;
  now: number;
  times: Times;
  busy: boolean;
  mark: (ref: string, kind: 'waive' | 'spam') => Promise<void>;
}

/** One email that waits. What cannot be taken back is asked twice. */
export function MailRow({ mail, now, times, busy, mark }: MailRowProps) {
  const [asked, setAsked] = useState<'waive' | 'spam' | null>(null);
  const sure = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked !== null) sure.current?.focus();
  }, [asked]);
  const { ref, from, at, more } = mail;
  return (
    <li className={mail.overdue ? 'is-overdue' : ''}>
      <b className={mail.overdue ? 'due attn' : 'due'}>{dueText(mail, now, times)}</b>
      <span>received {times.minute(at, now)}</span>
      <span className="from">
        {from}
        {more === 0 ? null : <span className="faint"> and {more} more in the thread</span>}
      </span>
      {asked === null ? (
        <span className="acts">
          <button type="button" aria-disabled={busy} onClick={() => setAsked('waive')}>
            No reply needed
          </button>
          <button type="button" aria-disabled={busy} onClick={() => setAsked('spam')}>
            Spam
          </button>
        </span>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the question from any of its buttons
        <span
          className="acts"
          onKeyDown={(event) => {
            if (event.key === 'Escape') setAsked(null);
          }}
        >
          <button
            type="button"
            ref={sure}
            className="primary"
            aria-disabled={busy}
            onClick={() => void mark(ref, asked)}
          >
            {asked === 'waive' ? 'Yes, no reply needed' : 'Yes, it is spam'}
          </button>
          <button type="button" onClick={() => setAsked(null)}>
            Cancel
          </button>
        </span>
      )}
    </li>
  );
}

/** Due times count open minutes, so that a moment is said and not a countdown. */
function dueText({ dueAt, overdue }: WireOpenMail, now: number, times: Times): string {
  if (dueAt === null) return 'never due';
  if (overdue) return now - dueAt < MINUTE ? 'overdue' : `overdue for ${lagText(now - dueAt)}`;
  return `due ${times.minute(dueAt, now)}`;
}
