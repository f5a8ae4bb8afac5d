import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import type { Snapshot } from '../../shared/figure.ts';
import type { BoardsAnswer, StatusAnswer } from '../../shared/wire-answer.ts';
import { type AlertsNeeds, alertsRoutes } from './alerts-routes.ts';
import { type ChannelsNeeds, channelsRoutes } from './channels-routes.ts';
import { type ChimeNeeds, chimeRoutes, whoRoutes } from './chime-routes.ts';
import { adminPage } from './desk.ts';
import { exportRoutes } from './export-routes.ts';
import { createFacts, type FactsNeeds } from './facts.ts';
import { gate, signInRoutes, thisComputerOnly } from './gate.ts';
import { securityHeaders } from './headers.ts';
import { type ItemsRoutesNeeds, itemsRoutes } from './items-routes.ts';
import type { Lock } from './lock.ts';
import { type MailNeeds, mailRoutes } from './mail-routes.ts';
import { type MentionsNeeds, mentionsRoutes, pictureRoutes } from './mentions-routes.ts';
import { only } from './only.ts';
import { openApi } from './openapi.ts';
import { messagePage } from './page.ts';
import { type ReportsNeeds, reportsRoutes, unsubscribeRoutes } from './reports-routes.ts';
import { sendFailure } from './send.ts';
import { type SourcesNeeds, sourcesRoutes } from './sources-routes.ts';
import { isBug, Refused, tell } from './status.ts';
import { type TrendsRoutesNeeds, trendsRoutes } from './trends-routes.ts';

export interface HttpNeeds
  extends FactsNeeds,
    SourcesNeeds,
    MentionsNeeds,
    MailNeeds,
    TrendsRoutesNeeds,
    ItemsRoutesNeeds,
    ReportsNeeds,
    ChimeNeeds,
    AlertsNeeds,
    ChannelsNeeds {
  lock: Lock;
  /** What this board would be pushed now, built as the pushed ones are; null when there is no such board. */
  snapshot(board: string): Promise<Snapshot | null> | Snapshot | null;
  boards(): BoardsAnswer['boards'];
  /** Why the server is not ready yet, in words that hold no secret; empty when it is. */
  notReady(): Promise<string[]>;
  /** How the server and everything that feeds it is doing. */
  status(): Promise<StatusAnswer>;
  /** What Prometheus reads, with its media type. */
  metrics(): Promise<{ type: string; text: string }>;
  /** Where the client's build lies. */
  clientDir: string;
}

/** Everything that First Ring answers over HTTP. POST /api/facts goes past Express, which costs more than the facts. */
export function createHttp(needs: HttpNeeds): RequestListener {
  const facts = createFacts(needs);
  const pages = createPages(needs);
  return (request: IncomingMessage, response: ServerResponse) => {
    if (/^\/api\/facts(?:\?|$)/.test(request.url ?? '')) facts(request, response);
    else pages(request, response);
  };
}

function createPages(needs: HttpNeeds): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders());
  app.use(healthRoutes(needs));
  if (!needs.lock.on) app.use(thisComputerOnly());
  app.use(signInRoutes(needs.lock, needs.clientDir));
  app.use(unsubscribeRoutes(needs));
  app.use(gate(needs.lock));
  app.use('/api', apiRoutes(needs));
  app.use(metricsRoute(needs));
  app.use(pictureRoutes(needs));
  app.use(chimeRoutes(needs));
  app.use(wallRoutes(needs));
  app.all('/{*splat}', () => {
    throw new Refused('not_found', 'There is nothing at this address. The wall is at /wall.');
  });
  app.use(failures(needs));
  return (request, response) => {
    // A target that is no path (such as "*" or a whole URL of a proxy) is none of ours.
    if (request.url?.startsWith('/')) app(request, response);
    else sendFailure(request, response, new Refused('invalid', 'The request target must be a path.'));
  };
}

