import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { HEADERS_MAX_BYTES, HEADERS_MAX_MS, IDLE_MAX_MS } from './limits.ts';

/** How long a connection that asks for nothing is kept. */
const KEEP_ALIVE_MS = 10_000;

/**
 * An HTTP server with limits on everything a slow or broken caller can hold. It does not listen yet. Give it its
 * request listener before Socket.IO is attached, which then keeps its own requests from it.
 */
export function createHttpServer(limits: { idleMs?: number; headersMs?: number } = {}): Server {
  const { idleMs = IDLE_MAX_MS, headersMs = HEADERS_MAX_MS } = limits;
  const server = createServer({
    maxHeaderSize: HEADERS_MAX_BYTES,
    headersTimeout: headersMs,
    // A stream of facts may take as long as it likes while it moves; `timeout` ends what does not.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(headersMs, 2_000),
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  server.timeout = idleMs;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerBroken(error, socket as Socket));
  return server;
}

/** What could not even be read as a request. */
function answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = brokenBy(error.code);
  const body = JSON.stringify({ error: { code, message } });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function brokenBy(code: string | undefined): [status: string, code: string, message: string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return [
      '431 Request Header Fields Too Large',
      'too_large',
      `The headers are larger than ${HEADERS_MAX_BYTES} bytes.`,
    ];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return ['408 Request Timeout', 'too_slow', 'The headers took too long.'];
  return ['400 Bad Request', 'invalid', 'This is not HTTP as it should be.'];
}
