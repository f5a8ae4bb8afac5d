import { SECOND } from '../../shared/time.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** A JSON body to POST /api/facts; more goes as NDJSON, which may be of any length. */
export const JSON_BODY_MAX_BYTES = MIB;
/** Facts in one JSON array. */
export const ITEMS_MAX = 10_000;
/** One line of NDJSON; a longer one is refused and the others are kept. */
export const LINE_MAX_BYTES = 64 * KIB;
/** Facts handed to intake at a time, so that no batch holds the process for long. */
export const SAVE_MAX = 500;
/** POST /api/facts requests being worked on at a time. */
export const OPEN_REQUESTS_MAX = 512;
/** JSON bodies held in memory at a time, all together. */
export const HELD_MAX_BYTES = 64 * MIB;
/** A form or a query: the sign-in. */
export const FORM_MAX_BYTES = 4 * KIB;
/** A command of a page for people. */
export const COMMAND_MAX_BYTES = 8 * KIB;
/** Rows of one file of calls or emails; a spreadsheet holds 1,048,576. */
export const EXPORT_ROWS_MAX = 1_000_000;
/** Lines of a file of trends that are made at a time. */
export const EXPORT_LINES_PER_PIECE = 100;
/** Files being fetched at a time. */
export const DOWNLOADS_MAX = 4;
/** All headers of one request together. */
export const HEADERS_MAX_BYTES = 16 * KIB;

/** Headers must be whole after this long. */
export const HEADERS_MAX_MS = 10 * SECOND;
/** A connection on which nothing moves for this long is ended; above the 25 s of a long poll. */
export const IDLE_MAX_MS = 30 * SECOND;
/** A JSON body must be whole after this long. */
export const JSON_BODY_MAX_MS = 30 * SECOND;

/** Wrong tokens or passwords from one address before it has to wait, and how long they are remembered. */
export const WRONG_TRIES_MAX = 10;
export const WRONG_TRIES_MS = 15 * 60 * SECOND;
/** Addresses remembered at a time. */
export const ADDRESSES_KEPT_MAX = 10_000;
/** Passwords being checked at a time; each takes 19 MiB and about 30 ms of a core. */
export const PASSWORD_CHECKS_MAX = 4;
