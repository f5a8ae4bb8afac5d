import { z } from 'zod';
import { NOTE_TEXT_MAX } from './limits-desk.ts';
import { plainText } from './plain-text.ts';
import { by } from './wire-desk.ts';
import { trendMark } from './wire-trends.ts';

/** Notes listed of a period, and changes of the rules beside them. */
export const MARKS_MAX = 500;

/** Notes of people and changes of the rules, oldest first. */
export const notesAnswer = z.strictObject({ now: z.int(), marks: z.array(trendMark) });
export type NotesAnswer = z.infer<typeof notesAnswer>;

export const noteCommand = z.strictObject({
  at: z
    .int({ error: 'must be when it was, in whole milliseconds since 1970' })
    .min(0, { error: 'must be after 1970' }),
  text: plainText(NOTE_TEXT_MAX, 'A new menu'),
  by,
});
export type NoteCommand = z.infer<typeof noteCommand>;

export const noteRemoval = z.strictObject({
  id: z.int({ error: "must be a note's id" }),
  by,
});
export type NoteRemoval = z.infer<typeof noteRemoval>;
