import { expect, it } from 'vitest';
import { ringPeriodMs } from '../../server/judge/ring-period.ts';

it.each([
  [3_000, 'gb uk au nz in sg za my jp tw'],
  [4_000, 'be cl il'],
  [4_500, 'es'],
  [5_000, 'de it nl ch dk no fi pl cz gr br cn mx ru ee lt bg id ph ve fr hu'],
  [6_000, 'at pt se th us ca'],
])('rings every %i ms in %s', (periodMs, countries) => {
  expect(countries.split(' ').map(ringPeriodMs)).toEqual(countries.split(' ').map(() => periodMs));
});

it('falls back to the North American ring for a country that is not listed, and takes any case', () => {
  expect(ringPeriodMs('kp')).toBe(6_000);
  expect(ringPeriodMs('')).toBe(6_000);
  expect(ringPeriodMs('GB')).toBe(3_000);
});
