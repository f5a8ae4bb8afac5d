import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { disagreements } from './agreement.ts';
import { channelComplaints } from './channel-settings.ts';
import { type ChimeSound, readChimes } from './chime-settings.ts';
import { type Complaint, didYouMean } from './complaint.ts';
import { type Document, readDocument } from './document.ts';
import { holidayCalendar, type IsHoliday } from './holiday-calendar.ts';
import { fileSchema, type Settings } from './schema.ts';

export const FILE_BYTES_MAX = 512 * 1024;

/** What the file says; null when there is none and none was asked for. Complaints are added to the list. */
export interface Written {
  settings: Settings;
  isHoliday: IsHoliday | null;
  /** The boards' own sounds, by board. */
  chimes: ReadonlyMap<string, ChimeSound>;
}

export interface FileAsked {
  path: string;
  /** As complaints call it. */
  name: string;
  /** Named by CONFIG: then it must be there. */
  asked: boolean;
}

export async function readSettings(
  file: FileAsked,
  env: NodeJS.ProcessEnv,
  complaints: Complaint[],
): Promise<Written | 'absent' | null> {
  const text = await readText(file);
  if (text === null) return 'absent';
  const { document, complaints: unreadable } =
    typeof text === 'string' ? readDocument(text, file.name) : { document: null, complaints: [text] };
  complaints.push(...unreadable);
  if (document === null) return null;
  const read = fileSchema(env).safeParse(document.value ?? undefined);
  const found = [
    ...(read.success ? [] : read.error.issues.flatMap((issue) => complaintsOf(issue, document))),
    ...disagreements(document),
  ];
  complaints.push(...found);
  if (!read.success || found.length > 0) return null;
  const { site, sources } = read.data;
  for (const [i, source] of sources.entries()) {
    const { late_after: late, lost_after: lost } = source.kind === 'http' ? source : {};
    if (late !== undefined && lost !== undefined && lost <= late)
      complaints.push(document.complaint(['sources', i, 'lost_after'], 'must be longer than late_after.'));
  }
  complaints.push(...sharedTokens(read.data, document), ...channelComplaints(read.data, document));
  const chimes = await readChimes(read.data.boards, dirname(file.path), document, complaints);
  if (site.holiday_calendar === undefined) return { settings: read.data, isHoliday: null, chimes };
  const isHoliday = await holidayCalendar(site.holiday_calendar, site.holidays, site.open_on, document);
  if (typeof isHoliday === 'function') return { settings: read.data, isHoliday, chimes };
  complaints.push(isHoliday);
  return null;
}

/** The text of the file, what is wrong with it, or null when it is absent and may be. */
async function readText({ path, name, asked }: FileAsked): Promise<string | Complaint | null> {
  const wrong = (text: string): Complaint => ({ place: name, line: 0, column: 0, field: '', text });
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) return wrong(`is too large: at most ${FILE_BYTES_MAX / 1024} KB.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && !asked) return null;
    if (code === 'ENOENT')
      return wrong(
        'is named by CONFIG, but there is no such file: correct CONFIG, or leave it out to see the demo.',
      );
    if (code === 'EISDIR') return wrong('is a folder: name the file in it.');
    if (code === 'EACCES') return wrong('may not be read by this user: change its permissions.');
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return wrong('is not UTF-8 text: save it as UTF-8.');
    throw error;
  }
}

function complaintsOf(issue: z.core.$ZodIssue, document: Document): Complaint[] {
  if (issue.code !== 'unrecognized_keys') return [document.complaint(issue.path, issue.message)];
  const known = issue.message.split(' ');
  return issue.keys.map((key) => {
    const near = didYouMean(key, known);
    return document.complaintAtKey(
      issue.path,
      key,
      `is not known here. ${near === null ? `Known are ${known.join(', ')}.` : `Did you mean ${near}?`}`,
    );
  });
}

/** The token tells who sends, so two senders with one token would be one. */
function sharedTokens({ sources }: Settings, document: Document): Complaint[] {
  const seen = new Map<string, string>();
  return sources.flatMap((source, i) => {
    if (source.kind !== 'http') return [];
    const first = seen.get(source.token);
    seen.set(source.token, source.id);
    return first === undefined
      ? []
      : [
          document.complaint(
            ['sources', i, 'token'],
            `has the same value as the token of ${first}: give each source its own.`,
          ),
        ];
  });
}
