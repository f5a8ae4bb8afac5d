import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Server } from 'socket.io';
import { answering } from './answering.ts';

/**
 * The floor of event to glass: the least that could be called the same product. A POST is saved, FULL, and its count
 * sent to every page, which puts it into its document.
 */
const [folder = ''] = process.argv.slice(2);

const db: Database.Database = new Database(join(folder, 'page.sqlite'));
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE facts (id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT');
const insert = db.prepare('INSERT INTO facts (content) VALUES (?)');
const insertAll = db.transaction((facts: readonly unknown[]) => {
  for (const fact of facts) insert.run(JSON.stringify(fact));
});

const page = `<!doctype html><title>Floor</title><main><b id="count">none</b></main>
<script src="/socket.io/socket.io.js"></script>
<script>io({ transports: ['websocket'] }).on('count', (text) => { document.getElementById('count').textContent = text; })</script>`;

let posts = 0;
const http = createServer((request, response) => {
  if (request.method === 'POST') {
    void bodyOf(request).then((body) => {
      insertAll(JSON.parse(body) as unknown[]);
      response.setHeader('content-type', 'application/json').end('{"stored":true}');
      posts += 1;
      io.emit('count', `${posts} of ${posts}`);
    });
    return;
  }
  response.setHeader('content-type', 'text/html').end(page);
});
const io = new Server(http, { transports: ['websocket'] });
await new Promise<void>((listening) => {
  http.listen(0, '127.0.0.1', listening);
});
answering({ url: () => `http://127.0.0.1:${(http.address() as AddressInfo).port}` });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
