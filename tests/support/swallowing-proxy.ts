import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can fail as networks do. */
export interface SwallowingProxy extends AsyncDisposable {
  port: number;
  /** Connections made so far. */
  connections(): number;
  /** Everything that clients said. */
  said(): string;
  /** What stands now stays open and is passed on no more, in either direction; what comes later works. */
  swallow(): void;
  /** Takes new connections too, and passes nothing on. */
  swallowAll(is: boolean): void;
  /** Ends every connection. */
  cut(): void;
}

export async function openSwallowingProxy(target: number): Promise<SwallowingProxy> {
  const pairs = new Set<{ near: Socket; far: Socket; deaf: boolean }>();
  let made = 0;
  let said = '';
  let deaf = false;
  const server = createServer((near) => {
    made += 1;
    const far = connect(target, '127.0.0.1');
    const pair = { near, far, deaf };
    pairs.add(pair);
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (bytes) => {
        if (!pair.deaf) to.write(bytes);
      });
      from.on('error', () => from.destroy());
      from.on('close', () => {
        // A half-open connection is one whose end nobody was told of.
        if (!pair.deaf) to.destroy();
      });
    };
    near.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1');
    });
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => made,
    said: () => said,
    swallow() {
      for (const pair of pairs) pair.deaf = true;
    },
    swallowAll(is) {
      deaf = is;
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
