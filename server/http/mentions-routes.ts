import { Router } from 'express';
import type { PostsAnswer, QuotesAnswer } from '../../shared/wire-desk.ts';
import { postCommand, quoteCommand, quoteRemoval } from '../../shared/wire-desk.ts';
import { adminOnly, command } from './desk.ts';
import type { Lock } from './lock.ts';
import { only, readAndTell } from './only.ts';
import { Refused } from './status.ts';

export interface MentionsNeeds {
  lock: Lock;
  posts(asked: { after: string | null; mark: 'hidden' | 'pinned' | null }): Promise<PostsAnswer>;
  actOnPost(command: ReturnType<typeof postCommand.parse>): Promise<void>;
  quotes(): Promise<QuotesAnswer>;
  chooseQuote(command: ReturnType<typeof quoteCommand.parse>): Promise<void>;
  withdrawQuote(command: ReturnType<typeof quoteRemoval.parse>): Promise<void>;
  /** An author's picture by its id; null when it is not kept. */
  picture(id: string): Promise<{ type: string; bytes: Uint8Array } | null>;
}

const done = { done: true };

/** Posts and the quote of the day, for the people who look after them. Hidden posts are nobody else's business. */
export function mentionsRoutes(needs: MentionsNeeds): Router {
  const { lock } = needs;
  const routes = Router();
  readAndTell(routes, '/posts', {
    read: [
      adminOnly(lock),
      async (request, response) => {
        const { after, mark } = request.query;
        response.json(await needs.posts({ after: textOf(after), mark: markOf(mark) }));
      },
    ],
    tell: command(lock, postCommand, async (given) => {
      await needs.actOnPost(given);
      return done;
    }),
  });
  readAndTell(routes, '/quotes', {
    read: [
      adminOnly(lock),
      async (_request, response) => {
        response.json(await needs.quotes());
      },
    ],
    tell: command(lock, quoteCommand, async (given) => {
      await needs.chooseQuote(given);
      return done;
    }),
  });
  only(
    routes,
    '/quotes/withdraw',
    command(lock, quoteRemoval, async (given) => {
      await needs.withdrawQuote(given);
      return done;
    }),
    'POST',
  );
  return routes;
}

/** Authors' pictures, from this server alone. They are strangers' bytes: nothing in them may run or be taken for a page. */
export function pictureRoutes(needs: Pick<MentionsNeeds, 'picture'>): Router {
  const routes = Router();
  only(routes, '/avatars/:id', async (request, response) => {
    const id = String(request.params.id);
    const picture = /^[\da-f]{32}$/.test(id) ? await needs.picture(id) : null;
    if (picture === null) throw new Refused('not_found', 'There is no such picture here.');
    response
      .set('content-type', picture.type)
      .set('content-security-policy', "default-src 'none'; sandbox")
      .set('cross-origin-resource-policy', 'same-origin')
      .set('cache-control', 'private, max-age=604800, immutable')
      .send(Buffer.from(picture.bytes));
  });
  return routes;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function markOf(value: unknown): 'hidden' | 'pinned' | null {
  if (value === undefined || value === '') return null;
  if (value === 'hidden' || value === 'pinned') return value;
  throw new Refused('invalid', 'mark: must be hidden or pinned.');
}
