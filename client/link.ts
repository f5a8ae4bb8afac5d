import { io } from 'socket.io-client';
import type { Snapshot } from '../shared/figure.ts';

const BACK_OFF_MS = 500;
const BACK_OFF_MAX_MS = 3_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** What the link tells: each whole snapshot, and each try to connect. */
export interface Told {
  snapshot(snapshot: Snapshot): void;
  trying(): void;
}

export interface Link {
  /** Drops the connection and makes a new one: for a line that is silent though it seems to stand. */
  renew(): void;
  close(): void;
}

/** Connects to the server that served the page and stays connected: it tries again for ever, every few seconds at most. */
export function openLink(board: string | null, told: Told): Link {
  const socket = io({
    transports: ['websocket'],
    query: board === null ? {} : { board },
    reconnectionDelay: BACK_OFF_MS,
    reconnectionDelayMax: BACK_OFF_MAX_MS,
    timeout: CONNECT_TIMEOUT_MS,
  });
  let timer = 0;
  // After a refusal, or a disconnection by the server, the library does not try again by itself.
  const later = () => {
    if (socket.active) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      told.trying();
      socket.connect();
    }, BACK_OFF_MAX_MS);
  };
  socket.on('snapshot', (snapshot: Snapshot) => told.snapshot(snapshot));
  socket.on('connect_error', later);
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') later();
  });
  socket.io.on('reconnect_attempt', () => told.trying());
  return {
    renew() {
      told.trying();
      socket.disconnect().connect();
    },
    close() {
      window.clearTimeout(timer);
      socket.close();
    },
  };
}
