import { type RequestHandler, Router } from 'express';
import {
  type CausesAnswer,
  type CausesQuery,
  causeCommand,
  type ItemsAnswer,
  type ItemsQuery,
  type StoryAnswer,
} from '../../shared/wire-items.ts';
import { adminOnly, command } from './desk.ts';
import { readCausesQuery, readItemsQuery, readStoryQuery } from './items-query.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';

export interface ItemsRoutesNeeds {
  lock: Lock;
  drill: {
    items(query: ItemsQuery): Promise<ItemsAnswer>;
    story(key: string): Promise<StoryAnswer>;
    sayCause(command: ReturnType<typeof causeCommand.parse>): Promise<void>;
    causes(query: CausesQuery): Promise<CausesAnswer>;
  };
}

/** The calls and emails behind a figure, for the people who look after it. */
export function itemsRoutes({ lock, drill }: ItemsRoutesNeeds): Router {
  const routes = Router();
  const read = (path: string, answer: RequestHandler): void => only(routes, path, [adminOnly(lock), answer]);
  read('/items', async (request, response) => {
    response.json(await drill.items(readItemsQuery(request.query)));
  });
  read('/items/story', async (request, response) => {
    response.json(await drill.story(readStoryQuery(request.query).key));
  });
  read('/trends/causes', async (request, response) => {
    response.json(await drill.causes(readCausesQuery(request.query)));
  });
  only(
    routes,
    '/items/cause',
    command(lock, causeCommand, async (given) => {
      await drill.sayCause(given);
      return { done: true };
    }),
    'POST',
  );
  return routes;
}
