import type { Fact, MailIn, MailMark, NotSpam } from '../fact.ts';

/** What a fact of a call or an email says, in a sentence. Staff are never told apart: whoever it was is a phone. */
export function factWords(fact: Fact): string {
  switch (fact.kind) {
    case 'arrived':
      return 'The phone system took the call.';
    case 'offered': {
      const where = fact.queue === undefined ? 'The call was put through' : `The call joined ${fact.queue}`;
      return fact.leg === 'transfer' ? `${where}, transferred.` : `${where}.`;
    }
    case 'alert':
      return 'A phone began to ring.';
    case 'alert_end':
      return ALERT_ENDS[fact.why];
    case 'pickup':
      return fact.agent === undefined && fact.leg === undefined
        ? 'The far end picked up.'
        : 'A phone was picked up.';
    case 'bridged':
      return 'The two sides could talk.';
    case 'end':
      return ENDS[fact.why];
    case 'mail_in':
      return received(fact);
    case 'mail_out':
      return 'A mail of ours went out.';
    case 'waive':
    case 'spam':
    case 'not_spam':
      return marked(fact);
    case 'text_in':
      return 'A text came in.';
    case 'post':
    case 'post_delete':
    case 'quote':
    case 'alive':
      return 'Something else was told.';
  }
}

const ALERT_ENDS = {
  no_answer: 'A phone stopped ringing; nobody picked up.',
  reject: 'A phone turned the call down.',
  busy: 'A phone was busy.',
  cancel: 'A phone stopped ringing; the call was taken elsewhere, or the caller left.',
};

const ENDS = {
  abandon: 'The caller hung up before anybody answered.',
  hangup: 'The call ended.',
  voicemail: 'The call went to voicemail.',
  timeout: 'The call had waited too long and left the queue.',
  callback: 'The caller chose to be called back.',
  overflow: 'The call moved on, unanswered.',
  unavailable: 'There was no phone to be had.',
  unknown: 'What happened after this was lost.',
};

function received({ from, mailbox, spam, hdr }: MailIn): string {
  const where = mailbox === undefined ? '' : ` in ${mailbox}`;
  const isFromProgram = (hdr?.['auto-submitted'] ?? 'no') !== 'no';
  const how = `${spam === true ? ', in the spam folder' : ''}${isFromProgram ? ', written by a program' : ''}`;
  return `A mail came in${where}, from ${from}${how}.`;
}

function marked({ kind, by }: MailMark | NotSpam): string {
  const who = by === undefined ? '' : `, by ${by}`;
  if (kind === 'waive') return `Marked: no reply needed${who}.`;
  return kind === 'spam' ? `Marked as spam${who}.` : `Marked as no spam${who}.`;
}
