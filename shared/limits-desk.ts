/** Limits that the pages for people keep without the schemas, which are no part of their bundle. */

/** Characters in the name of whoever sends a command. */
export const BY_MAX = 80;
/** Posts in one page of the list. */
export const POSTS_PER_PAGE = 40;
/** Posts that may be pinned at a time, so that there is room for news. */
export const PINNED_MAX = 3;
/** Characters of a quote, and of where it comes from. */
export const QUOTE_TEXT_MAX = 120;
export const CITE_MAX = 80;
/** Characters of a note on the trends. */
export const NOTE_TEXT_MAX = 280;
/** What another time allowed must be a whole number of, and the most it may be, in ms. */
export const WITHIN_LIMITS = {
  firstRing: { stepMs: 500, maxMs: 60_000 },
  serviceLevel: { stepMs: 1_000, maxMs: 3_600_000 },
  emailsWithinHour: { stepMs: 60_000, maxMs: 86_400_000 },
} as const;
