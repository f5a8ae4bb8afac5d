import { type Instant, SECOND } from '../../../shared/time.ts';
import type { CallFact } from '../../fact.ts';
import { Problem } from '../../problem.ts';
import { type AmiMessage, first } from './ami-wire.ts';
import { createAsks } from './asks.ts';
import type { Calls } from './calls.ts';
import type { AsteriskConfig } from './config.ts';
import { createListing } from './listing.ts';
import { login } from './login.ts';
import { type Listing, resume } from './resume.ts';

/** An unanswered login or Ping this old means that the link is dead. */
export const ANSWER_WITHIN_MS = 10 * SECOND;

/** What we say to Asterisk on one connection, and what we make of its answers. */
export interface Conversation {
  begin(now: Instant): void;
  /** Asterisk has let us in: before that, nothing that comes is a sign of its life. */
  isIn(): boolean;
  /** What went on before is known again: Asterisk listed what is up, or will not, or was started anew. */
  isWhole(): boolean;
  /** Throws a Problem when Asterisk refuses us. */
  read(message: AmiMessage, arrivedAt: Instant): CallFact[];
  /** Sends a Ping. Throws a Problem when the last one, or the login, was not answered in time. */
  tick(now: Instant): CallFact[];
  /** We stop reading, or read on: what we do not read cannot be late. */
  hold(isHeld: boolean, now: Instant): void;
}

export interface ConversationNeeds {
  config: Pick<AsteriskConfig, 'id' | 'user' | 'secret' | 'md5'>;
  calls: Calls;
  /** When Asterisk was last heard before this connection; null when never. */
  heardBefore: Instant | null;
  send: (text: string) => void;
  /** The listing of what is up was refused, or was not. */
  denied: (isDenied: boolean) => void;
}

/** Login, what is up, and a Ping every few seconds: the whole of what is ever asked of Asterisk. */
export function createConversation(needs: ConversationNeeds): Conversation {
  const { config, calls } = needs;
  const asks = createAsks(needs.send);
  let held = false;
  let isIn = false;
  let isWhole = false;
  /** When the login or the Ping that is on its way must be answered; Infinity while none is. */
  let dueAt = Number.POSITIVE_INFINITY;
  const answered = (): CallFact[] => {
    dueAt = Number.POSITIVE_INFINITY;
    return [];
  };
  const resumed = (listing: Listing | null): CallFact[] => {
    const facts: CallFact[] = [];
    isWhole = true;
    resume(calls.book, listing, (fact) => facts.push(fact));
    return facts;
  };
  const listing = createListing(asks, (listed) => {
    needs.denied(listed === null);
    return resumed(listed);
  });

  return {
    begin(now) {
      dueAt = now + ANSWER_WITHIN_MS;
      login(asks, config, () => {
        isIn = true;
        return [...answered(), ...listing.begin(now)];
      });
    },
    isIn: () => isIn,
    isWhole: () => isWhole,
    read(message, arrivedAt) {
      if (message.has('Response') && !message.has('Event')) return asks.answered(message);
      if (!isIn) return [];
      const listed = listing.read(message);
      if (listed !== null) return listed;
      const booted = first(message, 'Event') === 'FullyBooted';
      if (booted)
        return isNewStart(first(message, 'Uptime'), needs.heardBefore, arrivedAt) ? resumed(null) : [];
      return calls.read(message, arrivedAt);
    },
    tick(now) {
      if (held) return [];
      if (now >= dueAt) throw new Problem('unavailable', `Asterisk "${config.id}" stopped answering.`);
      if (dueAt === Number.POSITIVE_INFINITY) {
        dueAt = now + ANSWER_WITHIN_MS;
        asks.ask('Ping', {}, answered);
      }
      return listing.tick(now);
    },
    hold(isHeld, now) {
      held = isHeld;
      if (dueAt !== Number.POSITIVE_INFINITY) dueAt = now + ANSWER_WITHIN_MS;
    },
  };
}

/** An uptime (whole seconds) shorter than the gap: Asterisk was started anew, and nothing of before is left. */
function isNewStart(uptime: string, heardBefore: Instant | null, at: Instant): boolean {
  return heardBefore !== null && /^\d+$/.test(uptime) && Number(uptime) * SECOND < at - heardBefore;
}
