import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { boardServerOptions } from '../../server/push/socket-options.ts';
import { answering, cpuUs, heldBytes } from './answering.ts';

/** The floor of a push: Socket.IO alone, the same options, one `emit` to a room. */
let snapshot = { at: 0 };
const http = createServer();
const io = new Server(http, boardServerOptions);
io.on('connection', (socket) => {
  void socket.join('room');
  socket.emit('snapshot', snapshot);
});
await new Promise<void>((listening) => {
  http.listen(0, '127.0.0.1', listening);
});
answering({
  url: () => `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  cpuUs,
  heldBytes,
  /** What is emitted from now on, but for its instant. */
  take(given: { at: number }) {
    snapshot = given;
  },
  emit() {
    io.to('room').emit('snapshot', { ...snapshot, at: Date.now() });
  },
});
