import {
  type AlertMetric,
  type AlertRule,
  type AlertWindow,
  alertMetrics,
  metricShape,
  type SavedRule,
} from '../../shared/alert.ts';
import type { Feed, Scope } from '../../shared/figure.ts';
import { windowText } from '../../shared/rule-words.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { RulesAnswer } from '../../shared/wire-alerts.ts';

export type WireScope = RulesAnswer['scopes'][number];

/** Metrics that can be watched with what is connected, in the order of the list of them. */
export function metricsFor(answer: RulesAnswer): AlertMetric[] {
  const feeds = new Set<Feed>(answer.scopes.flatMap((scope) => scope.feeds));
  return (Object.keys(alertMetrics) as AlertMetric[]).filter((metric) => {
    const { feed } = metricShape(metric);
    return feed === null || feeds.has(feed);
  });
}

/** The scopes that a metric can be about. */
export function scopesFor(metric: AlertMetric, scopes: readonly WireScope[]): WireScope[] {
  const { feed, scopes: kinds } = metricShape(metric);
  return scopes.filter(
    (one) => kinds.includes(kindOf(one.scope)) && (feed === null || one.feeds.includes(feed)),
  );
}

/** A rule to begin with: the definitions' defaults for the metric, about the first scope that fits. */
export function newRule(metric: AlertMetric, scopes: readonly WireScope[]): AlertRule {
  const shape = metricShape(metric);
  const fitting = scopesFor(metric, scopes);
  const about = fitting.find(({ scope }) => scope.startsWith('team:')) ?? fitting[0];
  const { warning, critical, margin } = levelsFor(metric, about);
  const sampled = shape.kind === 'percent' || shape.kind === 'mean' || shape.kind === 'burn';
  const now = shape.kind === 'gauge' || shape.kind === 'length';
  return {
    metric,
    scope: (about?.scope ?? 'site') as Scope,
    window: windowsFor(metric)[0] ?? null,
    direction: shape.direction,
    warning,
    critical,
    margin,
    minItems: sampled ? 10 : 0,
    forMs: metric === 'longestWaiting' ? 0 : 5 * MINUTE,
    clearForMs: now ? 30 * SECOND : 2 * MINUTE,
    hours: 'open',
    quiet: [],
    wall: true,
    chime: true,
    channels: [],
    says: '',
    on: true,
    target: shape.kind === 'burn' ? (targetOf(metric, about) ?? 80) : null,
    source: null,
    board: null,
  };
}

function levelsFor(
  metric: AlertMetric,
  about: WireScope | undefined,
): { warning: number; critical: number; margin: number } {
  const target = targetOf(metric, about);
  if (target !== null && metricShape(metric).kind === 'percent')
    return { warning: Math.max(2, target - 10), critical: Math.max(1, target - 20), margin: 3 };
  switch (metricShape(metric).kind) {
    case 'percent':
      return metricShape(metric).direction === 'below'
        ? { warning: 70, critical: 60, margin: 3 }
        : { warning: 10, critical: 20, margin: 3 };
    case 'mean':
      return { warning: 60, critical: 120, margin: 10 };
    case 'length':
      return metricShape(metric).direction === 'below'
        ? { warning: 300, critical: 120, margin: 0 }
        : { warning: 120, critical: 240, margin: 0 };
    case 'count':
      return { warning: 50, critical: 100, margin: 0 };
    case 'gauge':
      return { warning: 0, critical: 5, margin: 0 };
    case 'rate':
      return { warning: 200, critical: 400, margin: 20 };
    case 'burn':
      return { warning: 1, critical: 2, margin: 0 };
  }
}

/** The promise that a metric measures; null where there is none. */
function targetOf(metric: AlertMetric, about: WireScope | undefined): number | null {
  const promise = PROMISES[metric];
  return about === undefined || promise === undefined ? null : about.targets[promise];
}

