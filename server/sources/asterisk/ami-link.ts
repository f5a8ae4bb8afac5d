import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Instant } from '../../../shared/time.ts';
import { SECOND } from '../../../shared/time.ts';
import type { Clock } from '../../clock.ts';
import { Problem } from '../../problem.ts';
import type { AsteriskConfig } from './config.ts';

/** Asterisk must take the connection within this. */
export const CONNECT_WITHIN_MS = 10 * SECOND;

/** A connection to the manager interface. */
export interface AmiLink {
  send(text: string): void;
  pause(): void;
  resume(): void;
  /** Says what is left to say and closes. */
  close(): void;
  /** Rejects when the connection breaks; never resolves. */
  broken: Promise<never>;
}

export interface LinkNeeds {
  config: Pick<AsteriskConfig, 'id' | 'host' | 'port' | 'tls'>;
  clock: Clock;
  stop: AbortSignal;
  /** Bytes, with the moment they came. What it throws breaks the link. */
  hear: (chunk: Buffer, at: Instant) => void;
}

/** Connects by TCP or TLS. Throws a Problem that says what to look at; the address itself is not in it. */
export async function openLink({ config, clock, stop, hear }: LinkNeeds): Promise<AmiLink> {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const socket = config.tls
    ? connectTls({ host: config.host, port: config.port })
    : connectPlain({ host: config.host, port: config.port });
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      hear(chunk, clock.now());
    } catch (error) {
      reject(error);
    }
  });
  // Heard until the very end: an error without a listener would end the process.
  socket.on('error', (error) => reject(lost(config.id, error)));
  socket.on('close', () =>
    reject(new Problem('unavailable', `Asterisk "${config.id}" closed the connection.`)),
  );
  // Whoever waits for it hears of it; before that, a connection that fails is told by the throw below.
  broken.catch(() => socket.destroy());
  try {
    await connected(socket, config, clock, stop, broken);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    send: (text) => void socket.write(text),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    // Not yet connected, nothing can be said any more.
    close: () => (socket.connecting ? void socket.destroy() : socket.destroySoon()),
    broken,
  };
}

async function connected(
  socket: Socket,
  config: LinkNeeds['config'],
  clock: Clock,
  stop: AbortSignal,
  broken: Promise<never>,
): Promise<void> {
  const settled = new AbortController();
  const waiting = AbortSignal.any([stop, settled.signal]);
  const open = new Promise<'open'>((resolve) => {
    socket.once(config.tls ? 'secureConnect' : 'connect', () => resolve('open'));
  });
  const late = clock.sleep(CONNECT_WITHIN_MS, waiting).then(() => 'late' as const);
  const first = await Promise.race([open, late, broken]).finally(() => settled.abort());
  if (first === 'late' && !stop.aborted) {
    throw new Problem(
      'unavailable',
      `Asterisk "${config.id}" does not answer. Check host, port and firewall.`,
    );
  }
}

const mends: readonly [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'Nothing listens there: check host and port, and "enabled = yes" in manager.conf.'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'Its host name is not known: check host.'],
  [/CERT|SELF_SIGNED/, 'Its certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS.'],
  [/SSL|TLS/, 'It does not speak TLS there: check tls and port.'],
];

function lost(id: string, error: Error): Problem {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const mend = mends.find(([kind]) => kind.test(code))?.[1] ?? 'Check the network between here and Asterisk.';
  return new Problem('unavailable', `The connection to Asterisk "${id}" failed (${code}). ${mend}`);
}
