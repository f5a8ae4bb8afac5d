import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answering, cpuUs } from './answering.ts';

/** The floor of one request: node:http that answers with the bytes it was sent, and does nothing else. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => response.end(Buffer.concat(chunks)));
});
await new Promise<void>((listening) => {
  server.listen(0, '127.0.0.1', listening);
});
answering({ port: () => (server.address() as AddressInfo).port, cpuUs });