function healthRoutes(needs: HttpNeeds): Router {
  const routes = Router();
  only(routes, '/healthz', (_request, response) => {
    response.set('cache-control', 'no-store').json({ up: true });
  });
  only(routes, '/readyz', async (_request, response) => {
    const reasons = await needs.notReady();
    if (!isBuilt(needs.clientDir)) reasons.push('the client is not built: run npm run build');
    response
      .status(reasons.length === 0 ? 200 : 503)
      .set('cache-control', 'no-store')
      .json({ ready: reasons.length === 0, reasons });
  });
  return routes;
}

function metricsRoute(needs: HttpNeeds): Router {
  const routes = Router();
  only(routes, '/metrics', async (_request, response) => {
    const { type, text } = await needs.metrics();
    response.set('cache-control', 'no-store').type(type).send(text);
  });
  return routes;
}

function apiRoutes(needs: HttpNeeds): Router {
  const routes = Router();
  const document = openApi();
  routes.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  only(routes, '/boards', (_request, response) => {
    response.json({ boards: needs.boards() } satisfies BoardsAnswer);
  });
  only(routes, '/snapshot/:board', async (request, response) => {
    const board = String(request.params.board);
    const snapshot = await needs.snapshot(board);
    if (snapshot !== null) return void response.json(snapshot);
    const known = needs.boards().map(({ id }) => id);
    throw new Refused(
      'not_found',
      `There is no board "${board.slice(0, 100)}". There ${known.length === 1 ? 'is' : 'are'}: ${known.join(', ')}.`,
    );
  });
  only(routes, '/status', async (_request, response) => {
    response.json(await needs.status());
  });
  routes.use(whoRoutes(needs));
  routes.use(sourcesRoutes(needs));
  routes.use(mentionsRoutes(needs));
  routes.use(mailRoutes(needs));
  routes.use(trendsRoutes(needs));
  routes.use(itemsRoutes(needs));
  routes.use(exportRoutes(needs));
  routes.use(reportsRoutes(needs));
  routes.use(alertsRoutes(needs));
  routes.use(channelsRoutes(needs));
  only(routes, '/openapi.json', (_request, response) => {
    response.json(document);
  });
  return routes;
}

function wallRoutes({ clientDir, lock }: HttpNeeds): Router {
  const routes = Router();
  routes.get('/', (_request, response) => response.redirect('/wall'));
  const index: RequestHandler = (_request, response) => {
    if (isBuilt(clientDir))
      return response.sendFile('index.html', { root: clientDir, headers: { 'cache-control': 'no-cache' } });
    const words =
      'The wall has not been built yet. Run npm run build where First Ring is installed, or start it with npm start, which does so.';
    response.status(503).type('html').send(messagePage('Not built yet', words));
  };
  only(routes, '/wall', index);
  only(routes, '/wall/:board', index);
  only(routes, '/sources', index);
  // What stands on these pages is not for everybody who may see the wall.
  for (const path of ['/mentions', '/mail', '/trends', '/thresholds'])
    only(routes, path, [adminPage(lock), index]);
  // The build puts a hash of its content in the name of each asset.
  routes.use(
    '/assets',
    express.static(join(clientDir, 'assets'), {
      index: false,
      redirect: false,
      immutable: true,
      maxAge: '365d',
    }),
  );
  routes.use(
    express.static(clientDir, {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (response) => response.setHeader('cache-control', 'no-cache'),
    }),
  );
  return routes;
}

function isBuilt(clientDir: string): boolean {
  return existsSync(join(clientDir, 'index.html'));
}

/** Tells a failure as JSON under /api, else as a page. */
function failures(
  needs: HttpNeeds,
): (error: unknown, request: Request, response: Response, next: NextFunction) => void {
  return (error, request, response, next) => {
    if (isBug(error)) needs.log.error({ err: error, path: request.path }, 'request failed');
    if (response.headersSent) return next(error);
    const { status, headers, body } = tell(error);
    response.status(status).set({ ...headers, 'cache-control': 'no-store' });
    if (request.path.startsWith('/api/')) response.json(body);
    else response.type('html').send(messagePage(titleOf(status), body.error.message));
  };
}

function titleOf(status: number): string {
  if (status === 404) return 'Nothing here';
  if (status === 401 || status === 403) return 'Not open to you';
  if (status === 429) return 'Wait a little';
  return status >= 500 ? 'Not just now' : 'That did not work';
}
