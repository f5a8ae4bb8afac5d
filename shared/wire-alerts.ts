import { z } from 'zod';
import { SNOOZE_MINUTES_MAX, WHY_MAX } from './alert.ts';
import { BY_MAX } from './limits-desk.ts';
import { plainText } from './plain-text.ts';
import { alertLevel, alertRule, savedRule, scope, standing, value, wholeNumber } from './wire-rule.ts';

/** What `/thresholds` and the API of alerts ask and are answered. Instants are integer milliseconds UTC, lengths ms. */

const said = (description: string) => ({ description });
const instant = z.int();
const count = z.int().min(0);
/** Who says so; kept with what was done. */
const by = plainText(BY_MAX, 'Ann').meta(said('Who says so; kept with what was done.'));
const why = plainText(WHY_MAX, 'We know, a colleague is on her way.');

export const rulesAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  rules: z.array(
    z.strictObject({
      rule: savedRule,
      words: z.string().meta(said('The whole rule in one sentence.')),
      standing,
    }),
  ),
  scopes: z.array(
    z.strictObject({
      scope: z.string(),
      name: z.string(),
      team: z.string().nullable(),
      feeds: z.array(z.enum(['phones', 'emails', 'mentions'])),
      targets: z.strictObject({
        firstRing: z.number(),
        serviceLevel: z.number(),
        emailsWithinHour: z.number(),
      }),
    }),
  ),
  boards: z.array(
    z.strictObject({ id: z.string(), name: z.string(), scope: z.string(), chime: z.boolean() }),
  ),
  sources: z.array(
    z.strictObject({ id: z.string(), feeds: z.array(z.enum(['phones', 'emails', 'mentions'])) }),
  ),
  channels: z.array(z.strictObject({ id: z.string(), kind: z.string(), name: z.string() })),
});
export type RulesAnswer = z.infer<typeof rulesAnswer>;

export const ruleCommand = z.strictObject({ rule: alertRule, by });
export type RuleCommand = z.input<typeof ruleCommand>;
/** `version`: that of the rule which was changed; another means that somebody else was faster. */
export const ruleChange = z.strictObject({ rule: alertRule, version: count, by });
export type RuleChange = z.input<typeof ruleChange>;
export const byCommand = z.strictObject({ by });
export type ByCommand = z.input<typeof byCommand>;
export const ruleMade = z.strictObject({ rule: savedRule });
export type RuleMade = z.infer<typeof ruleMade>;

/** `id`: of the rule that is being changed, if any; its past firings do not matter to a preview. */
export const previewCommand = z.strictObject({ rule: alertRule });
export type PreviewCommand = z.input<typeof previewCommand>;

const span = z.strictObject({ from: instant, to: instant });
const firing = z.strictObject({
  from: instant.meta(said('When it fired; after its hold.')),
  to: instant.nullable().meta(said('When it was over; null while it still is.')),
  level: alertLevel.meta(said('The highest that it reached.')),
  worst: value,
  inHours: z.boolean().meta(said('Whether it fired inside the opening hours of its scope.')),
});

/** `reading`: ask again in a second. `unknown`: nothing is kept of the past of this metric. */
export const previewAnswer = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('reading'), said: z.string() }),
  z.strictObject({ state: z.literal('unknown'), said: z.string() }),
  z.strictObject({
    state: z.literal('ready'),
    from: instant,
    to: instant.meta(said('True up to here, a few seconds ago.')),
    firings: z.array(firing).meta(said('The newest 500, in order.')),
    count: count.meta(said('How often it would have fired in all.')),
    criticalCount: count,
    inHoursCount: count,
    totalMs: z.int(),
    other: z
      .strictObject({ forMs: z.int(), count })
      .nullable()
      .meta(said('How often it would have fired held another time, for "held 5 minutes instead of 10".')),
    line: z
      .strictObject({ at: z.array(instant), n: z.array(z.number()), d: z.array(z.number()) })
      .meta(said('The value, thinned: of each stretch its first, lowest, highest and last.')),
    few: z.array(span).meta(said('Where there were fewer items than the rule wants.')),
    open: z.array(span).meta(said('Opening hours of its scope.')),
  }),
]);
export type PreviewAnswer = z.infer<typeof previewAnswer>;

