import type { IncomingMessage, ServerResponse } from 'node:http';
import { tell } from './status.ts';

/** A refused sender may go on sending for this long, so that it reads the answer before its connection ends. */
const LINGER_MS = 2_000;

/** Answers with JSON outside Express. Does nothing when the caller is gone. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}

/** Tells a failure outside Express, and ends the connection when its body is still coming. */
export function sendFailure(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { status, headers, body } = tell(error);
  sendJson(response, status, body, headers);
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
}
