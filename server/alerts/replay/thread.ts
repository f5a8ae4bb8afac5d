import { parentPort, workerData } from 'node:worker_threads';
import { staysOf } from '../../judge/history.ts';
import { openHistoryReader } from '../../store/sqlite/history-rows.ts';
import { addRow, columnsOf, noRows, type Rows, withRows } from './columns.ts';
import type { About, ReplayAnswer, ReplayMessage } from './messages.ts';
import { type Replayed, replay } from './replay.ts';

/**
 * Reads four weeks and replays rules on them, on a thread of its own: the process is never held. What only facts can
 * tell is handed back, for the rule book knows calendars that cannot be sent.
 */
const port = parentPort;
if (port === null) throw new Error('The replay runs as a worker thread.');
const { file } = workerData as { file: string };
const reader = openHistoryReader(file);
const kept = new Map<string, Replayed>();
/** What facts told so far of the items under a name. */
const parts = new Map<string, Rows>();

port.on('message', (message: ReplayMessage) => {
  if (message.what === 'close') {
    reader.close();
    port.close();
    return;
  }
  let answer: ReplayAnswer;
  try {
    answer = { id: message.id, ...answered(message) };
  } catch (error) {
    answer = { id: message.id, failure: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer);
});

function answered(message: Exclude<ReplayMessage, { what: 'close' }>): Omit<ReplayAnswer, 'id'> {
  const { name } = message;
  switch (message.what) {
    case 'read': {
      const rows = noRows();
      const unclear: string[] = [];
      reader.items(message.span, message.about.scope, (key, judged) =>
        take(message.about, key, judged, { rows, unclear }),
      );
      kept.set(name, { columns: columnsOf(rows), sums: new Map(), drawn: new Map() });
      return { unclear };
    }
    case 'again': {
      const rows = noRows();
      const unclear: string[] = [];
      reader.some(message.keys, (key, judged) => {
        if (judged !== null) take(message.about, key, judged, { rows, unclear });
      });
      put(name, message.keys, rows);
      return { unclear };
    }
    case 'part': {
      const rows = parts.get(name) ?? noRows();
      parts.set(name, rows);
      for (const { key, stay } of message.stays) addRow(rows, key, stay);
      return {};
    }
    case 'add': {
      const rows = parts.get(name) ?? noRows();
      parts.delete(name);
      for (const { key, stay } of message.stays) addRow(rows, key, stay);
      put(name, message.keys, rows);
      return {};
    }
    case 'forget':
      parts.delete(name);
      kept.delete(name);
      return {};
    case 'replay': {
      const replayed = kept.get(name);
      return replayed === undefined ? {} : { ready: replay(replayed, message.asked) };
    }
  }
}

function take(
  { scope, figure, rules }: About,
  key: string,
  judged: Parameters<typeof staysOf>[0],
  { rows, unclear }: { rows: Rows; unclear: string[] },
): void {
  const stays = staysOf(judged, { scope, figure }, rules);
  if (stays === null) unclear.push(key);
  else for (const stay of stays) addRow(rows, key, stay);
}

function put(name: string, keys: readonly string[], rows: Rows): void {
  const replayed = kept.get(name);
  if (replayed === undefined) return;
  kept.set(name, {
    columns: withRows(replayed.columns, new Set(keys), rows),
    sums: new Map(),
    drawn: new Map(),
  });
}
