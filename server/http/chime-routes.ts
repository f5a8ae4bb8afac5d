import { Router } from 'express';
import type { WhoAnswer } from '../../shared/wire-answer.ts';
import { chimeTone } from './chime-tone.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';
import { Refused } from './status.ts';

export interface ChimeNeeds {
  /** The sound of a board with a chime, `built-in` where it has none of its own; null where the board is silent. */
  chime(board: string): { type: string; bytes: Uint8Array } | 'built-in' | null;
}

/** The tone of each board that has one, for whoever may see the wall. */
export function chimeRoutes(needs: ChimeNeeds): Router {
  const routes = Router();
  const tone = { type: 'audio/wav', bytes: chimeTone() };
  only(routes, '/chimes/:board', (request, response) => {
    const chime = needs.chime(String(request.params.board));
    if (chime === null) throw new Refused('not_found', 'This board has no chime.');
    const { type, bytes } = chime === 'built-in' ? tone : chime;
    response.set('content-type', type).set('cache-control', 'private, no-cache').send(Buffer.from(bytes));
  });
  return routes;
}

/** Whether whoever asks may give commands, so that a wall in the hand offers none that would be refused. */
export function whoRoutes({ lock }: { lock: Lock }): Router {
  const routes = Router();
  only(routes, '/who', (request, response) => {
    response.json({ admin: lock.who(request) === 'admin' } satisfies WhoAnswer);
  });
  return routes;
}
