import { describe, expect, it } from 'vitest';
import type { Fact, MailIn, Post } from '../../../server/fact.ts';
import { partOf, subjectOf } from '../../../server/fact.ts';
import { demoDay, demoFacts, toldAt } from '../../../server/sources/demo/demo-facts.ts';
import { daysBefore, localDay } from '../../../server/sources/demo/local-day.ts';
import { quotes } from '../../../server/sources/demo/quotes.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';

const world = { zone: 'America/New_York', seed: 'test' };
const eightWeeks = Array.from({ length: 56 }, (_, i) => daysBefore('2026-11-24', i));
const days = eightWeeks.map((date) => ({
  date,
  day: localDay(date, world.zone),
  facts: demoDay(date, world),
}));

const of = <K extends Fact['kind']>(facts: readonly Fact[], kind: K): Extract<Fact, { kind: K }>[] =>
  facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind);

const callers = (facts: readonly Fact[]): Post[] =>
  of(facts, 'post').filter((post) => post.type !== 'repost' && post.author !== 'harborhealth');

describe('the demo team', () => {
  it('has the same day at every telling, and another with another seed, date or zone', () => {
    const day = demoDay('2026-11-24', world);
    expect(demoDay('2026-11-24', world)).toEqual(day);
    expect(demoDay('2026-11-24', { ...world, seed: 'other' })).not.toEqual(day);
    expect(demoDay('2026-11-25', world).map(({ kind }) => kind)).not.toEqual(day.map(({ kind }) => kind));
    expect(demoDay('2026-11-24', { ...world, zone: 'Asia/Kolkata' })).not.toEqual(day);
  });

  it('tells a span the same whole or in pieces, in order, each fact once', () => {
    const from = localDay('2026-11-23', world.zone).from + 7 * HOUR;
    const to = from + 30 * HOUR;
    const whole = demoFacts({ from, to }, world);
    const pieces = Array.from({ length: 10 }, (_, i) =>
      demoFacts({ from: from + i * 3 * HOUR, to: from + (i + 1) * 3 * HOUR }, world),
    ).flat();
    expect(pieces).toEqual(whole);
    expect(
      whole.every(
        (fact, i) =>
          toldAt(fact) >= from && toldAt(fact) < to && (i === 0 || toldAt(fact) >= toldAt(whole[i - 1]!)),
      ),
    ).toBe(true);
    const keys = whole.map((fact) => `${fact.kind} ${subjectOf(fact)} ${partOf(fact)}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leaves nothing out: a span of whole days holds all that began in them', () => {
    const span = {
      from: localDay('2026-11-20', world.zone).from,
      to: localDay('2026-11-23', world.zone).from,
    };
    const told = new Set(demoFacts(span, world).map((fact) => JSON.stringify(fact)));
    const begun = ['2026-11-20', '2026-11-21', '2026-11-22'].flatMap((date) => demoDay(date, world));
    const within = begun.filter((fact) => toldAt(fact) >= span.from && toldAt(fact) < span.to);
    expect(within.length).toBeGreaterThan(25_000);
    expect(within.filter((fact) => !told.has(JSON.stringify(fact)))).toEqual([]);
  });

  it('ends every conversation well before the next day does', () => {
    for (const { day, facts } of days) {
      const instants = facts.map(toldAt);
      expect(instants.every(Number.isSafeInteger)).toBe(true);
      expect(Math.max(...instants)).toBeLessThan(day.to + 4 * HOUR);
      expect(Math.min(...instants)).toBeGreaterThan(day.from - MINUTE);
    }
  });

  it.each(['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'])(
    'is offered 30 calls in every hour of a year in %s, also where the clocks change',
    (zone) => {
      const dates = Array.from({ length: 53 }, (_, i) => daysBefore('2026-12-28', i * 7));
      const changes = ['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04'];
      for (const date of [...dates, ...changes]) {
        const day = localDay(date, zone);
        const offered = of(demoDay(date, { zone, seed: 'test' }), 'offered').map(({ at }) => at);
        for (let from = day.from; from + HOUR <= day.to; from += HOUR) {
          const count = offered.filter((at) => at >= from && at < from + HOUR).length;
          expect(count, `${date} ${new Date(from).toISOString()}`).toBeGreaterThanOrEqual(30);
          expect(count).toBeLessThan(85);
        }
      }
    },
  );

  it('has a caller every few minutes at any hour, and a phone that rings within seconds or a minute or so', () => {
    const facts = demoFacts({ from: days[6]!.day.from, to: days[0]!.day.to }, world);
    const gapsOf = (instants: number[]): number[] => instants.slice(1).map((at, i) => at - instants[i]!);
    const alerts = of(facts, 'alert').map(({ at }) => at);
    const meanUntilNext =
      gapsOf(alerts).reduce((sum, gap) => sum + gap * gap, 0) / (2 * (alerts.at(-1)! - alerts[0]!));
    expect(Math.max(...gapsOf(of(facts, 'offered').map(({ at }) => at)))).toBeLessThan(4 * MINUTE);
    expect(meanUntilNext).toBeLessThan(70 * SECOND);
  });

  it('says at most 41 things a day in public, in made-up voices of every mood', () => {
    for (const { facts, date, day } of days) {
      const mentions = callers(facts);
      expect(mentions.length).toBeLessThanOrEqual(41);
      expect(mentions.length).toBeGreaterThanOrEqual(33);
      expect(new Set(mentions.map(({ text }) => text)).size, date).toBeGreaterThan(30);
      expect(new Set(mentions.map(({ network }) => network))).toEqual(new Set(['x', 'mastodon', 'bluesky']));
      for (const { text = '', handle = '', network, seen, at } of mentions) {
        expect(text).not.toMatch(/[{}]/);
        expect(text.length).toBeGreaterThan(20);
        expect(text.length).toBeLessThanOrEqual(280);
        expect(handle).toMatch(network === 'x' ? /^@\w{16,}$/ : /\.example$/);
        expect(seen).toBeGreaterThan(at);
      }
      expect(mentions.every(({ at }) => at >= day.from && at < day.to)).toBe(true);
    }
  });

  it('has one quote a day that fits, and none twice within four weeks', () => {
    const told = days.map(({ facts }) => of(facts, 'quote'));
    expect(told.every((list) => list.length === 1)).toBe(true);
    expect(new Set(told.slice(0, 28).map(([quote]) => quote?.text)).size).toBe(28);
    for (const { text } of quotes) expect(text.length).toBeLessThanOrEqual(120);
  });

  it('talks for more than an hour with somebody on most days', () => {
    const long = days.filter(({ facts }) => {
      const bridged = new Map(of(facts, 'bridged').map(({ call, at }) => [call, at]));
      return of(facts, 'end').some(({ call, at }) => at - (bridged.get(call) ?? at) > HOUR);
    });
    expect(long.length).toBeGreaterThan(40);
    expect(long.length).toBeLessThan(56);
  });

  it('calls an abandoned caller back within ten minutes every day', () => {
    for (const { facts, date } of days) {
      const number = new Map(of(facts, 'offered').map(({ call, number: from }) => [call, from]));
      const abandoned = of(facts, 'end').filter(({ call, why }) => why === 'abandon' && number.has(call));
      const reached = new Map(of(facts, 'pickup').map(({ call, at }) => [call, at]));
      const back = of(facts, 'arrived').filter(({ direction }) => direction === 'out');
      const inTime = abandoned.filter(({ call, at }) =>
        back.some(
          ({ call: out, number: to }) =>
            to === number.get(call) &&
            (reached.get(out) ?? 0) > at &&
            (reached.get(out) ?? 0) <= at + 10 * MINUTE,
        ),
      );
      expect(inTime.length, date).toBeGreaterThan(5);
    }
  });

  it('keeps about a dozen emails open, and lets one or two lie now and then', () => {
    const facts = demoFacts({ from: days[8]!.day.from, to: days[0]!.day.to }, world);
    const done = new Map<string, number>();
    for (const { refs = [], at } of of(facts, 'mail_out')) done.set(refs.at(-1) ?? '', at);
    for (const { ref, at } of of(facts, 'waive')) done.set(ref, at);
    const owed = of(facts, 'mail_in').filter((mail): mail is MailIn => done.has(mail.id));
    let overdueSometimes = 0;
    let samples = 0;
    for (let at = days[7]!.day.from; at < days[1]!.day.to; at += 20 * MINUTE) {
      const open = owed.filter((mail) => mail.at <= at && (done.get(mail.id) ?? 0) > at);
      const overdue = open.filter((mail) => at - mail.at > HOUR).length;
      expect(open.length, new Date(at).toISOString()).toBeGreaterThanOrEqual(5);
      expect(open.length, new Date(at).toISOString()).toBeLessThanOrEqual(20);
      expect(overdue).toBeLessThanOrEqual(6);
      overdueSometimes += overdue > 0 ? 1 : 0;
      samples++;
    }
    expect(overdueSometimes / samples).toBeGreaterThan(0.2);
    expect(overdueSometimes / samples).toBeLessThan(0.8);
  });

  it('is told fast: a day in well under a tenth of a second', () => {
    const startedAt = performance.now();
    for (let i = 0; i < 10; i++) demoDay(daysBefore('2026-06-01', i), world);
    expect((performance.now() - startedAt) / 10).toBeLessThan(100);
  });
});
