import { Router, urlencoded } from 'express';
import {
  reportSending,
  type SubscribersAnswer,
  subscriberCommand,
  subscriberRemoval,
} from '../../shared/wire-reports.ts';
import { adminOnly, command } from './desk.ts';
import { FORM_MAX_BYTES } from './limits.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';
import { escapeHtml, messagePage, page } from './page.ts';
import { Refused } from './status.ts';

export interface ReportsNeeds {
  lock: Lock;
  reports: {
    subscribers(): Promise<SubscribersAnswer>;
    subscribe(command: ReturnType<typeof subscriberCommand.parse>): Promise<void>;
    remove(command: ReturnType<typeof subscriberRemoval.parse>): Promise<void>;
    /** Resolves when the mail server has taken it. */
    sendNow(command: ReturnType<typeof reportSending.parse>): Promise<void>;
    /** By the token of a mail. False when nobody has it. */
    unsubscribe(token: string): Promise<boolean>;
  };
}

const done = { done: true };

/** Who is sent the weekly summary, for the people who look after it. */
export function reportsRoutes({ lock, reports }: ReportsNeeds): Router {
  const routes = Router();
  routes
    .route('/reports/subscribers')
    .get(adminOnly(lock), async (_request, response) => {
      response.json(await reports.subscribers());
    })
    .post(
      command(lock, subscriberCommand, async (given) => {
        await reports.subscribe(given);
        return done;
      }),
    )
    .delete(
      command(lock, subscriberRemoval, async (given) => {
        await reports.remove(given);
        return done;
      }),
    )
    .all(() => {
      const allow = 'GET, HEAD, POST, DELETE';
      throw new Refused('not_allowed', 'This takes GET, POST and DELETE.', { allow });
    });
  only(
    routes,
    '/reports/send',
    command(lock, reportSending, async (given) => {
      await reports.sendNow(given);
      return done;
    }),
    'POST',
  );
  return routes;
}

/**
 * The way out of the weekly summary, for whoever has one of its mails; no sign-in. Reading it changes nothing, since scanners
 * of mail follow links; a POST does it, from the page's button or from a mail program (RFC 8058, one click). The token is
 * all that is asked of the caller: a mail program has no cookie and no Origin of ours.
 */
export function unsubscribeRoutes({ reports }: Pick<ReportsNeeds, 'reports'>): Router {
  const routes = Router();
  routes
    .route('/unsubscribe')
    .get((request, response) => {
      const token = tokenIn(request.query.token);
      const form = `<p>The weekly summary will not be sent to this address any more.</p>
<form method="post" action="/unsubscribe?token=${escapeHtml(encodeURIComponent(token))}"><button>Stop the summary</button></form>`;
      response.set(QUIET).type('html').send(page('Stop the weekly summary?', form));
    })
    .post(urlencoded({ limit: FORM_MAX_BYTES, extended: false }), async (request, response) => {
      const was = await reports.unsubscribe(tokenIn(request.query.token));
      const words = was
        ? 'The weekly summary is not sent to this address any more.'
        : 'No weekly summary is sent by this link any more. If one still comes, use the link in that mail.';
      response.set(QUIET).type('html').send(messagePage('Stopped', words));
    })
    .all(() => {
      throw new Refused('not_allowed', 'This takes GET and POST.', { allow: 'GET, HEAD, POST' });
    });
  return routes;
}

/** The address of the page is a key: nothing keeps it, nothing is told of it. */
const QUIET = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const TOKEN_CHARS_MAX = 64;

function tokenIn(written: unknown): string {
  if (typeof written === 'string' && /^[\w-]+$/.test(written) && written.length <= TOKEN_CHARS_MAX)
    return written;
  throw new Refused('invalid', 'This link is not whole. Use the link at the end of a weekly summary.');
}
