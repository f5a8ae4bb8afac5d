import { type Logger, pino } from 'pino';

/** Structured lines on standard output. What is logged never holds a secret, an address or a telephone number. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Names under which such things could come in with an object; their values are replaced. */
const redacted = [
  'password',
  'secret',
  'token',
  'number',
  'from',
  'to',
  'cc',
  'authorization',
  'cookie',
  'text',
];

/** A log at the given level (`LOG_LEVEL`), one JSON object a line. */
export function createLog(level: string): Log {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redacted.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' },
  });
}
