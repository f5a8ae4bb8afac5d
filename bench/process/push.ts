import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { systemClock } from '../../server/clock.ts';
import { createLog } from '../../server/log.ts';
import { createBoards } from '../../server/push/boards.ts';
import { boardServerOptions } from '../../server/push/socket-options.ts';
import type { Snapshot } from '../../shared/figure.ts';
import { BOARD } from '../site.ts';
import { answering, cpuUs, heldBytes } from './answering.ts';

/** The part of the server that pushes, alone: its pace, its rooms, its look for slow readers, without any figures. */
let snapshot: Snapshot | null = null;

const http = createServer();
const io = new Server(http, boardServerOptions);
const boards = createBoards({
  io,
  clock: systemClock,
  boards: [BOARD],
  refresh(_board, now) {
    if (snapshot === null) throw new Error('There is no snapshot yet.');
    return { ...snapshot, at: now };
  },
  nextChangeAt: () => Number.POSITIVE_INFINITY,
  log: createLog('silent'),
});
await new Promise<void>((listening) => {
  http.listen(0, '127.0.0.1', listening);
});
answering({
  url: () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  cpuUs,
  heldBytes,
  /** What is pushed from now on, but for its instant. */
  take(given: Snapshot) {
    snapshot = given;
    void boards.run(new AbortController().signal);
  },
  push: () => boards.changed(),
});
