import { z } from 'zod';
import {
  type AlertMetric,
  alertMetrics,
  alertWeekdays,
  CHANNELS_OF_RULE_MAX,
  HOLD_MS_MAX,
  LEVEL_MAX,
  MIN_ITEMS_MAX,
  metricShape,
  QUIET_MAX,
  SAYS_MAX,
  type WallAlert,
  WINDOW_ITEMS_MAX,
  WINDOW_MINUTES_MAX,
} from './alert.ts';
import type { Scope } from './figure.ts';
import { plainText } from './plain-text.ts';
import { levelFlaws } from './rule-flaws.ts';

/** A rule, a value and an alert on a wall, as they are sent and told. */

const said = (description: string) => ({ description });
const mustBe = (what: string) => ({ error: `must be ${what}` });
const instant = z.int();
const count = z.int().min(0);
const metrics = Object.keys(alertMetrics) as [AlertMetric, ...AlertMetric[]];
export const alertLevel = z.enum(['warning', 'critical']);

const scopeError = mustBe('site, or team: or queue: and an id, e.g. team:support');
/** Its type says what its pattern sees to. */
export const scope = z
  .string(scopeError)
  .regex(/^(site|(team|queue):.{1,100})$/, scopeError) as unknown as z.ZodType<Scope, Scope>;
export const wholeNumber = (min: number, max: number) => {
  const error = mustBe(`a whole number from ${min} to ${max}`);
  return z.int(error).min(min, error).max(max, error);
};
const level = z
  .number(mustBe('a number, or null'))
  .min(0, mustBe('0 or more'))
  .max(LEVEL_MAX, mustBe(`at most ${LEVEL_MAX}`))
  .refine(
    (value) => Number.isInteger(Math.round(value * 10_000) / 1_000),
    mustBe('a number with at most one decimal'),
  );
const hold = wholeNumber(0, HOLD_MS_MAX);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, mustBe('a time of day, e.g. 22:00'));

const window = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ kind: z.literal('today') }),
      z.strictObject({ kind: z.literal('rolling'), minutes: wholeNumber(1, WINDOW_MINUTES_MAX) }),
      z.strictObject({ kind: z.literal('last'), items: wholeNumber(1, WINDOW_ITEMS_MAX) }),
    ],
    mustBe('a window: { kind: "today" }, { kind: "rolling", minutes: 30 } or { kind: "last", items: 50 }'),
  )
  .nullable();

/** A rule as a lead sets it, with every setting that has no sense refused in words. */
export const alertRule = z
  .strictObject({
    metric: z.enum(metrics, mustBe('one of the metrics of docs/alerts.md, e.g. firstRing')),
    scope,
    window: window.meta(said('Null for what is so now.')),
    direction: z.enum(['below', 'above'], mustBe('below or above')),
    warning: level.nullable(),
    critical: level.nullable(),
    margin: level.meta(said('How far past its level it must come back to be good again.')),
    minItems: wholeNumber(0, MIN_ITEMS_MAX),
    forMs: hold,
    clearForMs: hold,
    hours: z.enum(['open', 'always'], mustBe('open or always')),
    quiet: z
      .array(
        z.strictObject({
          days: z.array(z.enum(alertWeekdays)).min(1, mustBe('at least one day')).max(7),
          from: time,
          to: time,
        }),
      )
      .max(QUIET_MAX, mustBe(`at most ${QUIET_MAX} times`)),
    wall: z.boolean(),
    chime: z.boolean(),
    channels: z.array(z.string().min(1).max(100)).max(CHANNELS_OF_RULE_MAX),
    says: plainText(SAYS_MAX, 'If you are free, pick up.').or(z.literal('')),
    on: z.boolean(),
    target: z
      .number()
      .min(1, mustBe('a percent from 1 to 99'))
      .max(99, mustBe('a percent from 1 to 99'))
      .nullable(),
    source: z.string().min(1).max(100).nullable(),
    board: z.string().min(1).max(100).nullable(),
  })
  .superRefine((rule, context) => {
    for (const { field, message } of levelFlaws(rule, metricShape(rule.metric)))
      context.addIssue({ code: 'custom', path: [field], message });
  });

export const savedRule = z.strictObject({
  ...alertRule.shape,
  id: z.string(),
  version: count,
  changedAt: instant,
  changedBy: z.string(),
});

export const value = z
  .strictObject({ n: z.number(), d: z.number() })
  .meta(
    said('A pair for what is counted; (value, 1) for what is so now: lengths in ms, counts as they are.'),
  );

export const standing = z.strictObject({
  phase: z.enum(['off', 'closed', 'unknown', 'well', 'pending', 'firing']),
  level: alertLevel.nullable(),
  since: instant.nullable(),
  value: value.nullable(),
});

/** The alerts of a board in its snapshot. */
export const wallAlert = z.strictObject({
  id: z.string(),
  rule: z.string(),
  metric: z.enum(metrics),
  scope,
  about: z.string(),
  level: alertLevel,
  since: instant.meta(said('Since when it is at this level.')),
  value: value.nullable(),
  direction: z.enum(['below', 'above']),
  limit: z.number(),
  window,
  target: z.number().nullable().meta(said('Burn rates: the percent promised.')),
  words: z.string(),
  says: z.string(),
  chime: z.boolean(),
  acked: z.strictObject({ by: z.string(), at: instant }).nullable(),
  recoveredAt: instant.nullable().meta(said('Set when it is over; it stays for two minutes.')),
}) satisfies z.ZodType<WallAlert>;
