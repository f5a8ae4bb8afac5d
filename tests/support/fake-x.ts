import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A post as the API tells of it, with what the API keeps to itself. */
export interface FakePost {
  id: string;
  text: string;
  author: string;
  at: number;
  chain?: string[];
  refers?: { type: string; id: string }[];
  withheld?: string[];
  /** Whole text of a long post. */
  note?: string;
}

/** One request, in the order they came. */
export interface Asked {
  at: number;
  method: string;
  path: string;
  query: URLSearchParams;
}

export interface Failure {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The connection is reset instead of answered. */
  reset?: boolean;
  /** Nothing is ever answered. */
  hang?: boolean;
}

export const paths = {
  stream: '/2/tweets/search/stream',
  rules: '/2/tweets/search/stream/rules',
  search: '/2/tweets/search/recent',
  lookUp: '/2/tweets',
  usage: '/2/usage/tweets',
} as const;

const problem = (name: string): string => `https://api.twitter.com/2/problems/${name}`;

/** As docs.x.com "Handling disconnections" has them. */
export const said = {
  operationalDisconnect: {
    errors: [
      {
        title: 'operational-disconnect',
        disconnect_type: 'UpstreamOperationalDisconnect',
        detail: 'This stream has been disconnected upstream for operational reasons.',
        type: problem('operational-disconnect'),
      },
    ],
  },
  tooManyConnections: {
    title: 'ConnectionException',
    detail: 'This stream is currently at the maximum allowed connection limit.',
    connection_issue: 'TooManyConnections',
    type: problem('streaming-connection'),
  },
  noRules: {
    title: 'ConnectionException',
    detail: 'You must define rules using the POST /2/tweets/search/stream/rules endpoint before connecting.',
    connection_issue: 'RuleConfigurationIssue',
    type: problem('streaming-connection'),
  },
} as const;

export interface FakeX {
  url: string;
  asked: Asked[];
  rules: { id: string; value: string; tag?: string }[];
  /** What search and look-up know. */
  posts: Map<string, FakePost>;
  /** Names and handles are made from the author's id. */
  json(post: FakePost): Record<string, unknown>;
  add(...posts: FakePost[]): void;
  /** Adds it and says it on the stream, as matched by these rules (all, where nothing is said). */
  say(post: FakePost, matched?: readonly string[]): void;
  /** Bytes on the stream, as they are. */
  write(bytes: string | Buffer): void;
  /** The stream's connection is reset, or ended in order. */
  cut(): void;
  end(): void;
  /** Resolves when a stream stands. */
  streaming(): Promise<void>;
  streams(): number;
  /** The most streams that ever stood at once, those refused left out. */
  streamsMax(): number;
  failNext(path: string, failure: Failure, times?: number): void;
  /** The next request for the path is answered when it is let go. */
  delayNext(path: string): void;
  letGo(): void;
  requests(path: string, method?: string): Asked[];
  close(): Promise<void>;
}

