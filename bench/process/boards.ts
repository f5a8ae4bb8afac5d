import { connect } from 'node:net';
import { answering } from './answering.ts';

/** How long a board may take until its first snapshot. */
const OPEN_MAX_MS = 30_000;
/** Connections being made at a time. */
const AT_A_TIME = 50;
/** Engine.IO and Socket.IO say so in the first characters of a message. */
const OPEN = '0';
const PING = '2';
const PONG = '3';
const CONNECT = '40';
const EVENT = '42';

interface Wanted {
  url: string;
  count: number;
  token: string;
}

/** Boards that only listen: they answer pings and throw away what they are sent. */
let received = 0;
const boards: WebSocket[] = [];

answering({
  /** Resolves when every one of them has got its first message. */
  async open({ url, count, token }: Wanted) {
    for (let made = 0; made < count; made += AT_A_TIME) {
      const some = Math.min(AT_A_TIME, count - made);
      boards.push(...(await Promise.all(Array.from({ length: some }, () => openBoard(url, token)))));
    }
    return boards.length;
  },
  /** Plain TCP connections that read and discard. */
  async openPlain({ port, count }: { port: number; count: number }) {
    for (let made = 0; made < count; made += 1) {
      await new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', resolve);
        socket.on('data', () => undefined).once('error', reject);
      });
    }
  },
  received: () => received,
  close() {
    for (const board of boards.splice(0)) board.close();
  },
});

function openBoard(url: string, token: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
    const board = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } });
    const timer = setTimeout(() => reject(new Error('a board got no snapshot')), OPEN_MAX_MS);
    board.addEventListener('error', () => reject(new Error('a board could not connect')));
    board.addEventListener('message', ({ data }) => {
      if (typeof data !== 'string') return;
      if (data.startsWith(EVENT)) {
        received += 1;
        clearTimeout(timer);
        resolve(board);
      } else if (data.startsWith(PING)) board.send(PONG);
      else if (data.startsWith(OPEN)) board.send(CONNECT);
    });
  });
}
