import { z } from 'zod';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';

/** How settings are written. Every message says what the value must be, with an example, and never what it was. */

export const ID_CHARS_MAX = 40;
export const TEXT_CHARS_MAX = 80;
export const DURATION_MAX_MS = 30 * 24 * HOUR;
export const SECRET_CHARS_MIN = 16;

/** The error text of a field: what it must be, and whether it is there at all. */
export function mustBe(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) => (input === undefined ? `is missing: it must be ${what}.` : `must be ${what}.`);
}

/**
 * A map of settings in which nothing else may stand. The message for unknown settings is the list of those that are
 * known, for "did you mean".
 */
export function settings<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  example: string,
): z.ZodObject<Shape, z.core.$strict> {
  const otherwise = mustBe(`settings of its own, e.g. ${example}`);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : otherwise(issue)),
  });
}

export function listOf<Item extends z.ZodType>(item: Item, max: number, what: string): z.ZodArray<Item> {
  return z
    .array(item, { error: mustBe(`a list of ${what}`) })
    .max(max, { error: `is too long: at most ${max} ${what} fit.` });
}

export const id = (what: string): z.ZodString => {
  const error = mustBe(
    `the ${what}'s id: up to ${ID_CHARS_MAX} small letters, digits and -, e.g. patient-support`,
  );
  return z.string({ error }).regex(new RegExp(`^[a-z0-9][a-z0-9-]{0,${ID_CHARS_MAX - 1}}$`), { error });
};

export const text = (what: string): z.ZodString => {
  const error = mustBe(`${what}, up to ${TEXT_CHARS_MAX} characters of text`);
  return z
    .string({ error })
    .trim()
    .min(1, { error })
    .max(TEXT_CHARS_MAX, { error })
    .regex(/^(?!.*\$\{)/, {
      error: 'cannot be taken from the environment: only secrets and tokens are. Write it here.',
    });
};

/** Digits that YAML would read as a number, and lose the leading zeros and the + of. */
export const digits = (what: string): z.ZodString => {
  const error = mustBe(`${what} in quotes, e.g. "+1 555 0100"`);
  return z.string({ error }).regex(/^(?=.*\d)[+*#\d ().\-/]+$/, { error });
};

const percentError = mustBe('a whole percent from 1 to 100 without a sign, e.g. 80');
export const percent = z
  .int({ error: percentError })
  .min(1, { error: percentError })
  .max(100, { error: percentError });

export function wholeNumber(min: number, max: number, example: number): z.ZodNumber {
  const error = mustBe(`a whole number from ${min} to ${max}, e.g. ${example}`);
  return z.int({ error }).min(min, { error }).max(max, { error });
}

const unitMs: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR };

/** `6s`, `2.5s`, `60m`, `1h`, `500ms` → ms. */
export function duration(min: { ms: number; said: string }, example: string): z.ZodType<number> {
  const error = mustBe(
    `a length of time with its unit (ms, s, m, h), from ${min.said} to 30 days, e.g. ${example}`,
  );
  const lengthOf = (input: string): number => {
    const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|s|m|h)$/.exec(input) ?? [];
    return amount === undefined || unit === undefined
      ? Number.NaN
      : Math.round(Number(amount) * (unitMs[unit] ?? Number.NaN));
  };
  const inBounds = (input: string): boolean =>
    lengthOf(input) >= min.ms && lengthOf(input) <= DURATION_MAX_MS;
  return z.string({ error }).refine(inBounds, { error }).transform(lengthOf);
}

/** A secret comes from the environment: `${NAME}` in the file, its value never. */
export function secret(env: NodeJS.ProcessEnv, example: string, charsMin: number): z.ZodType<string> {
  const notInFile = `must not be written in this file: put it in an environment variable, and write \${${example}} here.`;
  return z
    .string({
      error: (issue) =>
        issue.input === undefined || issue.input === null
          ? `is missing: write \${${example}} here, and set that environment variable.`
          : notInFile,
    })
    .transform((input, context) => {
      const name = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(input)?.[1];
      const value = name === undefined ? undefined : env[name];
      const wrong = (message: string): never => {
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      };
      if (name === undefined) return wrong(notInFile);
      if (value === undefined || value === '')
        return wrong(`names the environment variable ${name}, which is not set: set it, and start again.`);
      if (value.length < charsMin)
        return wrong(
          `is too short: the value of ${name} must have at least ${charsMin} characters (openssl rand -hex 24 makes one).`,
        );
      return value;
    });
}
