import { HOUR, type Instant, SECOND } from '../../shared/time.ts';
import type { SentFact } from '../../shared/wire.ts';

/** A site that is always open, with calls, emails and posts on one board. */
export const BUSY_SITE = `
site:
  name: Harbor Health
  zone: America/New_York
  country: us
  hours: always
  domains: [harbor.example]
teams:
  - id: support
    name: Patient Support
    queues:
      - { id: support, kind: calls }
      - { id: help, kind: mailbox, addresses: [help@harbor.example] }
boards: [{ id: support, name: Patient Support, place: New York, show: "team:support" }]
sources:
  - { id: life, kind: http, token: "\${SENDER_TOKEN}", feeds: [phones, emails, mentions], late_after: 10m }
`;

/** What happens at the `tick`th moment of a busy day. Every moment changes the board, and no chance is in it. */
export function factsAt(tick: number, at: Instant): SentFact[] {
  const facts: SentFact[] = [];
  for (let begun = Math.max(0, tick - LONGEST_TICKS); begun <= tick; begun++)
    for (const step of storiesOf(begun)) if (begun + step.after === tick) facts.push(step.fact(at));
  return facts;
}

/** What ends everything that is still open when nothing new begins from `tick` on. */
export function endingsAt(tick: number, at: Instant): SentFact[] {
  const facts: SentFact[] = [];
  for (let begun = Math.max(0, tick - LONGEST_TICKS); begun < tick; begun++)
    for (const step of storiesOf(begun)) if (begun + step.after >= tick) facts.push(step.fact(at));
  return facts;
}

/** One thing that happens so many ticks after its story began. */
interface Step {
  after: number;
  fact(at: Instant): SentFact;
}

const LONGEST_TICKS = 60;

function storiesOf(n: number): Step[] {
  const steps = callStory(n);
  if (n % 3 === 0) steps.push(...emailStory(n));
  if (n % 4 === 0) steps.push(post(n));
  return steps;
}

/** A call at each tick: one of seven gives up, and one of five had rung for too long when somebody picked up. */
function callStory(n: number): Step[] {
  const call = `c-${n}`;
  const agent = `desk-${n % 9}`;
  const agoMs = n % 5 === 0 ? 12 * SECOND : 0;
  const steps: Step[] = [
    { after: 0, fact: (at) => ({ kind: 'offered', call, at: at - agoMs, queue: 'support' }) },
    { after: 1, fact: (at) => ({ kind: 'alert', call, at: at - agoMs, agent }) },
  ];
  if (n % 7 === 0) {
    steps.push({ after: 4, fact: (at) => ({ kind: 'end', call, at, why: 'abandon' }) });
    return steps;
  }
  steps.push(
    { after: 2, fact: (at) => ({ kind: 'pickup', call, at, agent }) },
    { after: 2, fact: (at) => ({ kind: 'bridged', call, at, agent }) },
    { after: 10 + (n % 40), fact: (at) => ({ kind: 'end', call, at, why: 'hangup' }) },
  );
  return steps;
}

/** A question and its answer; one of four questions had lain for two hours. */
function emailStory(n: number): Step[] {
  const id = `<q-${n}@customer.example>`;
  const customer = `customer-${n}@customer.example`;
  const agoMs = n % 4 === 0 ? 2 * HOUR : 0;
  return [
    {
      after: 0,
      fact: (at) => ({ kind: 'mail_in', id, at: at - agoMs, from: customer, to: ['help@harbor.example'] }),
    },
    {
      after: 5 + (n % 50),
      fact: (at) => ({
        kind: 'mail_out',
        id: `<a-${n}@harbor.example>`,
        at,
        from: 'help@harbor.example',
        to: [customer],
        refs: [id],
      }),
    },
  ];
}

function post(n: number): Step {
  const words = 'They picked up before I had put down my cup. '.repeat(1 + (n % 3)).trim();
  return {
    after: 0,
    fact: (at) => ({
      kind: 'post',
      network: n % 8 === 0 ? 'mastodon' : 'bluesky',
      id: `https://social.example/${n}`,
      author: `https://social.example/people/${n % 100}`,
      name: `Reader ${n % 100}`,
      handle: `@reader-${n % 100}@social.example`,
      text: `${words} (${n})`,
      type: 'post',
      visibility: 'public',
      at,
      seen: at,
    }),
  };
}
