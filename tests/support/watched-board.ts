import { io } from 'socket.io-client';
import type { Snapshot } from '../../shared/figure.ts';

/** A board that keeps every snapshot it is pushed. */
export interface WatchedBoard extends Disposable {
  first(): Snapshot | undefined;
  last(): Snapshot | undefined;
  /** Ms until a snapshot that came after this call, or the last one, is so; rejects after `maxMs`. */
  until(isSo: (snapshot: Snapshot) => boolean, maxMs: number): Promise<number>;
}

/** Connects as a television does, with its token. */
export function watchBoard(url: string, token: string): WatchedBoard {
  const socket = io(url, {
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${token}` },
  });
  let first: Snapshot | undefined;
  let last: Snapshot | undefined;
  socket.on('snapshot', (snapshot: Snapshot) => {
    first ??= snapshot;
    last = snapshot;
  });
  return {
    first: () => first,
    last: () => last,
    until(isSo, maxMs) {
      const from = performance.now();
      if (last !== undefined && isSo(last)) return Promise.resolve(0);
      return new Promise((resolve, reject) => {
        const look = (snapshot: Snapshot): void => {
          if (!isSo(snapshot)) return;
          done();
          resolve(performance.now() - from);
        };
        const done = (): void => {
          clearTimeout(timer);
          socket.off('snapshot', look);
        };
        const timer = setTimeout(() => {
          done();
          reject(
            new Error(
              `No such snapshot within ${maxMs} ms; the last one was ${JSON.stringify(last)?.slice(0, 500)}`,
            ),
          );
        }, maxMs);
        socket.on('snapshot', look);
      });
    },
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}
