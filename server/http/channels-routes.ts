import { type RequestHandler, Router } from 'express';
import { byCommand } from '../../shared/wire-alerts.ts';
import type { ChannelsAnswer, UndeliveredAnswer } from '../../shared/wire-channels.ts';
import { sourceTest, type TestAnswer } from '../../shared/wire-desk.ts';
import { adminOnly, command } from './desk.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';

export interface ChannelsNeeds {
  lock: Lock;
  channels(): Promise<ChannelsAnswer>;
  /** Sends a message that says it is a test. Throws a Problem when that cannot be tried just now. */
  testChannel(id: string): Promise<TestAnswer>;
  undelivered(): Promise<UndeliveredAnswer>;
  /** Throws a Problem when it is not there, or may not be told any more. */
  tellAgain(id: string, by: string): Promise<void>;
  dropUndelivered(id: string, by: string): Promise<void>;
}

/** Where alerts are told, and what could not be told. For the admin, as the names are those of people. */
export function channelsRoutes(needs: ChannelsNeeds): Router {
  const { lock } = needs;
  const routes = Router();
  const read = (answer: () => Promise<unknown>): RequestHandler[] => [
    adminOnly(lock),
    async (_request, response) => {
      response.json(await answer());
    },
  ];
  only(
    routes,
    '/alerts/channels',
    read(() => needs.channels()),
  );
  only(
    routes,
    '/alerts/undelivered',
    read(() => needs.undelivered()),
  );
  only(
    routes,
    '/alerts/channels/:id/test',
    command(lock, sourceTest, (_given, request) => needs.testChannel(String(request.params.id))),
    'POST',
  );
  const acts = {
    again: (id: string, by: string) => needs.tellAgain(id, by),
    drop: (id: string, by: string) => needs.dropUndelivered(id, by),
  };
  for (const [name, act] of Object.entries(acts))
    only(
      routes,
      `/alerts/undelivered/:id/${name}`,
      command(lock, byCommand, async ({ by }, request) => {
        await act(String(request.params.id), by);
        return { done: true };
      }),
      'POST',
    );
  return routes;
}
