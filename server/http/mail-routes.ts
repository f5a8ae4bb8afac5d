import { Router } from 'express';
import { type MailAnswer, mailCommand } from '../../shared/wire-desk.ts';
import { adminOnly, command } from './desk.ts';
import type { Lock } from './lock.ts';
import { readAndTell } from './only.ts';

export interface MailNeeds {
  lock: Lock;
  mail(): Promise<MailAnswer>;
  markMail(command: ReturnType<typeof mailCommand.parse>): Promise<void>;
}

/** Mail that waits for an answer, and what people say of it. */
export function mailRoutes(needs: MailNeeds): Router {
  const routes = Router();
  readAndTell(routes, '/mail', {
    read: [
      adminOnly(needs.lock),
      async (_request, response) => {
        response.json(await needs.mail());
      },
    ],
    tell: command(needs.lock, mailCommand, async (given) => {
      await needs.markMail(given);
      return { done: true };
    }),
  });
  return routes;
}
