import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../server/clock.ts';

export const MASTODON_TOKEN = 'a-token-of-the-account';

export interface StatusJson {
  id: string;
  uri: string;
  created_at: string;
  edited_at: string | null;
  content: string;
  visibility: string;
  tags: { name: string }[];
  [more: string]: unknown;
}

/** How the server answers a request instead of as documented; `drop` closes the socket, `hang` never answers. */
export type Misbehaviour =
  | { status: number; headers?: Record<string, string>; body?: string }
  | 'drop'
  | 'hang';

export interface FakeMastodon {
  url: string;
  /** Every request: when by the test's clock, and its path. */
  attempts: { at: number; path: string }[];
  /** Answers the next requests whose path begins so in this way. */
  misbehave(path: string, how: Misbehaviour, times?: number): void;
  /** From now on as documented. */
  behave(): void;
  /** A status that exists; with `quietly`, no stream tells of it. */
  publish(status: StatusJson, quietly?: 'quietly'): void;
  edit(id: string, over: Partial<StatusJson>, quietly?: 'quietly'): void;
  remove(id: string, quietly?: 'quietly'): void;
  notify(type: string, status: StatusJson | null, over?: Record<string, unknown>): void;
  /** Raw bytes to every open stream. */
  say(text: string): void;
  thump(): void;
  /** Every open stream breaks. */
  cut(): void;
  /** Resolves when so many streams are open, and no other is. */
  streams(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A Mastodon server as docs.joinmastodon.org describes it: REST, paging by ids, streams of server-sent events. */
export async function openFakeMastodon({
  clock,
  streaming,
}: {
  clock: Clock;
  streaming?: string;
}): Promise<FakeMastodon> {
  const statuses = new Map<string, StatusJson>();
  const notifications: Record<string, unknown>[] = [];
  const open = new Map<ServerResponse, URL>();
  const odd: { path: string; how: Misbehaviour; left: number }[] = [];
  const attempts: { at: number; path: string }[] = [];
  const waiters = new Set<() => void>();
  let nextNotification = 101;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mastodon.test');
    attempts.push({ at: clock.now(), path: `${url.pathname}${decodeURIComponent(url.search)}` });
    const oddity = odd.find(({ path, left }) => left > 0 && url.pathname.startsWith(path));
    if (oddity !== undefined) {
      oddity.left -= 1;
      misbehaveNow(oddity.how, request, response);
      return;
    }
    if (request.headers.authorization !== `Bearer ${MASTODON_TOKEN}`) {
      answer(response, { error: 'The access token is invalid' }, 401);
      return;
    }
    if (url.pathname.startsWith('/api/v1/streaming/')) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(':)\n');
      open.set(response, url);
      response.on('close', () => {
        open.delete(response);
        for (const look of waiters) look();
      });
      for (const look of waiters) look();
      return;
    }
    rest(url, response);
  });

  function rest(url: URL, response: ServerResponse): void {
    if (url.pathname === '/api/v2/instance') {
      const at = streaming ?? base();
      const body = { version: '4.5.1', configuration: { urls: { streaming: at.replace('http', 'ws') } } };
      answer(response, body);
      return;
    }
    const tag = /^\/api\/v1\/timelines\/tag\/(.+)$/.exec(url.pathname)?.[1];
    if (tag !== undefined) {
      const name = decodeURIComponent(tag).toLowerCase();
      const ofTag = [...statuses.values()].filter((status) => isPublic(status) && hasTag(status, name));
      answer(response, page(ofTag, url));
      return;
    }
    if (url.pathname === '/api/v1/timelines/public') {
      answer(response, page([...statuses.values()].filter(isPublic), url));
      return;
    }
    if (url.pathname === '/api/v1/notifications') {
      answer(response, page(notifications as { id: string }[], url));
      return;
    }
    if (url.pathname === '/api/v1/statuses') {
      const found = url.searchParams.getAll('id[]').flatMap((id) => statuses.get(id) ?? []);
      answer(response, found);
      return;
    }
    const status = statuses.get(/^\/api\/v1\/statuses\/(\d+)$/.exec(url.pathname)?.[1] ?? '');
    if (status !== undefined) answer(response, status);
    else answer(response, { error: 'Record not found' }, 404);
  }

  function send(event: string, data: string, wants: (url: URL) => boolean): void {
    for (const [response, url] of open) if (wants(url)) response.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  const ofStatus =
    (status: StatusJson) =>
    (url: URL): boolean =>
      url.pathname.endsWith('/public') ||
      (url.pathname.endsWith('/hashtag') &&
        hasTag(status, (url.searchParams.get('tag') ?? '').toLowerCase()));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: base(),
    attempts,
    behave: () => void odd.splice(0),
    misbehave: (path, how, times = 1) => void odd.push({ path, how, left: times }),
    publish(status, quietly) {
      statuses.set(status.id, status);
      if (quietly === undefined) send('update', JSON.stringify(status), ofStatus(status));
    },
    edit(id, over, quietly) {
      const status = { ...statuses.get(id), ...over } as StatusJson;
      statuses.set(id, status);
      if (quietly === undefined)
        send(
          'status.update',
          JSON.stringify(status),
          (url) => url.pathname.endsWith('/user') || ofStatus(status)(url),
        );
    },
    remove(id, quietly) {
      statuses.delete(id);
      if (quietly === undefined) send('delete', id, () => true);
    },
    notify(type, status, over = {}) {
      if (status !== null) statuses.set(status.id, status);
      nextNotification += 1;
      const notification = {
        id: String(nextNotification),
        type,
        created_at: new Date(clock.now()).toISOString(),
        account: status?.account ?? { acct: 'ada' },
        ...(status === null ? {} : { status }),
        ...over,
      };
      notifications.push(notification);
      send('notification', JSON.stringify(notification), (url) => url.pathname.endsWith('/user'));
    },
    say(text) {
      for (const response of open.keys()) response.write(text);
    },
    thump() {
      for (const response of open.keys()) response.write(':thump\n');
    },
    cut() {
      for (const response of open.keys()) response.socket?.destroy();
      open.clear();
    },
    streams(count) {
      return new Promise((resolve) => {
        const look = (): void => {
          if (open.size !== count) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      });
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A public post of somebody on another server, with one hashtag. */
export function aStatus(at: number, over: Partial<StatusJson> = {}): StatusJson {
  const id = over.id ?? statusId(at);
  return {
    id,
    uri: `https://other.example/users/ada/statuses/${id}`,
    url: `https://other.example/@ada/${id}`,
    created_at: new Date(at).toISOString(),
    edited_at: null,
    in_reply_to_id: null,
    spoiler_text: '',
    visibility: 'public',
    language: 'en',
    content: `<p>Kind people at <a href="https://other.example/tags/harbor" class="mention hashtag" rel="tag">#<span>harbor</span></a>, number ${id}</p>`,
    reblog: null,
    account: {
      id: '7',
      acct: 'ada@other.example',
      display_name: 'Ada :blob: Fairholt',
      emojis: [{ shortcode: 'blob' }],
      avatar_static: 'https://files.example/ada.png',
    },
    tags: [{ name: 'harbor' }],
    mentions: [],
    emojis: [],
    ...over,
  };
}

/** Ids of Mastodon hold the time in ms, above 16 bits. */
export function statusId(at: number, n = 0): string {
  return String((BigInt(at) << 16n) + BigInt(n));
}

function page<Entry extends { id: string }>(entries: readonly Entry[], url: URL): Entry[] {
  const limit = Math.min(40, Number(url.searchParams.get('limit') ?? 20));
  const sorted = [...entries].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  const after = url.searchParams.get('min_id');
  if (after === null) return sorted.slice(-limit).reverse();
  const newer = sorted.filter(({ id }) => BigInt(id) > BigInt(after));
  return newer.slice(0, limit).reverse();
}

function isPublic({ visibility }: StatusJson): boolean {
  return visibility === 'public';
}

function hasTag({ tags }: StatusJson, name: string): boolean {
  return tags.some((tag) => tag.name.toLowerCase() === name);
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

function misbehaveNow(how: Misbehaviour, request: IncomingMessage, response: ServerResponse): void {
  if (how === 'hang') return;
  if (how === 'drop') {
    request.socket.destroy();
    return;
  }
  response.writeHead(how.status, { 'content-type': 'application/json', ...how.headers });
  response.end(how.body ?? JSON.stringify({ error: 'Something is wrong' }));
}