const PROMISES: Partial<Readonly<Record<AlertMetric, keyof WireScope['targets']>>> = {
  firstRing: 'firstRing',
  burnRate: 'firstRing',
  serviceLevel: 'serviceLevel',
  emailsWithinHour: 'emailsWithinHour',
  burnRateEmails: 'emailsWithinHour',
};

const rolling = (...minutes: number[]): AlertWindow[] =>
  minutes.map((length) => ({ kind: 'rolling', minutes: length }));

/** The windows that are offered for a metric, the usual one first; none for what is so now. */
export function windowsFor(metric: AlertMetric): AlertWindow[] {
  switch (metricShape(metric).kind) {
    case 'gauge':
    case 'length':
      return [];
    case 'rate':
    case 'burn':
      return rolling(120, 30, 60, 240, 480);
    case 'count':
      return [...rolling(60, 15, 30, 120, 240), { kind: 'today' }];
    case 'percent':
    case 'mean': {
      const last: AlertWindow[] = [20, 50, 100].map((items) => ({ kind: 'last', items }));
      const all: AlertWindow[] = [...rolling(60, 15, 30, 120, 240), { kind: 'today' }, ...last];
      return metricShape(metric).feed === 'emails'
        ? [{ kind: 'today' }, ...all.filter(({ kind }) => kind !== 'today')]
        : all;
    }
  }
}

/** A window as the value of a choice, and its words. */
export function windowKey(window: AlertWindow): string {
  return JSON.stringify(window);
}

export function windowWords(metric: AlertMetric, window: AlertWindow | null): string {
  return windowText(window, metricShape(metric).items).replace('the last 1 hour', 'the last hour');
}

/** The settings of a saved rule without what the server adds. */
export function draftOf({
  id: _id,
  version: _version,
  changedAt: _at,
  changedBy: _by,
  ...rule
}: SavedRule): AlertRule {
  return rule;
}

/** How far an arrow key, or the pointer, moves a level. */
export function stepOf(metric: AlertMetric): number {
  switch (metricShape(metric).kind) {
    case 'mean':
    case 'length':
      return 5;
    case 'burn':
      return 0.1;
    case 'percent':
    case 'count':
    case 'gauge':
    case 'rate':
      return 1;
  }
}

/** A level as it is typed: "75", "75%", "2:00", "120"; null when it is none. Lengths are seconds. */
export function readLevel(metric: AlertMetric, text: string): number | null {
  const plain = text.trim().replace(/\s*(%|×|x|times?|s|seconds)$/i, '');
  const { kind } = metricShape(metric);
  if (kind === 'length' || kind === 'mean') {
    const [, h, m, s] = /^(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d(?:[.,]\d)?)$/.exec(plain) ?? [];
    if (m !== undefined && s !== undefined)
      return Math.round(((Number(h ?? 0) * 60 + Number(m)) * 60 + Number(s.replace(',', '.'))) * 10) / 10;
  }
  if (!/^\d{1,7}(?:[.,]\d)?$/.test(plain)) return null;
  return Number(plain.replace(',', '.'));
}

/** A length as it is typed: "5" minutes, "90 s", "1:30", "2 h"; null when it is none. Ms. */
export function readLength(text: string): number | null {
  const clock = /^(\d{1,4}):([0-5]\d)$/.exec(text.trim());
  if (clock !== null) return (Number(clock[1]) * 60 + Number(clock[2])) * SECOND;
  const [, amount, unit = 'm'] = /^(\d{1,5}(?:\.\d)?)\s*([smh])?[a-z]*$/i.exec(text.trim()) ?? [];
  if (amount === undefined) return null;
  const unitMs = { s: SECOND, m: MINUTE, h: 60 * MINUTE }[unit.toLowerCase()] ?? MINUTE;
  return Math.round(Number(amount) * unitMs);
}

function kindOf(scope: string): 'site' | 'team' | 'queue' {
  if (scope === 'site') return 'site';
  return scope.startsWith('team:') ? 'team' : 'queue';
}
