import { randomBytes } from 'node:crypto';
import type { Scope } from '../../shared/figure.ts';
import { createInTurn } from '../../shared/in-turn.ts';
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Trends } from '../metrics/trends.ts';
import { Problem } from '../problem.ts';
import { MailProblem } from '../smtp/mail-problem.ts';
import type { Smtp } from '../smtp/send-mail.ts';
import type { ReportProgress, ReportSubscribers, Subscriber } from '../store/reports.ts';
import { type Drawn, drawSummary, mailOf } from './compose.ts';
import { type DueTime, type ReportWeek, reportWeek } from './report-week.ts';
import { SUMMED, type Summary, summaryOf } from './summary.ts';

/** People who are sent a summary; each takes a connection to the mail server. */
export const SUBSCRIBERS_MAX = 200;
/** How often it is looked whether one is due. */
export const LOOK_EVERY_MS = 30 * SECOND;
/** Attempts at one mail, which take about two days. */
export const TRIES_MAX = 30;
const DELAYS_MS = [1, 5, 15, 30, 60].map((minutes) => minutes * MINUTE);
const DELAY_MAX_MS = 120 * MINUTE;
/** A server that refuses our login is not asked again and again: it would lock the account. */
const LOCKED_OUT_MS = 60 * MINUTE;

export interface WeeklyNeeds {
  store: ReportSubscribers;
  trends: Pick<Trends, 'series' | 'heatmap' | 'scopes'>;
  smtp: Smtp;
  clock: Clock;
  log: Log;
  /** Name of the site. */
  site: string;
  zone: string;
  due: DueTime;
  /** Where people open First Ring. */
  url: string;
  /** What charts are lettered with. */
  font: () => Promise<Uint8Array | null>;
}

export interface Weekly {
  /** Sends what is due, at once and from then on, until it is told to stop. */
  run(stop: AbortSignal): Promise<void>;
  /** Sends the last week to one subscriber. @throws Problem that says why it was not taken. */
  sendNow(id: number): Promise<void>;
  /** @throws Problem when the address has this scope already, or there are too many. */
  subscribe(given: { address: string; scope: Scope; by: string }): Promise<Subscriber>;
  /** When the next ones are due. */
  nextAt(): Instant;
}

/**
 * The weekly summary by mail. It is written down that one is due before it is sent, and that it was sent after: each
 * subscriber gets each week once, except where this process ends between the two, when the same mail is sent again under
 * the same Message-ID.
 */
export function createWeekly(needs: WeeklyNeeds): Weekly {
  const { store, clock, log, zone, due, smtp } = needs;
  const weekNow = (): ReportWeek => reportWeek(clock.now(), zone, due);
  // A round and a single mail are never under way together, or one subscriber could be sent two.
  const inTurn = createInTurn();
  return {
    async run(stop) {
      stop.addEventListener('abort', () => smtp.close());
      while (!stop.aborted) {
        try {
          await inTurn(() => sendDue(needs, weekNow(), stop));
        } catch (error) {
          log.error({ err: error }, 'the weekly summary could not be looked after; it is tried again');
        }
        await clock.sleep(LOOK_EVERY_MS, stop);
      }
    },
    sendNow: (id) =>
      inTurn(async () => {
        const to = (await store.subscribers()).find((one) => one.id === id);
        if (to === undefined) throw new Problem('not_found', 'This subscriber is not there any more.');
        const week = weekNow();
        const at = clock.now();
        const drawn = await makeSummary(needs, to.scope, week);
        await smtp.send(mailOf(drawn, to, { url: needs.url, at, occasion: `${week.from} asked for ${at}` }));
        log.info({ subscriber: id }, 'weekly summary sent on request');
        const isDone = to.week === week.from && to.state !== 'fresh';
        await store.setProgress(id, isDone ? sent(to, at) : { ...to, sentAt: at });
      }),
    async subscribe(given) {
      const { scopes } = needs.trends.scopes();
      if (!scopes.some(({ scope }) => scope === given.scope))
        throw new Problem('invalid', `scope: there is no "${given.scope.slice(0, 100)}".`);
      const token = randomBytes(24).toString('base64url');
      const added = await store.addSubscriber(
        { ...given, at: clock.now(), token, week: weekNow().from },
        SUBSCRIBERS_MAX,
      );
      if (added !== null) return added;
      const isFull = (await store.subscribers()).length >= SUBSCRIBERS_MAX;
      throw new Problem(
        isFull ? 'too_many' : 'invalid',
        isFull
          ? `There are ${SUBSCRIBERS_MAX} subscribers, and no more fit. Use a list address.`
          : 'This address is sent this summary already.',
      );
    },
    nextAt: () => weekNow().nextDueAt,
  };
}

