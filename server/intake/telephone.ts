/** A real number has at least so many digits; shorter ones are extensions and short codes that cannot be called back. */
const DIGITS_MIN = 5;

/** Letters stand for a caller who withheld it: anonymous, unknown, restricted, private, unavailable. */
const words = /[a-z]{3,}/i;

/**
 * The digits of a telephone number, empty when there is none. Punctuation, a leading + and leading 00 are dropped, so
 * that +1 555 2004, 001 (555) 2004 and 0015552004 are the same number. National numbers keep their leading 0: without a
 * dialling plan nobody can know their country.
 */
export function telephoneDigits(written: string): string {
  const bare = written
    .trim()
    .replace(/^(?:tel|sip|sips):/i, '')
    .replace(/@.*$/, '');
  if (words.test(bare)) return '';
  const digits = bare.replace(/\D/g, '').replace(/^00/, '');
  return digits.length < DIGITS_MIN ? '' : digits;
}
