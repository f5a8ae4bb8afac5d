/** Limits of the lists of calls and emails, without the schemas, which are no part of the page's bundle. */

/** Rows of a page, unless asked otherwise, and at most. */
export const ITEMS_PER_PAGE = 50;
export const ITEMS_PER_PAGE_MAX = 200;
/** Characters of an item's key: a Message-ID (998) and what stands before it. */
export const ITEM_KEY_MAX = 1_100;
/** Characters of a cause. */
export const CAUSE_MAX = 120;
/** Items that one command gives a cause. */
export const TAGGED_MAX = 200;
/** Items of a span that can be sorted by anything but time. */
export const SORTED_MAX = 30_000;
