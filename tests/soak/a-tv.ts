import { EventEmitter } from 'node:events';
import type { Browser, CDPSession } from 'playwright-core';

/** What the page holds once everything that it does not need has been thrown away. */
export interface Held {
  heapBytes: number;
  /** What of it is code that the browser compiled: it compiles on for hours, whatever the page does. */
  codeBytes: number;
  nodes: number;
  listeners: number;
}

/** A wall on a TV that nobody touches. */
export interface Tv {
  /** Snapshots that came over the wire. */
  snapshots(): number;
  /** Resolves at the next one, or soon when none comes because nothing changed. */
  nextSnapshot(): Promise<void>;
  /** Connections over which the server spoke. */
  connections(): number;
  loads(): number;
  /** Errors and warnings of the page; those of the browser itself about a server that is away stand apart. */
  complaints: string[];
  away: string[];
  isLive(): Promise<boolean>;
  text(): Promise<string>;
  held(): Promise<Held>;
  close(): Promise<void>;
}

/**
 * What Chromium writes by itself when a server does not answer, or not in time; a page can neither catch nor silence it.
 */
const AWAY =
  /^(error|warning): WebSocket connection to 'ws:\/\/127\.0\.0\.1:\d+\/socket\.io\/\?\S+' failed: (Error in connection establishment: net::ERR_CONNECTION_(REFUSED|RESET)|WebSocket is closed before the connection is established\.)$/;

/** A change is on the wall in far less; only one that changes nothing is waited for so long. */
const NONE_AFTER_MS = 250;

/** Opens the wall on it, and resolves with its first snapshot. */
export async function openTv(browser: Browser, url: string): Promise<Tv> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const away: string[] = [];
  const arrived = new EventEmitter();
  let snapshots = 0;
  let connections = 0;
  let loads = 0;
  page.on('console', (said) => {
    if (said.type() !== 'error' && said.type() !== 'warning') return;
    const line = `${said.type()}: ${said.text()}`;
    (AWAY.test(line) ? away : complaints).push(line);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('load', () => {
    loads += 1;
  });
  page.on('websocket', (socket) => {
    socket.once('framereceived', () => {
      connections += 1;
    });
    socket.on('framereceived', ({ payload }) => {
      if (!String(payload).startsWith('42["snapshot"')) return;
      snapshots += 1;
      arrived.emit('snapshot');
    });
  });
  await page.goto(url);
  await page.locator('.clock time i').waitFor({ state: 'attached' });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable');
  await devtools.send('HeapProfiler.enable');
  return {
    snapshots: () => snapshots,
    nextSnapshot: () =>
      new Promise((resolve) => {
        const timer = setTimeout(done, NONE_AFTER_MS);
        function done(): void {
          clearTimeout(timer);
          arrived.off('snapshot', done);
          resolve();
        }
        arrived.once('snapshot', done);
      }),
    connections: () => connections,
    loads: () => loads,
    complaints,
    away,
    isLive: async () => (await page.locator('.clock .live').innerText()) === 'Live',
    text: async () => (await page.locator('main').innerText()).replace(/\s+/g, ' '),
    async held() {
      const samples: Sample[] = [];
      for (let sample = 0; sample < SAMPLES; sample++) {
        await page.waitForTimeout(SAMPLE_EVERY_MS);
        samples.push(await sampleOf(devtools));
      }
      const least = (of: (sample: Sample) => number): number => Math.min(...samples.map(of));
      return {
        codeBytes: await codeOf(devtools),
        heapBytes: least((sample) => sample.heapBytes),
        nodes: least((sample) => sample.nodes),
        listeners: least((sample) => sample.listeners),
      };
    },
    close: () => context.close(),
  };
}

/** One sample may catch a fade or a message in its middle; the least of some is what the page cannot do without. */
const SAMPLES = 5;
const SAMPLE_EVERY_MS = 300;

type Sample = Omit<Held, 'codeBytes'>;

async function sampleOf(devtools: CDPSession): Promise<Sample> {
  // The second time takes what the first one only let go of.
  for (let time = 0; time < 2; time++) await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (name: string): number => {
    const found = metrics.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the browser does not measure ${name}`);
    return found.value;
  };
  return {
    heapBytes: metric('JSHeapUsedSize'),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
  };
}

/** Adds up the nodes of type `code` of a heap snapshot (the format of V8's heap-snapshot-generator). */
async function codeOf(devtools: CDPSession): Promise<number> {
  const chunks: string[] = [];
  const take = ({ chunk }: { chunk: string }): void => void chunks.push(chunk);
  devtools.on('HeapProfiler.addHeapSnapshotChunk', take);
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  devtools.off('HeapProfiler.addHeapSnapshotChunk', take);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const code = types[type]?.indexOf('code') ?? -1;
  if (code < 0 || size < 0) throw new Error('the browser writes its heap in another way');
  let bytes = 0;
  for (let i = 0; i < nodes.length; i += fields.length)
    if (nodes[i + type] === code) bytes += nodes[i + size] ?? 0;
  return bytes;
}

interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: string[][] } };
  nodes: number[];
}
