import { type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import {
  type AlertsAnswer,
  type AuditAnswer,
  ackCommand,
  byCommand,
  type PreviewAnswer,
  previewCommand,
  type RuleMade,
  type RulesAnswer,
  ruleChange,
  ruleCommand,
  silenceCommand,
  snoozeCommand,
  type WireSilence,
} from '../../shared/wire-alerts.ts';
import { adminOnly, command } from './desk.ts';
import type { Lock } from './lock.ts';
import { only, readAndTell } from './only.ts';
import { Refused } from './status.ts';

type Given<T extends z.ZodType> = z.output<T>;

export interface AlertsNeeds {
  lock: Lock;
  rules(): Promise<RulesAnswer>;
  makeRule(given: Given<typeof ruleCommand>): Promise<RuleMade>;
  changeRule(id: string, given: Given<typeof ruleChange>): Promise<RuleMade>;
  turnRule(id: string, on: boolean, by: string): Promise<RuleMade>;
  dropRule(id: string, by: string): Promise<void>;
  previewRule(given: Given<typeof previewCommand>): Promise<PreviewAnswer>;
  /** `after`: the `next` of the page before; throws a Problem when it is none. */
  alerts(asked: { after: string | null }): Promise<AlertsAnswer>;
  ackAlert(id: string, given: Given<typeof ackCommand>): Promise<void>;
  snoozeAlert(id: string, given: Given<typeof snoozeCommand>): Promise<void>;
  makeSilence(given: Given<typeof silenceCommand>): Promise<{ silence: WireSilence }>;
  endSilence(id: string, by: string): Promise<void>;
  ruleChanges(asked: { after: string | null }): Promise<AuditAnswer>;
  undoChange(id: number, by: string): Promise<void>;
}

const done = { done: true };

/** Rules of attention, what they found, and who changed what. Everything is for the admin, as the rules name people. */
export function alertsRoutes(needs: AlertsNeeds): Router {
  const { lock } = needs;
  const routes = Router();
  const read = (answer: (after: string | null) => Promise<unknown>): RequestHandler[] => [
    adminOnly(lock),
    async (request, response) => {
      const { after } = request.query;
      response.json(await answer(typeof after === 'string' && after !== '' ? after : null));
    },
  ];
  const tell = (path: string, handlers: RequestHandler[]): void => only(routes, path, handlers, 'POST');

  readAndTell(routes, '/alerts/rules', {
    read: read(() => needs.rules()),
    tell: command(lock, ruleCommand, (given) => needs.makeRule(given)),
  });
  tell(
    '/alerts/rules/:id',
    command(lock, ruleChange, (given, request) => needs.changeRule(String(request.params.id), given)),
  );
  tell(
    '/alerts/rules/:id/delete',
    acted(lock, byCommand, (id, { by }) => needs.dropRule(id, by)),
  );
  for (const on of [true, false])
    tell(
      `/alerts/rules/:id/${on ? 'on' : 'off'}`,
      command(lock, byCommand, ({ by }, request) => needs.turnRule(String(request.params.id), on, by)),
    );
  tell(
    '/alerts/preview',
    command(lock, previewCommand, (given) => needs.previewRule(given)),
  );
  only(
    routes,
    '/alerts',
    read((after) => needs.alerts({ after })),
  );
  tell(
    '/alerts/silences',
    command(lock, silenceCommand, (given) => needs.makeSilence(given)),
  );
  tell(
    '/alerts/silences/:id/end',
    acted(lock, byCommand, (id, { by }) => needs.endSilence(id, by)),
  );
  only(
    routes,
    '/alerts/changes',
    read((after) => needs.ruleChanges({ after })),
  );
  tell(
    '/alerts/changes/:id/undo',
    acted(lock, byCommand, (id, { by }) => needs.undoChange(numberOf(id), by)),
  );
  tell(
    '/alerts/:id/ack',
    acted(lock, ackCommand, (id, given) => needs.ackAlert(id, given)),
  );
  tell(
    '/alerts/:id/snooze',
    acted(lock, snoozeCommand, (id, given) => needs.snoozeAlert(id, given)),
  );
  return routes;
}

/** A command on one thing, answered with `done`. */
function acted<T extends z.ZodType>(
  lock: Lock,
  schema: T,
  act: (id: string, given: z.output<T>) => Promise<void>,
): RequestHandler[] {
  return command(lock, schema, async (given, request) => {
    await act(String(request.params.id), given);
    return done;
  });
}

function numberOf(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new Refused('not_found', 'There is no such change. Reload the list.');
}
