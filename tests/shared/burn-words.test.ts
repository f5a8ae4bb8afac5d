import { expect, it } from 'vitest';
import { valueText } from '../../shared/rule-words.ts';

const burn = { metric: 'burnRate', direction: 'above', target: 80 } as const;

it.each([
  [{ n: 52, d: 100 }, '2.4 times'],
  // 2.02 times.
  [{ n: 596, d: 1_000 }, '2.1 times'],
  [{ n: 600, d: 1_000 }, '2 times'],
  [{ n: 610, d: 1_000 }, '2 times'],
])('says of %j beside a limit of 2 times: %s, beyond it never rounded onto it', (value, words) => {
  expect(valueText(burn, value, 2)).toBe(words);
});
