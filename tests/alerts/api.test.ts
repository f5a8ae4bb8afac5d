import { describe, expect, it } from 'vitest';
import { alertsAnswer, auditAnswer, previewAnswer, rulesAnswer } from '../../shared/wire-alerts.ts';
import { TV_TOKEN } from '../support/an-app.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aRule } from './a-rule.ts';
import { aSite } from './a-site-with-rules.ts';

const NINE = Date.parse('2026-11-17T09:00:00Z');

describe('the API of alerts', () => {
  it('answers the lead in the form that it documents, and a TV not at all', async () => {
    await using site = await aSite(createTestClock(NINE));
    await site.make(aRule());
    rulesAnswer.parse(await site.rules());
    alertsAnswer.parse(await site.alerts());
    auditAnswer.parse(await site.get('/api/alerts/changes'));
    for (const path of ['/api/alerts/rules', '/api/alerts', '/api/alerts/changes']) {
      const tv = await fetch(`${site.app.url}${path}`, { headers: { authorization: `Bearer ${TV_TOKEN}` } });
      expect([path, tv.status]).toEqual([path, 403]);
      expect((await fetch(`${site.app.url}${path}`)).status).toBe(401);
    }
  });

  it('tries a rule on the past, and says where nothing of it is kept', async () => {
    await using site = await aSite(createTestClock(NINE));
    const ask = async (rule: object): Promise<unknown> => {
      const response = await fetch(`${site.app.url}/api/alerts/preview`, {
        method: 'POST',
        headers: { cookie: site.cookie, 'content-type': 'application/json' },
        body: JSON.stringify({ rule }),
      });
      return previewAnswer.parse(await response.json());
    };
    expect(await ask(aRule())).toMatchObject({ state: 'ready', count: 0, firings: [], to: NINE });
    const dark = {
      metric: 'boardDark',
      direction: 'above',
      scope: 'site',
      window: null,
      warning: 60,
      critical: null,
      minItems: 0,
    } as const;
    expect(await ask(aRule(dark))).toMatchObject({
      state: 'unknown',
      said: expect.stringContaining('No record'),
    });
  });

  it.each([
    [
      'a level that contradicts the other',
      { critical: 80 },
      'rule.critical: must be lower than the warning level.',
    ],
    ['no level at all', { warning: null, critical: null }, 'rule.warning: or critical must have a level.'],
    [
      'a metric that there is not',
      { metric: 'luck' },
      'rule.metric: must be one of the metrics of docs/alerts.md, e.g. firstRing.',
    ],
    [
      'a team that there is not',
      { scope: 'team:nobody' },
      'scope: there is no team:nobody: name a team or queue of first-ring.yaml.',
    ],
    [
      'a channel that there is not',
      { channels: ['pager'] },
      'channels: there is no channel "pager" in first-ring.yaml.',
    ],
    [
      'a window for what is so now',
      { metric: 'callersWaiting', minItems: 0 },
      'rule.window: must be null: this is about what is so now.',
    ],
    [
      'a burn rate that cannot be',
      {
        metric: 'burnRate',
        direction: 'above',
        window: { kind: 'rolling', minutes: 60 },
        warning: 6,
        critical: null,
        margin: 0,
        target: 80,
      },
      'rule.warning: cannot be reached: at a target of 80 % the burn rate is never above 5.',
    ],
    [
      'half a percent of a half',
      { warning: 75.25 },
      'rule.warning: must be a number with at most one decimal.',
    ],
    ['rubbish beside it', { colour: 'red' }, 'colour: is not known here.'],
  ])('refuses %s and says what to mend', async (_what, but, words) => {
    await using site = await aSite(createTestClock(NINE));
    const response = await site.tell('/api/alerts/rules', { rule: { ...aRule(), ...but } });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: { message: string } }).error.message).toBe(words);
  });
});
