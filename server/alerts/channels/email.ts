import { unlessStopped } from '../../outgoing/unless-stopped.ts';
import { MailProblem } from '../../smtp/mail-problem.ts';
import type { Smtp } from '../../smtp/send-mail.ts';
import { type Channel, type ChannelConfig, type Message, NotTold } from './channel.ts';
import { htmlOf } from './email-html.ts';
import { markOf } from './post.ts';
import { cut, headOf, type Place, plainTextOf } from './words.ts';

const SUBJECT_CHARS_MAX = 200;

/** One address, by the mail server of the site: whether it was taken is then one answer. */
export function createEmail(
  config: ChannelConfig & { kind: 'email' },
  needs: { smtp: Smtp; place: Place; from: string },
): Channel {
  const { id, name, to } = config;
  const host = needs.from.slice(needs.from.lastIndexOf('@') + 1);
  return {
    id,
    name,
    kind: 'email',
    mark: markOf(to),
    async send(message, stop) {
      stop.throwIfAborted();
      const [first] = message.turns;
      try {
        const mail = {
          to,
          subject: cut(headOf(message), SUBJECT_CHARS_MAX),
          text: `${plainTextOf(message, needs.place)}\n`,
          html: htmlOf(message, needs.place),
          messageId: `<${message.id}@${host}>`,
          at: Math.max(...message.turns.map(({ at }) => at)),
          headers: headersOf(message, first === undefined ? '' : `<alert-${first.alert.id}@${host}>`),
        };
        await unlessStopped(needs.smtp.send(mail), stop);
      } catch (error) {
        if (!(error instanceof MailProblem)) throw error;
        throw new NotTold(`The channel "${id}": ${error.message}`, { lasting: error.lasting, cause: error });
      }
      return 'The mail server has taken it.';
    },
  };
}

function headersOf({ turns }: Message, thread: string): Record<string, string> {
  const critical = turns.some(
    ({ kind, alert }) => alert.level === 'critical' && (kind === 'fired' || kind === 'risen'),
  );
  return {
    // RFC 3834: no out-of-office reply to this.
    'Auto-Submitted': 'auto-generated',
    // Mails about one alert stand together; the mail that is named was never sent, which RFC 5322 allows.
    ...(turns.length === 1 ? { References: thread } : {}),
    ...(critical ? { Importance: 'high', 'X-Priority': '1' } : {}),
  };
}
