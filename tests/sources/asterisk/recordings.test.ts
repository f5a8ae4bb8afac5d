import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../server/fact.ts';
import { judgeCall } from '../../../server/judge/call.ts';
import type { CallOutcome, CallView } from '../../../server/judge/verdict.ts';
import { type Recording, recordings, type TrueCall } from '../../support/recording.ts';
import { factsOf, withoutTime } from './follow-recording.ts';
import { rules } from './rules.ts';

const RING_MAX_ERROR_MS = 50;

/** Each call's facts, and what they are judged to be for the site. */
function judgedCalls(facts: readonly CallFact[]) {
  const byCall = Map.groupBy(facts, (fact) => fact.call);
  return [...byCall.values()].map((story) => {
    const arrived = story.find((fact) => fact.kind === 'arrived');
    const judged = judgeCall(story, rules);
    const view = judged.views.find(({ scope }) => scope === 'site') ?? null;
    const firstRing = judged.settled.filter((one) => one.figure === 'firstRing' && one.scope === 'site');
    return {
      story,
      number: arrived?.number ?? '',
      direction: arrived?.direction ?? 'in',
      view,
      firstRing,
      judged,
    };
  });
}

/** What the truth says this call must be judged, by docs/metrics.md and the link's gap. */
function expectedOutcome(call: TrueCall, { truth }: Recording): CallOutcome {
  const begunAt = truth.t0 + (call.caller_events.invite_sent ?? 0);
  const answeredAt = answerOf(call, truth.t0);
  const { ami_down_at: from, ami_up_at: to } = truth.notes;
  const inGap = (at: number | null) =>
    at !== null && from !== undefined && to !== undefined && at >= from && at < to;
  if (inGap(begunAt) || inGap(answeredAt)) return 'unknown';
  const outcome: string = call.outcome ?? '';
  switch (outcome) {
    case 'answered':
      return 'answered';
    case 'abandoned': {
      const offeredAt = call.queue === undefined ? 0 : 0.5;
      const ended = (call.caller_events.ended ?? 0) - (call.caller_events.invite_sent ?? 0) - offeredAt;
      return ended < rules.shortAbandonMs / 1_000 ? 'short_abandon' : 'abandoned';
    }
    case 'voicemail':
    case 'busy':
    case 'unavailable':
    case 'timeout':
      return 'flow_out';
    case 'lost_pbx_restart':
    case 'lost_pbx_crash':
      return 'unknown';
    default:
      throw new Error(
        `The truth of ${truth.scenario} knows an outcome that this test does not: ${call.outcome}`,
      );
  }
}

function answerOf(call: TrueCall, t0: number): number | null {
  const answered = call.phone_legs.find(
    (leg) => leg.phone === call.answered_by && typeof leg.sent_200 === 'number',
  );
  return typeof answered?.sent_200 === 'number' ? t0 + answered.sent_200 : null;
}

function siteView(recording: Recording, call: TrueCall): CallView | null {
  const found = judgedCalls(factsOf(recording)).filter(
    (one) => one.number === call.caller && one.direction === 'in',
  );
  expect(found, `one inbound call from ${call.caller}`).toHaveLength(1);
  return found[0]?.view ?? null;
}

