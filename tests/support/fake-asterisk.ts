import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import type { Chunk } from './recording.ts';

export interface FakeAsteriskOptions {
  user?: string;
  secret?: string;
  /** The classes that the user may read; without it every one. */
  read?: readonly string[];
  /** The write class that permits listings; without it they are answered "Permission denied". */
  permitted?: boolean;
  /** What a login is told besides; undefined: the user has no `system` class, and is told nothing. */
  uptimeSeconds?: () => number | undefined;
  /** Is told of each action, with its secret. */
  heard?: (action: Readonly<Record<string, string>>) => void;
  /** Where it listens; without it on a port of the system's choice. */
  port?: number;
  /** Speaks TLS with this key and certificate. */
  tls?: { key: string; cert: string };
  /** Bytes of CoreShowChannel and QueueEntry events for the listings, as recorded: see `listingOf`. */
  listing?: () => RecordedListing;
}

export interface RecordedListing {
  channels: readonly string[];
  entries: readonly string[];
}

/** The server's end of a manager interface, over real TCP. It knows what the real one says and when. */
export interface FakeAsterisk {
  port: number;
  /** Actions received, newest last, without secrets: `Login`, `Ping`, … */
  actions(): readonly string[];
  logins(): number;
  /** Sends these bytes to every client that is logged in, filtered by the classes that it asked for. */
  say(bytes: Buffer | string): void;
  /** Plays a recorded connection's events; `speed` times as fast as recorded, or all at once without it. */
  play(chunks: readonly Chunk[], speed?: number): Promise<void>;
  /** Stays connected and answers nothing more. */
  silence(): void;
  /** Ends every connection, as a crash or a cut cable with a helpful switch does. */
  cut(): void;
  /** Resolves when one more client, each counted once, is logged in and has looked around: what is said now is new to it. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Client {
  socket: Socket;
  loggedIn: boolean;
  lookedAround: boolean;
  classes: ReadonlySet<string>;
}

export async function openFakeAsterisk(options: FakeAsteriskOptions = {}): Promise<FakeAsterisk> {
  const clients = new Set<Client>();
  const actions: string[] = [];
  const waiters = new Set<() => void>();
  let silent = false;
  let ready = 0;

  const welcome = (socket: Socket): void => {
    const client: Client = { socket, loggedIn: false, lookedAround: false, classes: new Set() };
    clients.add(client);
    socket.on('close', () => clients.delete(client));
    socket.on('error', () => socket.destroy());
    socket.write('Asterisk Call Manager/11.0.0\r\n');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      const blocks = text.split('\r\n\r\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) hear(client, fieldsOf(block));
    });
  };
  const server = options.tls === undefined ? createServer(welcome) : createTlsServer(options.tls, welcome);

  function hear(client: Client, action: Readonly<Record<string, string>>): void {
    const name = action.Action ?? '';
    actions.push(name);
    options.heard?.(action);
    if (silent) return;
    const reply = answerTo(action, client, options);
    if (reply !== '') client.socket.write(reply);
    if (name === 'Logoff') client.socket.end();
    // The Ping after the listings ends the client's look around.
    if (name === 'Ping' || (name === 'Status' && options.permitted === false)) {
      if (!client.lookedAround) ready += 1;
      client.lookedAround = true;
      for (const wake of waiters) wake();
      waiters.clear();
    }
  }

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeAsterisk = {
    port: (server.address() as AddressInfo).port,
    actions: () => actions,
    logins: () => actions.filter((name) => name === 'Login').length,
    say(bytes) {
      for (const client of clients)
        if (client.loggedIn) client.socket.write(permittedPart(bytes, client.classes));
    },
    async play(chunks, speed) {
      let before = chunks[0]?.at ?? 0;
      for (const { at, bytes } of eventsOf(chunks)) {
        if (speed !== undefined && at > before) await delay((at - before) / speed);
        before = at;
        fake.say(bytes);
      }
    },
    silence() {
      silent = true;
    },
    cut() {
      for (const { socket } of clients) socket.destroy();
    },
    async ready() {
      if (ready === 0) await new Promise<void>((resolve) => waiters.add(resolve));
      ready -= 1;
    },
    async close() {
      fake.cut();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

/** The blocks that an other client's listing got, to be given to ours. */
export function listingOf(chunks: readonly Chunk[]): RecordedListing {
  const blocks = blocksOf(chunks).map(({ text }) => text);
  const named = (event: string) => blocks.filter((text) => text.startsWith(`Event: ${event}\r\n`));
  return { channels: named('CoreShowChannel'), entries: named('QueueEntry') };
}

/** What the real one answers to this action. Logs the client in when it proves who it is. */
export function answerTo(
  action: Readonly<Record<string, string>>,
  client: Pick<Client, 'loggedIn' | 'classes'>,
  options: FakeAsteriskOptions,
): string {
  const name = action.Action ?? '';
  const id = `ActionID: ${action.ActionID ?? ''}\r\n`;
  const { user = 'firstring', secret = 'not-a-real-secret', permitted = true } = options;
  const error = (message: string) => `Response: Error\r\n${id}Message: ${message}\r\n\r\n`;
  const list = (message: string, blocks: readonly string[], complete: string): string => {
    const events = blocks.map((block) => block.replace(/^ActionID: .*$/m, id.trim()).trimEnd());
    const start = `Response: Success\r\n${id}EventList: start\r\nMessage: ${message}\r\n\r\n`;
    const end = `Event: ${complete}\r\n${id}EventList: Complete\r\nListItems: ${blocks.length}\r\n\r\n`;
    return start + events.map((block) => `${block}\r\n\r\n`).join('') + end;
  };
  if (name === 'Challenge') return `Response: Success\r\n${id}Challenge: 840415273\r\n\r\n`;
  if (name === 'Login') {
    const key = createHash('md5').update(`840415273${secret}`).digest('hex');
    const proven = action.AuthType === 'MD5' ? action.Key === key : action.Secret === secret;
    if (action.Username !== user || !proven) return error('Authentication failed');
    client.loggedIn = true;
    const asked = (action.Events ?? '').split(',');
    client.classes = new Set(asked.filter((name) => options.read?.includes(name) ?? true));
    const uptime = options.uptimeSeconds === undefined ? 86_400 : options.uptimeSeconds();
    const booted = `Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: ${uptime}\r\nStatus: Fully Booted\r\n\r\n`;
    return `Response: Success\r\n${id}Message: Authentication accepted\r\n\r\n${uptime === undefined || !client.classes.has('system') ? '' : booted}`;
  }
  if (!client.loggedIn) return error('Permission denied');
  const { channels, entries } = options.listing?.() ?? { channels: [], entries: [] };
  if (name === 'Ping') return `Response: Success\r\n${id}Ping: Pong\r\nTimestamp: 1795326057.058681\r\n\r\n`;
  if (name === 'QueueStatus') return list('Queue status will follow', entries, 'QueueStatusComplete');
  if (name === 'Logoff') return `Response: Goodbye\r\n${id}Message: Thanks for all the fish.\r\n\r\n`;
  if (!permitted) return error('Permission denied');
  if (name === 'CoreShowChannels') return list('Channels will follow', channels, 'CoreShowChannelsComplete');
  return error('Invalid/unknown command');
}

/** An action's keys and values, from its lines. */
export function fieldsOf(block: string): Record<string, string> {
  const lines = block.split('\r\n').map((line) => /^([^:]+): ?(.*)$/.exec(line));
  return Object.fromEntries(
    lines.filter((match) => match !== null).map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** A recording's blocks, each with the moment of the chunk in which it ended. */
function blocksOf(chunks: readonly Chunk[]): { text: string; at: number }[] {
  const blocks: { text: string; at: number }[] = [];
  let text = '';
  for (const chunk of chunks) {
    // One character a byte, so that a cut inside UTF-8 does no harm.
    const parts = (text + chunk.bytes.toString('latin1')).split('\r\n\r\n');
    text = parts.pop() ?? '';
    for (const part of parts)
      blocks.push({ text: `${part.replace(/^Asterisk Call Manager.*\r\n/, '')}\r\n\r\n`, at: chunk.at });
  }
  return blocks;
}

/** What happened by itself: neither answers to the other client's actions nor the greeting of its login. */
export function eventsOf(chunks: readonly Chunk[]): { bytes: Buffer; at: number }[] {
  return blocksOf(chunks)
    .filter(
      ({ text }) =>
        text.startsWith('Event: ') && !text.startsWith('Event: FullyBooted') && !/^ActionID: /m.test(text),
    )
    .map(({ text, at }) => ({ bytes: Buffer.from(text, 'latin1'), at }));
}

/** An event is sent to those who asked for one of its classes, as by Asterisk. */
function permittedPart(bytes: Buffer | string, classes: ReadonlySet<string>): Buffer {
  const text = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : bytes.toString('latin1');
  const blocks = text.split(/(?<=\r\n\r\n)/).filter((block) => {
    const kind = /^Privilege: ([a-z]+)/m.exec(block)?.[1];
    return kind === undefined || classes.has(kind);
  });
  return Buffer.from(blocks.join(''), 'latin1');
}
