import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Chime } from '../../shared/figure.ts';
import type { Complaint } from './complaint.ts';
import type { Document } from './document.ts';
import { mustBe, settings, text, wholeNumber } from './values.ts';

/** A soft tone is soft: half of what the screen gives is the most that anybody asked for by default. */
export const CHIME_VOLUME = 40;
/** A tone that is longer than this file is no tone. */
export const CHIME_BYTES_MAX = 1024 * 1024;

/** Sounds that browsers of TVs play, by how their file's name ends. */
export const CHIME_TYPES: Readonly<Record<string, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
};

const quietError = mustBe('a span of the day in quotes, e.g. "22:00-07:00"');
const SPAN = /^((?:[01]\d|2[0-3]):[0-5]\d) ?[-–] ?((?:[01]\d|2[0-3]):[0-5]\d)$/;
const quiet = z
  .string({ error: quietError })
  .regex(SPAN, { error: quietError })
  .transform((written) => {
    const [, from = '', to = ''] = SPAN.exec(written) ?? [];
    return { from, to };
  });

const chosen = settings(
  {
    volume: wholeNumber(1, 100, CHIME_VOLUME).optional(),
    quiet: quiet.optional(),
    file: text('the path of a sound, e.g. chime.wav')
      .regex(/\.(wav|mp3|ogg|m4a)$/i, { error: mustBe('a sound: a .wav, .mp3, .ogg or .m4a file') })
      .optional(),
  },
  'volume: 40',
);

/** `true`, `false` or how: volume, quiet hours, a sound of one's own. */
export const chimeSettings = z.preprocess(
  (input) => (input === true ? {} : input === false ? null : input),
  chosen.nullable(),
);
export type ChimeSettings = z.output<typeof chimeSettings>;

/** What the board says of its chime; null where it is silent. */
export function chimeOf(board: string, chime: ChimeSettings): Chime | null {
  if (chime === null) return null;
  const { volume = CHIME_VOLUME, quiet: span = null } = chime;
  return { path: `/chimes/${board}`, volume, quiet: span };
}

/** The sound of a board's chime, whole, with its media type. */
export interface ChimeSound {
  type: string;
  bytes: Uint8Array;
}

/** Reads the boards' own sounds, by board, relative to `folder`; what is wrong with one is added to the complaints. */
export async function readChimes(
  boards: readonly { id: string; chime?: ChimeSettings | undefined }[],
  folder: string,
  document: Document,
  complaints: Complaint[],
): Promise<Map<string, ChimeSound>> {
  const sounds = new Map<string, ChimeSound>();
  for (const [i, { id, chime }] of boards.entries()) {
    const file = chime?.file;
    if (file === undefined) continue;
    const wrong = (what: string): void =>
      void complaints.push(document.complaint(['boards', i, 'chime', 'file'], what));
    const type = CHIME_TYPES[file.toLowerCase().split('.').at(-1) ?? ''];
    const bytes = await bytesOf(resolve(folder, file));
    if (bytes === null || type === undefined)
      wrong('names no file that can be read: give its path, from the folder of this file.');
    else if (bytes.length > CHIME_BYTES_MAX)
      wrong(`is too large: at most ${CHIME_BYTES_MAX / 1024} KB make a short, soft tone.`);
    else sounds.set(id, { type, bytes });
  }
  return sounds;
}

async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    // Absent, a folder, or not for this user: a mistake in the configuration. Anything else is none of its author's.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES' || code === 'ENOTDIR') return null;
    throw error;
  }
}