describe.each(recordings())('the recording $name', (recording) => {
  const { calls } = recording.truth;
  const counted = calls.filter((call) => call.should_count);

  it.each(counted)('counts the call from $caller to $dialled as what it was', (call) => {
    const view = siteView(recording, call);
    expect(view?.outcome).toBe(expectedOutcome(call, recording));
  });

  it.each(counted)(
    'measures how long it rang for $caller within 50 ms, and the first ring exactly',
    (call) => {
      const view = siteView(recording, call);
      const trueRingMs = (call.first_ring_to_answer_s ?? 0) * 1_000;
      const outcome = expectedOutcome(call, recording);
      if (outcome === 'answered') {
        expect(Math.abs((view?.ringMs ?? Number.NaN) - trueRingMs)).toBeLessThanOrEqual(RING_MAX_ERROR_MS);
        expect(view?.firstRing).toBe(trueRingMs < rules.ringPeriodMs ? 'met' : 'missed');
      } else {
        const isMiss = outcome === 'abandoned' || outcome === 'flow_out';
        expect(view?.firstRing).toBe(isMiss ? 'missed' : 'none');
      }
    },
  );

  it('counts nobody else', () => {
    const judged = judgedCalls(factsOf(recording));
    expect(judged.filter(({ view }) => view !== null)).toHaveLength(counted.length);
  });

  it('gives exactly the true first-ring figure', () => {
    const told = judgedCalls(factsOf(recording)).flatMap(({ firstRing }) => firstRing);
    const sum = told.reduce((all, one) => ({ n: all.n + one.n, d: all.d + one.d }), { n: 0, d: 0 });
    const judged = counted.map((call) => ({ call, outcome: expectedOutcome(call, recording) }));
    const inFigure = judged.filter(({ outcome }) => ['answered', 'abandoned', 'flow_out'].includes(outcome));
    const met = inFigure.filter(
      ({ call, outcome }) =>
        outcome === 'answered' && (call.first_ring_to_answer_s ?? 0) * 1_000 < rules.ringPeriodMs,
    );
    expect(sum).toEqual({ n: met.length, d: inFigure.length });
  });

  it('is judged alike by the moments of arrival, where events have no time of their own', () => {
    const seen = (facts: readonly CallFact[]) =>
      judgedCalls(facts).flatMap(({ view, number }) => (view === null ? [] : [{ ...view, number }]));
    const timed = seen(factsOf(recording));
    const untimed = seen(factsOf(recording, {}, withoutTime));
    const judgedAs = ({ number, outcome, firstRing }: (typeof timed)[number]) => ({
      number,
      outcome,
      firstRing,
    });
    expect(untimed.map(judgedAs)).toEqual(timed.map(judgedAs));
    for (const [index, { ringMs }] of untimed.entries()) {
      const error = (ringMs ?? 0) - (timed[index]?.ringMs ?? 0);
      expect(Math.abs(error)).toBeLessThanOrEqual(RING_MAX_ERROR_MS);
    }
  });

  it('names the phone that answered, and the queue', () => {
    const judged = judgedCalls(factsOf(recording));
    for (const call of counted) {
      const story = judged.find((one) => one.number === call.caller && one.direction === 'in')?.story ?? [];
      const bridged = story.find((fact) => fact.kind === 'bridged');
      if (expectedOutcome(call, recording) === 'answered') expect(bridged?.agent).toBe(call.answered_by);
      const offered = story.find((fact) => fact.kind === 'offered');
      expect(offered?.queue).toBe(call.queue);
    }
  });

  it('says each thing once: no fact contradicts another', () => {
    const facts = factsOf(recording);
    const keys = facts.map(
      (fact) =>
        `${fact.kind} ${fact.call} ${'leg' in fact ? fact.leg : ''} ${'entry' in fact ? fact.entry : ''}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('calls that leave the house', () => {
  it('reach the customer when the far end picks up, under the number that was sent to the trunk', () => {
    const reached = recordings()
      .filter(({ name }) => name === 'k-outbound' || name === 'aa-originate-click2call')
      .map((recording) =>
        judgedCalls(factsOf(recording)).map(({ number, judged }) => ({ number, contacts: judged.contacts })),
      );
    expect(reached).toEqual([
      [{ number: '5557002', contacts: [expect.objectContaining({ what: 'reached', by: 'us' })] }],
      [{ number: '5557001', contacts: [expect.objectContaining({ what: 'reached', by: 'us' })] }],
    ]);
  });

  it('lose the configured outside prefix', () => {
    const [outbound] = recordings().filter(({ name }) => name === 'k-outbound');
    const facts = factsOf(outbound!, { outsidePrefix: '9' });
    expect(facts.find((fact) => fact.kind === 'arrived')?.number).toBe('5557001');
  });
});
