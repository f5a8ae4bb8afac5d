import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../server/fact.ts';
import { judgeCall } from '../../server/judge/call.ts';
import { createAmiReader } from '../../server/sources/asterisk/ami-wire.ts';
import { type Calls, createCalls } from '../../server/sources/asterisk/calls.ts';
import { createConversation } from '../../server/sources/asterisk/conversation.ts';
import { doubtAll } from '../../server/sources/asterisk/resume.ts';
import { config } from '../sources/asterisk/follow-recording.ts';
import { rules } from '../sources/asterisk/rules.ts';
import { answerTo, eventsOf, fieldsOf, type RecordedListing } from '../support/fake-asterisk.ts';
import { recording } from '../support/recording.ts';
import { whatIsUpAfter } from '../support/what-is-up.ts';

/** Every so many bytes; AMI_CUTS=all cuts at every single one. */
const EVERY_BYTES = process.env.AMI_CUTS === 'all' ? 1 : 97;
const WITHIN_MS = EVERY_BYTES === 1 ? 600_000 : 30_000;
const BLANK_LINE = '\r\n\r\n';

/** The events of the calls alone, as bytes: what our user is sent while its link stands. */
function streamOf(name: string): Buffer {
  const events = eventsOf(recording(name).connections[0] ?? []);
  const ours = events.filter(({ bytes }) => /^Privilege: (call|agent|system)/m.test(bytes.toString()));
  return Buffer.concat(ours.map(({ bytes }) => bytes));
}

/** One connection: its login, what is up (null: we may not know), then the bytes, through the wire and the meaning. */
function hear(
  calls: Calls,
  bytes: Buffer,
  heardBefore: number | null,
  up: RecordedListing | null,
): CallFact[] {
  const facts: CallFact[] = [];
  const reader = createAmiReader();
  const client = { loggedIn: false, classes: new Set<string>() };
  const permits = { permitted: up !== null, listing: () => up ?? { channels: [], entries: [] } };
  const answers: string[] = [];
  const conversation = createConversation({
    config,
    calls,
    heardBefore,
    send: (text) => answers.push(answerTo(fieldsOf(text), client, permits)),
    denied: () => undefined,
  });
  const read = (chunk: Buffer | string): void => {
    for (const message of reader.read(Buffer.from(chunk)).messages)
      facts.push(...conversation.read(message, heardBefore ?? 0));
  };
  read('Asterisk Call Manager/11.0.0\r\n');
  conversation.begin(heardBefore ?? 0);
  for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) read(answer);
  read(bytes);
  return facts;
}

function heardWhole(bytes: Buffer): CallFact[] {
  return hear(createCalls(config), bytes, null, { channels: [], entries: [] });
}

/** Where the last event that is whole before the cut ends. */
function wholeUntil(bytes: Buffer, cutAt: number): number {
  const last = bytes.subarray(0, cutAt).lastIndexOf(BLANK_LINE);
  return last === -1 ? 0 : last + BLANK_LINE.length;
}

/** The link breaks after so many bytes, inside an event or not, and stands again before the next one. */
function heardCut(
  bytes: Buffer,
  cutAt: number,
  isPermitted: boolean,
): { before: CallFact[]; all: CallFact[] } {
  const calls = createCalls(config);
  const before = hear(calls, bytes.subarray(0, cutAt), null, { channels: [], entries: [] });
  doubtAll(calls.book);
  // Asterisk writes whole events: the one that was cut is gone, and the next connection begins with the one after it.
  const inside = wholeUntil(bytes, cutAt) !== cutAt;
  const next = inside ? bytes.indexOf(BLANK_LINE, Math.max(0, cutAt - 3)) + BLANK_LINE.length : cutAt;
  const up = isPermitted ? whatIsUpAfter(bytes.subarray(0, next)) : null;
  const heardAt = Math.max(1, calls.book.heardTo);
  return { before, all: [...before, ...hear(calls, bytes.subarray(next), heardAt, up)] };
}

interface JudgedAs {
  outcome: string;
  firstRing: string;
  /** How often it is in the first-ring figure. */
  counted: number;
}

/** What each call is for the site. One that was never offered has no view, and is counted as unknown or not at all. */
function judged(facts: readonly CallFact[]): Map<string, JudgedAs> {
  const stories = Map.groupBy(facts, (fact) => fact.call);
  return new Map(
    [...stories].map(([call, story]) => {
      const { views, settled } = judgeCall(story, rules);
      const view = views.find(({ scope }) => scope === 'site');
      const of = (figure: string) =>
        settled.filter((one) => one.figure === figure && one.scope === 'site').length;
      const unseen = of('callsUnknown') > 0 ? 'unknown' : 'uncounted';
      return [
        call,
        {
          outcome: view?.outcome ?? unseen,
          firstRing: view?.firstRing ?? 'none',
          counted: of('firstRing'),
        },
      ];
    }),
  );
}

describe.each([
  'f-queue-rna-second',
  'a-direct-2s',
  'h-ivr7-queue',
  'j-queue-abandon',
  'm3-noanswer-voicemail',
  'm5-queue-timeout-voicemail',
])('the calls of %s, cut every so many bytes', (name) => {
  const bytes = streamOf(name);
  const cuts = Array.from({ length: Math.ceil(bytes.length / EVERY_BYTES) }, (_, i) => i * EVERY_BYTES);
  const truth = judged(heardWhole(bytes));

  it.each([
    ['with the right to list', true],
    ['without it', false],
  ])(
    'are no half events, and judged as they were or unknown after a reconnect %s: never a wrong miss',
    (_, isPermitted) => {
      let whole = { until: -1, facts: [] as CallFact[] };
      let asTheyWere = 0;
      for (const cutAt of cuts) {
        const { before, all } = heardCut(bytes, cutAt, isPermitted);
        const until = wholeUntil(bytes, cutAt);
        if (whole.until !== until) whole = { until, facts: heardWhole(bytes.subarray(0, until)) };
        expect(before, `cut at ${cutAt}`).toEqual(whole.facts);
        const found = judged(all);
        const over = new Set(before.filter(({ kind }) => kind === 'end').map(({ call }) => call));
        for (const [call, was] of truth) {
          const is = found.get(call);
          if (is !== undefined || isPermitted)
            expect(mayBe(was, over.has(call)), `cut at ${cutAt}`).toContainEqual(is);
          if (is?.outcome === was.outcome) asTheyWere += 1;
        }
        expect(found.size, `cut at ${cutAt}`).toBeLessThanOrEqual(truth.size);
      }
      expect(asTheyWere).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );
});

/** What a call may be judged after a cut in the middle of it; over before the cut, only what it was. */
function mayBe(was: JudgedAs, isOver: boolean): JudgedAs[] {
  if (isOver) return [was];
  const uncounted = { firstRing: 'none', counted: 0 };
  // An answer whose ring began unseen counts, but not for the first ring.
  return [was, { ...was, ...uncounted }, { outcome: 'unknown', ...uncounted }];
}
