import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../server/fact.ts';
import type { AlertRule } from '../../shared/alert.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import type { PreviewAnswer } from '../../shared/wire-alerts.ts';
import { aRule } from './a-rule.ts';
import { type AnEngine, anEngine } from './an-engine.ts';

const NINE = Date.parse('2026-11-17T09:00:00Z');

/** One call as it may go, told in time. */
const calls = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 40 * 60_000 }),
    ringAfter: fc.constantFrom(0, 2_000, 9_000, null),
    ring: fc.integer({ min: 500, max: 15_000 }),
    whisper: fc.constantFrom(0, 0, 800, 25_000),
    queue: fc.constantFrom('support', 'support', 'billing'),
    ends: fc.constantFrom('answered', 'answered', 'answered', 'abandon', 'voicemail', 'callback', 'moves'),
    withheld: fc.boolean(),
  }),
  { minLength: 5, maxLength: 25 },
);
type Drawn = (typeof calls extends fc.Arbitrary<(infer D)[]> ? D : never) & { call: string };

function factsOf({ call, after, ringAfter, ring, whisper, queue, ends, withheld }: Drawn): Fact[] {
  const at = NINE + after;
  const alertAt = ringAfter === null ? null : at + ringAfter;
  const overAt = (alertAt ?? at) + ring;
  const who = { call, agent: 'ann', leg: `${call}/1` };
  const facts: Fact[] = [
    { kind: 'offered', call, queue, at, ...(withheld ? {} : { number: `+1555${call}` }) },
  ];
  if (alertAt !== null) facts.push({ kind: 'alert', ...who, at: alertAt });
  if (ends === 'answered') {
    facts.push({ kind: 'pickup', ...who, at: overAt }, { kind: 'bridged', ...who, at: overAt + whisper });
    facts.push({ kind: 'end', call, why: 'hangup', at: overAt + whisper + 30_000 });
  } else if (ends === 'moves') {
    const other = queue === 'support' ? 'billing' : 'support';
    facts.push({ kind: 'offered', call, queue: other, entry: 'b', at: overAt });
    facts.push({ kind: 'end', call, why: 'abandon', at: overAt + 7_000 });
  } else facts.push({ kind: 'end', call, why: ends, at: overAt });
  return facts;
}

const levels = {
  warning: 60,
  critical: 35,
  margin: 5,
  minItems: 3,
  forMs: 20 * SECOND,
  clearForMs: 10 * SECOND,
};
const above = { direction: 'above', window: { kind: 'rolling', minutes: 10 }, margin: 0 } as const;
const gauge = {
  direction: 'above',
  window: null,
  minItems: 0,
  margin: 0,
  forMs: 5 * SECOND,
  clearForMs: 0,
} as const;
const rules: AlertRule[] = [
  aRule({ ...levels, scope: 'team:help', window: { kind: 'rolling', minutes: 10 } }),
  aRule({ ...levels, scope: 'site', window: { kind: 'last', items: 5 } }),
  aRule({ ...levels, scope: 'queue:support', window: { kind: 'today' }, forMs: 0 }),
  aRule({ ...levels, metric: 'serviceLevel', scope: 'site', window: { kind: 'rolling', minutes: 5 } }),
  aRule({ ...levels, ...above, metric: 'abandonment', scope: 'team:help', warning: 20, critical: 50 }),
  aRule({
    ...levels,
    ...above,
    metric: 'speedOfAnswer',
    scope: 'site',
    warning: 12,
    critical: 20,
    minItems: 2,
  }),
  aRule({ ...levels, ...above, metric: 'callsOffered', scope: 'site', warning: 3, critical: 6, minItems: 0 }),
  aRule({
    ...levels,
    ...above,
    metric: 'burnRate',
    scope: 'site',
    warning: 1,
    critical: 2,
    target: 70,
    window: { kind: 'rolling', minutes: 24 },
  }),
  aRule({ ...gauge, metric: 'longestWaiting', scope: 'site', warning: 9, critical: 14 }),
  aRule({ ...gauge, metric: 'callersWaiting', scope: 'team:help', warning: 0, critical: 2 }),
];

/** One email, and what became of it. */
const mails = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 60 * 60_000 }),
    later: fc.integer({ min: 60_000, max: 110 * 60_000 }),
    how: fc.constantFrom('answered', 'answered', 'answered', 'waived', 'spam', 'left'),
  }),
  { minLength: 6, maxLength: 16 },
);