const whoSaid = z.strictObject({ by: z.string(), at: instant, why: z.string().nullable() });
const alertRow = z.strictObject({
  id: z.string(),
  rule: z.string(),
  ruleVersion: count,
  metric: z.string(),
  words: z.string(),
  scope: z.string(),
  about: z.string().meta(said('Name of its scope, source or board.')),
  level: alertLevel.meta(said('Now, or at the end.')),
  worstLevel: alertLevel,
  direction: z.enum(['below', 'above']),
  limit: z.number(),
  began: instant.meta(said('When it began to be bad.')),
  firedAt: instant,
  levelSince: instant,
  value: value.meta(said('As it fired.')),
  worst: value,
  acked: whoSaid.nullable(),
  ackedAfterMs: z.int().nullable(),
  snoozedUntil: instant.nullable(),
  snoozed: whoSaid.nullable(),
  toldAt: instant.nullable().meta(said('Null while nobody was written to.')),
  resolvedAt: instant.nullable(),
  ended: z
    .enum(['recovered', 'closed', 'changed'])
    .nullable()
    .meta(said('closed: opening hours ended; changed: the rule was changed, switched off or deleted.')),
  lengthMs: z.int(),
});
export type WireAlert = z.infer<typeof alertRow>;

/** Open alerts, the highest first, and a page of those that are over, newest first. */
export const alertsAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  demo: z.boolean(),
  open: z.array(alertRow),
  history: z.array(alertRow),
  next: z.string().nullable().meta(said('What to ask for as `after`; null on the last page.')),
  silences: z.array(z.lazy(() => silence)).meta(said('Those that hold now or later.')),
});
export type AlertsAnswer = z.infer<typeof alertsAnswer>;

export const ackCommand = z.strictObject({ by, why: why.nullable().default(null) });
export type AckCommand = z.input<typeof ackCommand>;
export const snoozeCommand = z.strictObject({ by, why, minutes: wholeNumber(1, SNOOZE_MINUTES_MAX) });
export type SnoozeCommand = z.input<typeof snoozeCommand>;

const silence = z.strictObject({
  id: z.string(),
  scope: z.string().nullable(),
  rule: z.string().nullable(),
  from: instant,
  to: instant,
  by: z.string(),
  why: z.string(),
});
export type WireSilence = z.infer<typeof silence>;

/** Of a scope with all within it, or of one rule; for at most a year. */
export const silenceCommand = z
  .strictObject({
    scope: scope.nullable(),
    rule: z.string().max(100).nullable(),
    from: instant,
    to: instant,
    by,
    why,
  })
  .refine(({ from, to }) => to > from && to - from <= 366 * 86_400_000, {
    path: ['to'],
    error: 'must lie after from, by at most a year',
  })
  .refine(({ scope: of, rule }) => (of === null) !== (rule === null), {
    path: ['scope'],
    error: 'or rule must be named, one of the two',
  });
export type SilenceCommand = z.input<typeof silenceCommand>;
export const silenceMade = z.strictObject({ silence });

/** Every change of a rule, newest first; `undo` of one is a new change. */
export const auditAnswer = z.strictObject({
  now: instant,
  zone: z.string(),
  changes: z.array(
    z.strictObject({
      id: z.int(),
      rule: z.string(),
      what: z.enum(['made', 'changed', 'switched on', 'switched off', 'deleted', 'undone']),
      before: savedRule.nullable(),
      after: savedRule.nullable(),
      beforeWords: z.string().nullable(),
      afterWords: z.string().nullable(),
      at: instant,
      by: z.string(),
      undoable: z.boolean(),
    }),
  ),
  next: z.string().nullable(),
});
export type AuditAnswer = z.infer<typeof auditAnswer>;