/** One round. When the mail server itself is the trouble, everybody waits. */
async function sendDue(needs: WeeklyNeeds, week: ReportWeek, stop: AbortSignal): Promise<void> {
  const { store, clock, log } = needs;
  const now = clock.now();
  const waiting: Subscriber[] = [];
  for (const one of await store.subscribers()) {
    const begun = one.week < week.from ? { ...one, ...begin(one, week.from, now) } : one;
    if (begun !== one) await store.setProgress(one.id, begun);
    if (begun.state === 'due' && (begun.nextAt ?? 0) <= now) waiting.push(begun);
  }
  const drawn = new Map<Scope, Promise<Drawn>>();
  for (const [i, to] of waiting.entries()) {
    if (stop.aborted) return;
    // A round takes long where the mail server is slow, and somebody may have left in the meantime.
    if (!(await isThere(store, to.id))) continue;
    const trying = { ...to, tries: to.tries + 1, nextAt: now + delayMs(to.tries) };
    // First written, then tried: what went wrong in between is never tried in haste.
    await store.setProgress(to.id, trying);
    try {
      const summary = drawn.get(to.scope) ?? makeSummary(needs, to.scope, week);
      drawn.set(to.scope, summary);
      await needs.smtp.send(mailOf(await summary, to, { url: needs.url, at: now, occasion: week.from }));
    } catch (error) {
      if (stop.aborted) return;
      await store.setProgress(to.id, after(trying, error, now));
      log[error instanceof Problem ? 'warn' : 'error'](
        { subscriber: to.id, err: error },
        'weekly summary not sent',
      );
      if (!isOfServer(error)) continue;
      for (const other of waiting.slice(i + 1))
        await store.setProgress(other.id, { ...after({ ...other, nextAt: trying.nextAt }, error, now) });
      return;
    }
    await store.setProgress(to.id, sent(trying, clock.now()));
    log.info({ subscriber: to.id, week: week.from }, 'weekly summary sent');
  }
}

async function isThere(store: ReportSubscribers, id: number): Promise<boolean> {
  return (await store.subscribers()).some((one) => one.id === id);
}

function begin({ sentAt }: Subscriber, week: string, now: Instant): ReportProgress {
  return { week, state: 'due', tries: 0, nextAt: now, sentAt, trouble: null };
}

function sent(progress: ReportProgress, at: Instant): ReportProgress {
  return { ...progress, state: 'sent', nextAt: null, sentAt: at, trouble: null };
}

/** Tried again, unless this very mail was refused for good or it was tried long enough. */
function after<T extends ReportProgress>(progress: T, error: unknown, now: Instant): T {
  const trouble =
    error instanceof Problem ? error.message : 'The summary could not be made. The log says why.';
  const isRefused = error instanceof MailProblem && error.lasting;
  const isOver = (isRefused && !isOfServer(error)) || progress.tries >= TRIES_MAX;
  if (isOver || isGone(error)) return { ...progress, state: 'failed', nextAt: null, trouble };
  const nextAt = Math.max(progress.nextAt ?? 0, isRefused ? now + LOCKED_OUT_MS : 0);
  return { ...progress, nextAt, trouble };
}

function isOfServer(error: unknown): boolean {
  return error instanceof MailProblem && !error.ofRecipient;
}

/** What it is about is not there any more. */
function isGone(error: unknown): boolean {
  return error instanceof Problem && error.code === 'not_found';
}

function delayMs(tries: number): number {
  return DELAYS_MS[tries] ?? DELAY_MAX_MS;
}

async function makeSummary(needs: WeeklyNeeds, scope: Scope, week: ReportWeek): Promise<Drawn> {
  const summary = await summaryFor(needs, scope, week);
  return drawSummary(summary, await needs.font());
}

async function summaryFor(
  { trends, site }: WeeklyNeeds,
  scope: Scope,
  { from, to }: ReportWeek,
): Promise<Summary> {
  const known = trends.scopes().scopes.find((one) => one.scope === scope);
  if (known === undefined) throw new Problem('not_found', `There is no "${scope}" any more.`);
  const figures = SUMMED.filter((figure) => known.figures.includes(figure));
  const period = { from, to };
  const told = await trends.series({ ...period, by: 'day', figures, scopes: [scope], against: 'before' });
  const heatmaps = [];
  for (const figure of ['firstRing', 'emailsWithinHour'] as const)
    if (known.figures.includes(figure)) heatmaps.push(await trends.heatmap({ ...period, figure, scope }));
  return summaryOf({ site, scope: known, week: told, heatmaps });
}