function mailsOf({
  id,
  after,
  later,
  how,
}: {
  id: string;
  after: number;
  later: number;
  how: string;
}): Fact[] {
  const [at, overAt] = [NINE + after, NINE + after + later];
  const mail: Fact = {
    kind: 'mail_in',
    id: `<${id}@out>`,
    at,
    from: `c${id}@out.example`,
    to: ['help@acme.example'],
    refs: [],
    hdr: {},
    mailbox: 'inbox',
  };
  if (how === 'left') return [mail];
  if (how === 'waived') return [mail, { kind: 'waive', ref: mail.id, at: overAt, by: 'Ann' }];
  if (how === 'spam') return [mail, { kind: 'spam', ref: mail.id, at: overAt, by: 'Ann' }];
  const answer: Fact = {
    kind: 'mail_out',
    id: `<${id}@acme>`,
    at: overAt,
    from: 'help@acme.example',
    to: [`c${id}@out.example`],
    refs: [mail.id],
    hdr: {},
    mailbox: 'inbox',
  };
  return [mail, answer];
}

const mailRules: AlertRule[] = [
  aRule({
    ...levels,
    metric: 'emailsWithinHour',
    scope: 'team:help',
    window: { kind: 'rolling', minutes: 60 },
    minItems: 2,
  }),
  aRule({
    ...levels,
    metric: 'emailsWithinHour',
    scope: 'site',
    window: { kind: 'today' },
    minItems: 2,
    warning: 80,
  }),
  aRule({ ...gauge, metric: 'emailsOverdue', scope: 'queue:inbox', warning: 0, critical: 2, forMs: MINUTE }),
  aRule({
    ...levels,
    ...above,
    metric: 'emailsReceived',
    scope: 'site',
    warning: 2,
    critical: 4,
    minItems: 0,
  }),
];

/** What fired, as the engine wrote it down. */
async function firedLive({ alerting, store }: AnEngine, rule: string) {
  await alerting.alerts.saved();
  const all = [...(await store.alertHistory({ after: null, limit: 1_000 })), ...(await store.openAlerts())];
  return all
    .filter((alert) => alert.rule === rule)
    .map(({ firedAt, resolvedAt, worstLevel }) => ({ from: firedAt, to: resolvedAt, level: worstLevel }))
    .sort((a, b) => a.from - b.from);
}

function firedInReplay(answer: PreviewAnswer) {
  if (answer.state !== 'ready') throw new Error(answer.said);
  return answer.firings.map(({ from, to, level }): { from: Instant; to: Instant | null; level: string } => ({
    from,
    to,
    level,
  }));
}

/** What fires while facts are told in time, rule by rule, and in a replay of the same hours. Gives how often it did. */
async function isSame(rulesOf: readonly AlertRule[], facts: readonly Fact[]): Promise<number> {
  await using engine = await anEngine(NINE - MINUTE);
  const made = [];
  for (const rule of rulesOf) made.push(await engine.make(rule));
  await engine.looking();
  await engine.live(facts);
  await engine.clock.advance(HOUR);
  let found = 0;
  for (const { id, version: _v, changedAt: _a, changedBy: _b, ...rule } of made) {
    const replayed = firedInReplay(await engine.alerting.preview(rule));
    expect(replayed, rule.metric).toEqual(await firedLive(engine, id));
    found += replayed.length;
  }
  return found;
}

const often = { numRuns: Number(process.env.RUNS ?? 4), endOnFailure: true };

describe('a replay', () => {
  it('finds what the engine found, for calls told in time', { timeout: 120_000 }, async () => {
    let found = 0;
    const same = fc.asyncProperty(calls, async (drawn) => {
      found += await isSame(
        rules,
        drawn.flatMap((one, i) => factsOf({ ...one, call: String(i) })),
      );
    });
    await fc.assert(same, often);
    expect(found).toBeGreaterThan(10);
  });

  it('finds what the engine found, for emails told in time', { timeout: 120_000 }, async () => {
    let found = 0;
    const same = fc.asyncProperty(mails, async (drawn) => {
      found += await isSame(
        mailRules,
        drawn.flatMap((one, i) => mailsOf({ ...one, id: String(i) })),
      );
    });
    await fc.assert(same, often);
    expect(found).toBeGreaterThan(2);
  });
});
