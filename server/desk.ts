import type { FigureId } from '../shared/figure.ts';
import { createInTurn } from '../shared/in-turn.ts';
import { type Instant, SECOND } from '../shared/time.ts';
import type { MailAnswer, SourcesTodayAnswer } from '../shared/wire-desk.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { EmailFact } from './fact.ts';
import type { HttpNeeds } from './http/app.ts';
import type { Intake } from './intake/intake.ts';
import { markMail, openMail } from './intake/open-mail.ts';
import type { Roster } from './intake/roster.ts';
import { localDay } from './judge/local-day.ts';
import type { Log } from './log.ts';
import type { Store } from './store/store.ts';
import type { KeptMark } from './store/voice.ts';
import { createModeration } from './voice/moderation.ts';

/** Marks on mail that are listed with who made them. */
const MARKS_LISTED = 50;
/** Counting a day by source reads every item of it: one count serves everybody who asks meanwhile. */
const COUNTED_EVERY_MS = 15 * SECOND;

/** Figures that count what a source told of, and those of them that say what was left out and why. */
const COUNTED = ['callsOffered', 'emailsReceived', 'mentions'] as const satisfies readonly FigureId[];
const LEFT_OUT = [
  'shortAbandons',
  'callbacksAccepted',
  'overflowed',
  'outOfHours',
  'callsUnknown',
  'emailsAutomated',
  'emailsInternal',
  'emailsSpam',
  'emailsDuplicate',
  'emailsWaived',
  'emailsUnknown',
  'skew',
  'reach',
  'mentionsDeleted',
  'mentionsNotPublic',
  'mentionsOwn',
  'mentionsMutedAccount',
  'mentionsMutedWord',
  'mentionsOtherLanguage',
] as const satisfies readonly FigureId[];

export interface DeskNeeds {
  config: Pick<Config, 'rules' | 'site' | 'boards' | 'demo'>;
  clock: Clock;
  log: Log;
  store: Store;
  intake: Pick<Intake, 'save'>;
  roster: Pick<Roster, 'health' | 'test'>;
  /** People decided something of posts or quotes. */
  voiceChanged: () => void;
}

/** What HTTP needs for the pages for people. */
type Desk = Pick<
  HttpNeeds,
  | 'sourcesToday'
  | 'testSource'
  | 'posts'
  | 'actOnPost'
  | 'quotes'
  | 'chooseQuote'
  | 'withdrawQuote'
  | 'picture'
  | 'mail'
  | 'markMail'
>;

/** What the pages for people ask and tell: sources, mentions, mail. Every command is logged with who gave it. */
export function openDesk(needs: DeskNeeds): Desk {
  const { config, clock, log, store, intake, roster } = needs;
  const { rules, demo } = config;
  const { zone } = config.site;
  const moderation = createModeration({ store, zone, changed: needs.voiceChanged });
  const inTurn = createInTurn();
  const boards = config.boards
    .filter(({ mentions }) => mentions)
    .map(({ id, name, names }) => ({ id, name, names }));
  return {
    sourcesToday: keepFor(
      COUNTED_EVERY_MS,
      () => clock.now(),
      () => countToday(needs, clock.now()),
    ),
    testSource: (id) => roster.test(id),
    async posts(asked) {
      return { now: clock.now(), zone, demo, boards, ...(await moderation.posts(asked)) };
    },
    async actOnPost({ post, act, by }) {
      await moderation.act(post, act, { by, at: clock.now() });
      log.info({ post, act, by }, 'post moderated');
    },
    quotes: () => moderation.quotes(clock.now()),
    async chooseQuote({ by, ...quote }) {
      await moderation.choose(quote, { by, at: clock.now() });
      log.info({ post: quote.post, by }, 'quote of the day chosen');
    },
    async withdrawQuote({ id, by }) {
      await moderation.withdraw(id, { by, at: clock.now() });
      log.info({ quote: id, by }, 'quote of the day taken down');
    },
    picture: (id) => store.picture(id),
    async mail() {
      const now = clock.now();
      const { open, total } = await openMail({ store, rules }, now);
      const listed = open.map(({ dueAt, ...mail }) => ({
        ...mail,
        dueAt: Number.isFinite(dueAt) ? dueAt : null,
        overdue: now > dueAt,
      }));
      return { now, zone, demo, open: listed, total, marks: await lastMarks(store) };
    },
    async markMail({ ref, kind, by }) {
      await inTurn(() => markMail({ store, rules, intake }, { kind, ref, by, at: clock.now() }));
      log.info({ kind, by }, 'mail marked');
    },
  };
}

async function countToday({ store, roster, config }: DeskNeeds, now: Instant): Promise<SourcesTodayAnswer> {
  const { from, to } = localDay(now, config.site.zone);
  const counts = await store.countedBySource({ from, to }, [...COUNTED, ...LEFT_OUT]);
  const told = (id: string, figures: readonly FigureId[]): { figure: string; n: number }[] =>
    figures.flatMap((figure) => {
      const n = counts.get(id)?.[figure] ?? 0;
      return n === 0 ? [] : [{ figure, n }];
    });
  return {
    from,
    sources: roster
      .health(now)
      .map(({ id }) => ({ id, counted: told(id, COUNTED), leftOut: told(id, LEFT_OUT) })),
  };
}

async function lastMarks(store: Store): Promise<MailAnswer['marks']> {
  const marks = await store.mailMarks(MARKS_LISTED);
  const facts = await store.factsOf([...new Set(marks.map(({ item }) => item))]);
  return marks.flatMap((mark) => {
    // Waives of a call-back name a person, not a mail.
    if (!mark.item.startsWith('thread/')) return [];
    const kept = (facts.get(mark.item) ?? []).map(({ fact }) => fact as EmailFact);
    return [{ ref: mark.ref, kind: mark.kind, at: mark.at, by: mark.by ?? null, ...mailOf(kept, mark) }];
  });
}

function mailOf(
  facts: readonly EmailFact[],
  mark: KeptMark,
): { from: string | null; mailbox: string | null; receivedAt: Instant | null } {
  const mail = facts.find((fact) => fact.kind === 'mail_in' && fact.id === mark.ref);
  if (mail?.kind !== 'mail_in') return { from: null, mailbox: null, receivedAt: null };
  return { from: mail.from, mailbox: mail.mailbox ?? null, receivedAt: mail.at };
}

/** One piece of work at a time, whose result holds for a while. */
function keepFor<T>(ms: number, now: () => Instant, work: () => Promise<T>): () => Promise<T> {
  let kept: { at: Instant; result: Promise<T> } | null = null;
  return () => {
    if (kept !== null && Math.abs(now() - kept.at) < ms) return kept.result;
    const mine = { at: now(), result: work() };
    kept = mine;
    mine.result.catch(() => {
      if (kept === mine) kept = null;
    });
    return mine.result;
  };
}
