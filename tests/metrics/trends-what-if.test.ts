import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rules, TeamRules } from '../../server/judge/rules.ts';
import type { Judged } from '../../server/judge/verdict.ts';
import type { Scope } from '../../shared/figure.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../../shared/time.ts';
import { type WhatIfAnswer, type WhatIfFigure, whatIfFigures } from '../../shared/wire-trends.ts';
import { type ATrendsSite, changes, dateIn, movedTo, openTrendsSite } from '../support/a-trends-site.ts';
import { deliveriesOf, histories, type Told } from '../support/histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { anEmail, healthOf } from './a-site.ts';

/** Enough to find what is wrong within seconds; set PROPERTY_RUNS for a longer search. */
const runs = Number(process.env.PROPERTY_RUNS ?? 15);

/** Facts are saved up to so many hours after the history began. */
const LATEST_SAVE_H = 9;

interface Play {
  zone: string;
  /** What is set of the site beside the rest. */
  ofSite: string;
  begin: Instant;
  told: Told[];
  portions: { size: number; hours: number; packs: boolean }[];
  lookAt: number;
  within: Record<WhatIfFigure, number>;
}

const plays: fc.Arbitrary<Play> = fc
  .record({
    history: histories,
    change: fc.constantFrom(...changes),
    replyAfter: fc.array(fc.integer({ min: -1, max: 300 }), { maxLength: 4 }),
  })
  .chain(({ history, change: [zone, at], replyAfter }) =>
    fc.record({
      zone: fc.constant(zone),
      ofSite: fc.constantFrom(
        '',
        ', first_ring_from: offered',
        ', targets: { emails: { clock: calendar } }',
        ', first_ring_from: offered, targets: { emails: { clock: calendar } }',
      ),
      begin: fc.constant(Date.parse(at) - 5 * HOUR),
      told: deliveriesOf([...movedTo(history, Date.parse(at)), ...strays(Date.parse(at), replyAfter)]),
      portions: fc.array(
        fc.record({
          size: fc.integer({ min: 1, max: 25 }),
          hours: fc.integer({ min: 0, max: LATEST_SAVE_H }),
          packs: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      lookAt: fc.integer({ min: LATEST_SAVE_H, max: 70 }),
      within: fc.record({
        firstRing: fc.integer({ min: 1, max: 30 }).map((n) => n * 500),
        serviceLevel: fc.integer({ min: 1, max: 240 }).map((n) => n * SECOND),
        emailsWithinHour: fc
          .oneof(fc.integer({ min: 1, max: 1_440 }), fc.constantFrom(30, 60, 120, 300, 840, 900))
          .map((n) => n * MINUTE),
      }),
    }),
  );

/** Mails to no mailbox of ours, around the change of the clocks, answered after so many minutes; never for -1. */
function strays(at: Instant, replyAfter: readonly number[]): Told[] {
  return replyAfter.flatMap((minutes, i): Told[] => {
    const id = `<s${i}@cust.example>`;
    const inAt = at + (i - 2) * 40 * MINUTE;
    const from = `bo${i}@cust.example`;
    const mail: Told = {
      source: 'mail',
      fact: { kind: 'mail_in', id, at: inAt, from, to: ['sales@acme.example'] },
    };
    if (minutes < 0) return [mail];
    const answer = { id: `<r${i}@acme.example>`, from: 'sam@acme.example', to: [from], refs: [id] };
    return [mail, { source: 'mail', fact: { kind: 'mail_out', at: inAt + minutes * MINUTE, ...answer } }];
  });
}

describe('what if', () => {
  it(
    'another time had been allowed, is what all facts judged anew by that promise come to, day by day',
    async () => {
      await fc.assert(fc.asyncProperty(plays, isExact), { numRuns: runs });
    },
    60_000 + runs * 5_000,
  );
});

it('nobody has answered, is not missed while nothing is known of its source', async () => {
  using folder = temporaryFolder();
  const begin = Date.parse('2026-11-18T10:00:00Z');
  await using a = await openTrendsSite(folder.path, 'Europe/London', begin);
  await a.site.intake.save('mail', [anEmail(begin, 'a')]);
  a.site.clock.set(begin + 2 * HOUR);
  await a.site.intake.fold(a.site.clock.now());
  const asked = {
    from: '2026-11-18',
    to: '2026-11-18',
    by: 'day',
    figure: 'emailsWithinHour',
    scope: 'queue:inbox',
  } as const;
  const misses = async (minutes: number): Promise<number[]> => {
    const { is, wouldBe } = await a.trends.whatIf({ ...asked, withinMs: minutes * MINUTE });
    return [is.total.d, wouldBe.total.d];
  };
  expect(await misses(15)).toEqual([1, 1]);
  expect(await misses(121)).toEqual([1, 0]);
  const heardAt = begin + 20 * MINUTE;
  a.health.push(healthOf('mail', { feeds: ['emails'], state: 'lost', heardAt, since: heardAt }));
  expect(await misses(15)).toEqual([0, 1]);
  expect(await misses(30)).toEqual([0, 0]);
  expect(await misses(60)).toEqual([0, 0]);
});

async function isExact({ zone, ofSite, begin, told, portions, lookAt, within }: Play): Promise<void> {
  using folder = temporaryFolder();
  await using a = await openTrendsSite(folder.path, zone, begin, ofSite);
  await a.deliver(told, portions);
  const now = begin + lookAt * HOUR;
  a.site.clock.set(now);
  const before = a.plainly(told);
  await isSameByThePromise(a, { from: dateIn(zone, begin, -1), to: dateIn(zone, begin, 6) }, begin);
  const after = a.plainly(told, rulesWith(a.config.rules, within));
  for (const { scope, promisedMs } of a.config.trendScopes) {
    for (const figure of whatIfFigures) {
      const promised = promisedMs[figure];
      if (promised === undefined) continue;
      const period = { from: dateIn(zone, begin, -1), to: dateIn(zone, begin, 6) };
      const asked = { ...period, by: 'day' as const, figure, scope };
      const answer = await a.trends.whatIf({ ...asked, withinMs: within[figure] });
      expect(answer.promisedMs).toBe(promised);
      expectSteps(answer, 'is', before, now);
      expectSteps(answer, 'wouldBe', after, now);
      const same = await a.trends.whatIf({ ...asked, withinMs: promised });
      expect(same.wouldBe).toEqual(same.is);
      // A period cut out of the middle knows what came before it.
      const [day] = [dateIn(zone, begin, 1)];
      const alone = await a.trends.whatIf({ ...asked, from: day, to: day, withinMs: within[figure] });
      expectSteps(alone, 'wouldBe', after, now);
    }
  }
}

/** With sources lost or not, the time promised gives what is counted. */
async function isSameByThePromise(
  a: ATrendsSite,
  period: { from: string; to: string },
  begin: Instant,
): Promise<void> {
  for (const id of ['mail', 'archive', 'pbx']) {
    const heardAt = begin + 8 * HOUR;
    a.health.push(healthOf(id, { feeds: ['emails', 'phones'], state: 'lost', heardAt, since: heardAt }));
    for (const { scope, promisedMs } of a.config.trendScopes) {
      for (const figure of whatIfFigures) {
        const withinMs = promisedMs[figure];
        if (withinMs === undefined) continue;
        const { is, wouldBe } = await a.trends.whatIf({ ...period, by: 'day', figure, scope, withinMs });
        expect({ scope, figure, ...wouldBe }).toEqual({ scope, figure, ...is });
      }
    }
  }
  a.health.length = 0;
}

function rulesWith(rules: Rules, { firstRing, serviceLevel, emailsWithinHour }: Play['within']): Rules {
  const other = (team: TeamRules): TeamRules => ({
    ...team,
    serviceLevelMs: serviceLevel,
    emailMs: emailsWithinHour,
  });
  return {
    ...rules,
    ringPeriodMs: firstRing,
    teams: new Map([...rules.teams].map(([id, team]) => [id, other(team)])),
    site: other(rules.site),
  };
}

function expectSteps(
  answer: WhatIfAnswer,
  which: 'is' | 'wouldBe',
  judged: readonly Judged[],
  now: Instant,
): void {
  const { edges, scope, figure } = answer;
  const plain = edges.slice(0, -1).map((from, i) => {
    const to = edges[i + 1] ?? from;
    return counted(judged, { scope: scope as Scope, figure, from, to }, now);
  });
  const { n, d, total } = answer[which];
  const seen = { scope, figure, which, within: answer.withinMs, n, d };
  expect(seen).toEqual({ ...seen, n: plain.map((one) => one.n), d: plain.map((one) => one.d) });
  expect(total).toEqual({ n: n.reduce((a, b) => a + b, 0), d: d.reduce((a, b) => a + b, 0) });
}

/** Calls that are over, and emails that have a verdict by now. */
function counted(
  judged: readonly Judged[],
  { scope, figure, from, to }: { scope: Scope; figure: WhatIfFigure; from: Instant; to: Instant },
  now: Instant,
): { n: number; d: number } {
  const sums = { n: 0, d: 0 };
  for (const { settled, pending } of judged) {
    for (const one of settled) {
      if (one.scope !== scope || one.figure !== figure || one.at < from || one.at >= to) continue;
      sums.n += one.n;
      sums.d += one.d;
    }
    if (figure !== 'emailsWithinHour') continue;
    for (const one of pending)
      if (one.scope === scope && one.figure === figure && one.at >= from && one.at < to && one.lostAt <= now)
        sums.d += 1;
  }
  return sums;
}
