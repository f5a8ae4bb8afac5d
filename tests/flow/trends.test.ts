import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { type TrendsAnswer, trendsAnswer } from '../../shared/wire-trends.ts';
import { aCall, anEmail } from '../metrics/a-site.ts';
import { PASSWORD, passOf, send, TOKEN } from '../support/a-desk.ts';
import { type AnApp, anApp } from '../support/an-app.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');

const configuration = (targets: string): string => `
site: { name: Acme, zone: Europe/London, country: us, domains: [acme.example], hours: always }
teams:
  - id: help
    name: Help
    ${targets}
    queues:
      - { id: support, kind: calls }
      - { id: inbox, kind: mailbox, addresses: [help@acme.example] }
sources:
  - { id: desk, kind: http, token: "\${DESK_TOKEN}", feeds: [phones, emails], late_after: 60s, lost_after: 120s }
`;

describe('trends of the whole program', () => {
  it('show what the wall shows, what a lost source leaves unknown, and that a target was changed since', async () => {
    using folder = temporaryFolder();
    const clock = createTestClock(NOW);
    const needs = {
      clock,
      port: 0,
      adminPassword: PASSWORD,
      env: { DESK_TOKEN: TOKEN, DATA_DIR: folder.path },
    };
    {
      await using app = await anApp({
        ...needs,
        configuration: configuration('targets: { first_ring: 70 }'),
      });
      await send(app, [
        ...aCall(NOW - HOUR),
        ...aCall(NOW - HOUR, { ringMs: 8_000 }),
        ...aCall(NOW - 10 * SECOND, { ringMs: null, endMs: null }),
        anEmail(NOW - 70 * MINUTE, 'a'),
      ]);
      await expectSame(app, 70);
      await clock.advance(5 * MINUTE);
      await expectSame(app, 70);
      expect((await trendsOf(app)).notKnownFrom).toEqual([
        { feed: 'phones', at: NOW },
        { feed: 'emails', at: NOW },
      ]);
    }
    await using app = await anApp({ ...needs, configuration: configuration('targets: { first_ring: 75 }') });
    await expectSame(app, 75);
    expect((await trendsOf(app)).marks).toMatchObject([
      {
        kind: 'rules',
        at: clock.now(),
        text: 'First ring target of Help changed from 70 % to 75 %',
        by: null,
      },
    ]);
  });
});

async function expectSame(app: AnApp, target: number): Promise<void> {
  const wall = await app.snapshot();
  const { series } = await trendsOf(app);
  expect(series).toMatchObject([
    { figure: 'firstRing', target, total: wall.calls?.firstRing.tally },
    { figure: 'emailsWithinHour', target: 80, total: wall.emails?.withinHour.tally },
  ]);
  expect(series[0]?.total).toEqual({ n: 1, d: 3 });
  expect(series[1]?.total).toEqual({ n: 0, d: 1 });
}

async function trendsOf(app: AnApp): Promise<TrendsAnswer> {
  const { name, value } = await passOf(app);
  const query = 'from=2026-11-18&to=2026-11-18&by=hour&figures=firstRing,emailsWithinHour&scopes=team:help';
  const answer = await fetch(`${app.url}/api/trends?${query}`, { headers: { cookie: `${name}=${value}` } });
  return trendsAnswer.parse(await answer.json());
}
