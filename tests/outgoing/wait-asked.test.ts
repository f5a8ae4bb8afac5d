import { expect, it } from 'vitest';
import { ASKED_WAIT_MAX_MS, waitAsked } from '../../server/outgoing/wait-asked.ts';

const NOW = Date.parse('2026-11-22T10:00:00Z');

it.each([
  ['7', 7_000],
  ['0', 1_000],
  [' 120 ', 120_000],
  ['Sun, 22 Nov 2026 10:01:00 GMT', 60_000],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 1_000],
  ['soon', null],
  // However long somebody wants to be left alone: a day.
  ['999999', ASKED_WAIT_MAX_MS],
  ['99999999999', ASKED_WAIT_MAX_MS],
])('is asked to wait: %j', (written, ms) => {
  expect(waitAsked(new Headers({ 'retry-after': written }), NOW)).toBe(ms);
});
