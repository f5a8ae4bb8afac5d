import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { ItemKind, ItemRow, ItemSort } from '../../../shared/wire-items.ts';
import type { Zone } from '../dates.ts';

/** One column of the list; those with a `sort` can be sorted by. */
export interface Column {
  name: string;
  sort: ItemSort | null;
  /** Numbers stand to the right. */
  number: boolean;
  text: (row: ItemRow, zone: Zone) => string;
}

const words = (name: string, text: Column['text']): Column => ({ name, sort: null, number: false, text });
const sorted = (name: string, sort: ItemSort, text: Column['text']): Column => ({
  name,
  sort,
  number: sort !== 'at',
  text,
});

const queue = words('Queue', ({ queue: name }) => name ?? '–');
const person = words('Who', ({ person: who }) => who ?? 'withheld');

/** What stands between the moment and the reason. */
export const COLUMNS: Readonly<Record<ItemKind, readonly Column[]>> = {
  calls: [
    queue,
    person,
    sorted('Ring', 'ring', (row) => (row.kind === 'call' ? lengthText(row.ringMs) : '')),
    sorted('Wait', 'wait', (row) => (row.kind === 'call' ? lengthText(row.waitMs) : '')),
    sorted('Talk', 'talk', (row) => (row.kind === 'call' ? lengthText(row.talkMs) : '')),
  ],
  emails: [
    { ...queue, name: 'Mailbox' },
    { ...person, name: 'From' },
    words('Received', (row, zone) => (row.kind === 'email' ? momentText(row.inAt, zone) : '')),
    words('Answered', (row, zone) => (row.kind === 'email' ? momentText(row.answeredAt, zone) : '')),
    sorted('Open time', 'reply', (row) => (row.kind === 'email' ? minutesText(row.replyMinutes) : '')),
  ],
};

/** "Wed 4 Nov 14:02". */
export function momentText(at: number | null, zone: Zone): string {
  return at === null ? '–' : `${zone.day(at)} ${zone.minute(at)}`;
}

/** "7.4 s", "3:24", "1:02:05"; never rounded up to what it did not reach. */
export function lengthText(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < MINUTE) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(ms / HOUR), Math.floor(ms / MINUTE) % 60, Math.floor(ms / SECOND) % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function minutesText(minutes: number | null): string {
  if (minutes === null) return '–';
  const [h, m] = [Math.floor(minutes / 60), minutes % 60];
  if (h === 0) return `${m} min`;
  return m === 0 ? `${h} h` : `${h} h ${m} min`;
}

/** One row among all: a call may count more than once. */
export function rowId({ key, nth }: Pick<ItemRow, 'key' | 'nth'>): string {
  return `${nth} ${key}`;
}
