import { z } from 'zod';

/** Text of a person: nothing that steers the text around it, and nothing unseen but what joins letters or keeps them apart. */
export const plainText = (max: number, example: string) =>
  z
    .string({ error: `must be text, e.g. ${example}` })
    .trim()
    .min(1, { error: 'is empty' })
    .max(max, { error: `is longer than ${max} characters` })
    .regex(/^(?:[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\u200c|\u200d)*$/u, {
      error: 'holds signs that cannot be seen',
    });
