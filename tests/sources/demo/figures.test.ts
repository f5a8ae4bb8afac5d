import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../server/config.ts';
import { checkFact } from '../../../server/intake/check-fact.ts';
import { demoFacts, toldAt } from '../../../server/sources/demo/demo-facts.ts';
import { daysBefore, localDay } from '../../../server/sources/demo/local-day.ts';
import type { FigureId, Scope, Tally } from '../../../shared/figure.ts';
import type { Span } from '../../../shared/time.ts';
import { openIntake } from '../../support/an-intake.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DAYS = 4;

describe('the demo team through the real intake', () => {
  it('is judged believably, day by day: near its promises, never at them, and no fact is refused or in conflict', async () => {
    using folder = temporaryFolder();
    const { rules, site } = await loadConfig({}, folder.path);
    const { zone } = site;
    const days = Array.from({ length: DAYS }, (_, i) =>
      localDay(daysBefore('2026-11-24', i), zone),
    ).reverse();
    const end = days.at(-1)!.to;
    const facts = demoFacts({ from: days[0]!.from, to: end }, { zone, seed: 'test' });
    expect(facts.map((fact) => checkFact(fact, toldAt(fact))).filter((trouble) => trouble !== null)).toEqual(
      [],
    );

    await using sut = await openIntake(join(folder.path, 'demo.sqlite'), { at: end, rules });
    const outcomes = await sut.intake.save('demo', facts);
    expect(new Set(outcomes)).toEqual(new Set(['stored']));
    expect(new Set(await sut.intake.save('demo', facts.slice(0, 3_000)))).toEqual(new Set(['repeat']));
    await sut.intake.fold(end);

    const scope: Scope = 'team:patient-support';
    const figure = async (span: Span, id: FigureId): Promise<Tally> =>
      (await sut.store.tallies(span, [scope]))
        .filter((row) => row.figure === id)
        .reduce((sum, { n, d }) => ({ n: sum.n + n, d: sum.d + d }), { n: 0, d: 0 });
    const percents = async (id: FigureId): Promise<number[]> =>
      Promise.all(
        days
          .map(async (day) => figure(day, id))
          .map(async (tally) => (100 * (await tally).n) / (await tally).d),
      );
    const between = (values: number[], min: number, max: number, what: string): void => {
      for (const value of values) {
        expect(value, what).toBeGreaterThan(min);
        expect(value, what).toBeLessThan(max);
      }
    };
    between(await percents('firstRing'), 70, 86, 'first ring');
    between(await percents('serviceLevel'), 80, 96, 'service level');
    between(await percents('emailsWithinHour'), 86, 97, 'emails within the hour');
    between(await percents('abandonment'), 1, 6, 'abandonment');
    between(await percents('calledBack'), 60, 97, 'called back');
    between(
      await Promise.all(days.map(async (day) => (await figure(day, 'callsOffered')).n)),
      900,
      1_400,
      'calls',
    );
    const whole = { from: days[0]!.from, to: end };
    for (const id of [
      'emailsAutomated',
      'emailsInternal',
      'emailsSpam',
      'emailsWaived',
      'calledAgain',
      'calledBackLate',
    ] as const) {
      expect((await figure(whole, id)).n, id).toBeGreaterThan(0);
    }
    for (const id of ['skew', 'callsUnknown', 'emailsUnknown', 'emailsDuplicate'] as const) {
      expect((await figure(whole, id)).n, id).toBe(0);
    }
  });
});
