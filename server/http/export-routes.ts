import { Router } from 'express';
import { adminOnly } from './desk.ts';
import { createDownloads } from './download.ts';
import { itemsDownload } from './export-items.ts';
import { trendsDownload } from './export-trends.ts';
import { readItemsQuery } from './items-query.ts';
import type { ItemsRoutesNeeds } from './items-routes.ts';
import { only } from './only.ts';
import { readSeriesQuery } from './trends-query.ts';
import type { TrendsRoutesNeeds } from './trends-routes.ts';

export type ExportNeeds = TrendsRoutesNeeds & ItemsRoutesNeeds;

/** What is on screen, as files: asked for in the same words as /api/trends and /api/items. */
export function exportRoutes({ lock, trends, drill }: ExportNeeds): Router {
  const routes = Router();
  const send = createDownloads();
  for (const format of ['csv', 'json'] as const) {
    only(routes, `/trends.${format}`, [
      adminOnly(lock),
      async (request, response) => {
        const known = trends.scopes();
        const names = new Map(known.scopes.map(({ scope, name }) => [scope, name]));
        const answer = await trends.series(readSeriesQuery(request.query, known));
        await send(
          request,
          response,
          trendsDownload(answer, (scope) => names.get(scope) ?? scope, format),
        );
      },
    ]);
    only(routes, `/items.${format}`, [
      adminOnly(lock),
      async (request, response) => {
        const { zone, demo } = trends.scopes();
        const from = { zone, demo, items: (asked: Parameters<typeof drill.items>[0]) => drill.items(asked) };
        await send(request, response, itemsDownload(from, readItemsQuery(request.query), format));
      },
    ]);
  }
  return routes;
}