/** A local server that speaks the part of X's API v2 that First Ring asks for. `now` dates the requests. */
export async function openFakeX({
  token = 'a-bearer-token',
  now = Date.now,
}: {
  token?: string;
  now?: () => number;
} = {}): Promise<FakeX> {
  const asked: Asked[] = [];
  const posts = new Map<string, FakePost>();
  const failures: { path: string; failure: Failure }[] = [];
  const streams = new Set<ServerResponse>();
  let waiting: (() => void)[] = [];
  let most = 0;
  let ruleIds = 0;
  let delayed = '';
  let letGo = (): void => undefined;

  const json: FakeX['json'] = (post) => ({
    id: post.id,
    text: post.text,
    author_id: post.author,
    created_at: new Date(post.at).toISOString(),
    edit_history_tweet_ids: post.chain ?? [post.id],
    lang: 'en',
    ...(post.refers === undefined ? {} : { referenced_tweets: post.refers }),
    ...(post.note === undefined ? {} : { note_tweet: { text: post.note } }),
    ...(post.withheld === undefined
      ? {}
      : { withheld: { copyright: false, country_codes: post.withheld, scope: 'tweet' } }),
  });
  const userOf = (id: string): object => ({
    id,
    name: `Author ${id}`,
    username: `author${id}`,
    profile_image_url: `https://pbs.twimg.com/profile_images/${id}/face_normal.png`,
  });
  const includesOf = (some: readonly FakePost[]): object => ({
    users: [...new Set(some.map(({ author }) => author))].map(userOf),
  });

  const answer = (res: ServerResponse, status: number, body: unknown, headers = {}): void => {
    res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    res.end(body === undefined ? '' : JSON.stringify(body));
  };

  const search = (query: URLSearchParams): object => {
    const size = Number(query.get('max_results') ?? 10);
    if (size < 10 || size > 100) throw new Error('max_results must be from 10 to 100');
    const since = BigInt(query.get('since_id') ?? '0');
    const found = [...posts.values()]
      .filter(({ id, chain }) => BigInt(id) > since && (chain ?? [id]).at(-1) === id)
      .sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1));
    const from = Number(query.get('next_token') ?? 0);
    const page = found.slice(from, from + size);
    const more = from + size < found.length ? { next_token: String(from + size) } : {};
    if (page.length === 0) return { meta: { result_count: 0 } };
    return { data: page.map(json), includes: includesOf(page), meta: { result_count: page.length, ...more } };
  };

  const lookUp = (query: URLSearchParams): object => {
    const ids = (query.get('ids') ?? '').split(',');
    const found = ids.flatMap((id) => posts.get(id) ?? []);
    const errors = ids
      .filter((id) => !posts.has(id))
      .map((id) => ({
        value: id,
        detail: `Could not find tweet with ids: [${id}].`,
        title: 'Not Found Error',
        resource_type: 'tweet',
        parameter: 'ids',
        resource_id: id,
        type: problem('resource-not-found'),
      }));
    return {
      ...(found.length === 0 ? {} : { data: found.map(json) }),
      ...(query.get('expansions') === 'author_id' && found.length > 0 ? { includes: includesOf(found) } : {}),
      ...(errors.length === 0 ? {} : { errors }),
    };
  };

  const changeRules = (body: Change, isDry: boolean): { status: number; body: object } => {
    if (body.delete) {
      fake.rules = fake.rules.filter(({ id }) => !body.delete?.ids.includes(id));
      return {
        status: 200,
        body: { meta: { summary: { deleted: body.delete.ids.length, not_deleted: 0 } } },
      };
    }
    const data: FakeX['rules'] = [];
    const errors: object[] = [];
    for (const { value, tag } of body.add ?? []) {
      const same = fake.rules.find((rule) => rule.value === value);
      if (same !== undefined)
        errors.push({ value, id: same.id, title: 'DuplicateRule', type: problem('duplicate-rules') });
      else if (value.includes('nonsense:'))
        errors.push({
          value,
          details: ["Reference to invalid operator 'nonsense'. (at position 1)"],
          title: 'UnprocessableEntity',
          type: problem('invalid-rules'),
        });
      else {
        ruleIds += 1;
        data.push({ id: `90000000000000${1_000 + ruleIds}`, value, ...(tag === undefined ? {} : { tag }) });
      }
    }
    if (!isDry) fake.rules.push(...data);
    const summary = { created: data.length, not_created: errors.length };
    return {
      status: data.length > 0 ? 201 : 400,
      body: {
        ...(data.length > 0 ? { data } : {}),
        ...(errors.length > 0 ? { errors } : {}),
        meta: { summary },
      },
    };
  };

  const stream = async (res: ServerResponse): Promise<void> => {
    // A connection that was closed a moment ago may be heard of only now.
    if (streams.size > 0) await delay(30);
    if (streams.size > 0) return answer(res, 429, said.tooManyConnections);
    if (fake.rules.length === 0) return answer(res, 409, said.noRules);
    res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    res.flushHeaders();
    streams.add(res);
    most = Math.max(most, streams.size);
    res.on('close', () => streams.delete(res));
    for (const wake of waiting.splice(0)) wake();
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const { pathname: path, searchParams: query } = new URL(req.url ?? '/', 'http://x');
    asked.push({ at: now(), method: req.method ?? '', path, query });
    const body = await bodyOf(req);
    if (delayed === path) {
      delayed = '';
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
    }
    const next = failures.findIndex((one) => one.path === path);
    const failure = next === -1 ? undefined : failures.splice(next, 1)[0]?.failure;
    if (failure?.hang) return;
    if (failure?.reset) return void req.socket.resetAndDestroy();
    if (failure !== undefined) return answer(res, failure.status, failure.body, failure.headers);
    if (req.headers.authorization !== `Bearer ${token}`)
      return answer(res, 401, {
        title: 'Unauthorized',
        type: 'about:blank',
        status: 401,
        detail: 'Unauthorized',
      });
    if (path === paths.stream) return stream(res);
    if (path === paths.search) {
      const wrong = /(nonsense|sample):/.exec(query.get('query') ?? '')?.[1];
      return wrong === undefined ? answer(res, 200, search(query)) : answer(res, 400, badQuery(query, wrong));
    }
    if (path === paths.lookUp) return answer(res, 200, lookUp(query));
    if (path === paths.usage)
      return answer(res, 200, { data: { project_usage: '1234', project_cap: '2000000' } });
    if (path !== paths.rules)
      return answer(res, 404, { title: 'Not Found', type: problem('resource-not-found') });
    if (req.method === 'GET')
      return answer(res, 200, { ...(fake.rules.length === 0 ? {} : { data: fake.rules }), meta: {} });
    const changed = changeRules(JSON.parse(body) as Change, query.get('dry_run') === 'true');
    answer(res, changed.status, changed.body);
  };

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => answer(res, 500, { title: String(error) }));
  });
  const fake: FakeX = {
    url: '',
    asked,
    rules: [],
    posts,
    json,
    add(...more) {
      for (const post of more) posts.set(post.id, post);
    },
    say(post, matched = fake.rules.map(({ id }) => id)) {
      fake.add(post);
      const rules = matched.map((id) => ({ id, tag: 'first-ring' }));
      const message = { data: json(post), includes: includesOf([post]), matching_rules: rules };
      fake.write(`${JSON.stringify(message)}\r\n`);
    },
    write(bytes) {
      if (streams.size === 0) throw new Error('nobody listens to the stream');
      for (const res of streams) res.write(bytes);
    },
    cut() {
      for (const res of streams) res.socket?.resetAndDestroy();
    },
    end() {
      for (const res of streams) res.end();
    },
    streaming: () =>
      streams.size > 0 ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
    streams: () => streams.size,
    streamsMax: () => most,
    failNext(path, failure, times = 1) {
      for (let i = 0; i < times; i += 1) failures.push({ path, failure });
    },
    delayNext(path) {
      delayed = path;
    },
    letGo: () => letGo(),
    requests: (path, method) =>
      asked.filter((one) => one.path === path && (method === undefined || one.method === method)),
    async close() {
      waiting = [];
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fake.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return fake;
}

/** As docs.x.com "Response codes and errors" has it: the stream knows operators that search does not. */
function badQuery(query: URLSearchParams, operator: string): object {
  return {
    errors: [
      {
        parameters: { query: [query.get('query')] },
        message: `There were errors processing your request: Reference to invalid operator '${operator}'. (at position 1)`,
      },
    ],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: problem('invalid-request'),
  };
}

interface Change {
  add?: { value: string; tag?: string }[];
  delete?: { ids: string[] };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
