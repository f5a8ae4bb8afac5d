import { connect, type Socket } from 'node:net';
import { INGEST_TOKEN } from './site.ts';

/** How long one run of requests may take in all. */
const RUN_MAX_MS = 60_000;

/** A whole POST /api/facts, as bytes. */
export function requestOf(facts: unknown, port: number): Buffer {
  const body = JSON.stringify(facts);
  return Buffer.from(
    `POST /api/facts HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${INGEST_TOKEN}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/**
 * Sends every request over so many keep-alive connections, one at a time on each, and resolves with the ms it took
 * until the last answer. Written on sockets because a whole HTTP client takes more of the machine than the server that
 * it measures. Rejects on any answer but 200.
 */
export async function sendAll(
  port: number,
  requests: readonly Buffer[],
  connections: number,
): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  let next = 0;
  const from = performance.now();
  try {
    await Promise.all(sockets.map((socket) => converse(socket, () => requests[next++])));
    return performance.now() - from;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('connect', () => resolve(socket)).once('error', reject);
  });
}

function converse(socket: Socket, take: () => Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The server did not answer in time.')), RUN_MAX_MS);
    const done = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    let answer = '';
    const ask = (): void => {
      const request = take();
      if (request === undefined) done(resolve);
      else socket.write(request);
    };
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      if (!isWhole(answer)) return;
      if (answer.startsWith('HTTP/1.1 200')) {
        answer = '';
        ask();
        return;
      }
      const refusal = answer.slice(0, 400);
      done(() => reject(new Error(`The server answered: ${refusal}`)));
    });
    socket.once('close', () => done(() => reject(new Error('The server closed the connection.'))));
    socket.once('error', (error) => done(() => reject(error)));
    ask();
  });
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  return length !== undefined && answer.length >= head + 4 + Number(length);
}
