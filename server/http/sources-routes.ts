import { Router } from 'express';
import type { SourcesTodayAnswer, TestAnswer } from '../../shared/wire-desk.ts';
import { sourceTest } from '../../shared/wire-desk.ts';
import { command } from './desk.ts';
import type { Lock } from './lock.ts';
import { only } from './only.ts';

export interface SourcesNeeds {
  lock: Lock;
  /** What each source told of today. */
  sourcesToday(): Promise<SourcesTodayAnswer>;
  /** Tries to connect once. Throws a Problem when that cannot be tried just now. */
  testSource(id: string): Promise<TestAnswer>;
}

/** How the sources are doing, beside /api/status. */
export function sourcesRoutes(needs: SourcesNeeds): Router {
  const routes = Router();
  only(routes, '/sources/today', async (_request, response) => {
    response.json(await needs.sourcesToday());
  });
  only(
    routes,
    '/sources/:id/test',
    command(needs.lock, sourceTest, (_given, request) => needs.testSource(String(request.params.id))),
    'POST',
  );
  return routes;
}
