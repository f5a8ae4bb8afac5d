import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, whole. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  /** Its body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into is what it knows of.
  json: any;
}

/** A local HTTP server that speaks as it is told. */
export interface Receiver extends AsyncDisposable {
  port: number;
  url: string;
  received: Received[];
  /** What it answers from now on. */
  answer(say: (response: ServerResponse, request: Received) => void): void;
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let say: (response: ServerResponse, request: Received) => void = (response) =>
    void response.writeHead(200).end('ok');
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('error', () => response.destroy());
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const whole: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        text,
        json: text.startsWith('{') ? JSON.parse(text) : null,
      };
      received.push(whole);
      say(response, whole);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    received,
    answer(next) {
      say = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with this status and text. */
export function answering(status: number, text = '', headers: Record<string, string> = {}) {
  return (response: ServerResponse): void => void response.writeHead(status, headers).end(text);
}
