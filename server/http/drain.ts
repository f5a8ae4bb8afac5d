import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Server as SocketServer } from 'socket.io';
import { SECOND } from '../../shared/time.ts';
import type { Clock } from '../clock.ts';

/** How long what is under way may take to finish. Well under the ten seconds that a process manager gives. */
export const FINISH_MS = 3 * SECOND;

/**
 * What closes this server when it is called: no new connection is taken, boards are let go, each sender gets the answer
 * it waits for and no more. Whatever goes on for too long (an endless stream, a TV that is gone without a word) is cut;
 * nothing in it was acknowledged.
 */
export function createDrain(needs: { http: Server; io: SocketServer; clock: Clock }): () => Promise<void> {
  const { http, io, clock } = needs;
  // The server's own list leaves out the sockets of boards.
  const open = new Set<Socket>();
  http.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return async () => {
    http.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
    const finished = new AbortController();
    const cut = clock.sleep(FINISH_MS, finished.signal).then(() => {
      for (const socket of open) socket.destroy();
    });
    await io.close();
    finished.abort();
    await cut;
  };
}
