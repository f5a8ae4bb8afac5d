/** Limits of the weekly summary's subscribers, without the schemas, which are no part of the page's bundle. */

/** RFC 5321, 4.5.3.1.3. */
export const ADDRESS_MAX = 254;
