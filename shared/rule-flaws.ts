import type { AlertMetricShape, AlertRule } from './alert.ts';

/** Settings that a rule's kind has no use for, or that contradict each other: the field, and how to mend it. */
export function levelFlaws(
  rule: AlertRule,
  shape: AlertMetricShape,
): { field: keyof AlertRule; message: string }[] {
  const flaws: { field: keyof AlertRule; message: string }[] = [];
  const say = (field: keyof AlertRule, message: string): void => void flaws.push({ field, message });
  const { warning, critical, window, direction } = rule;
  if (warning === null && critical === null) say('warning', 'or critical must have a level');
  if (warning !== null && critical !== null) {
    if (direction === 'below' && critical >= warning) say('critical', 'must be lower than the warning level');
    if (direction === 'above' && critical <= warning)
      say('critical', 'must be higher than the warning level');
  }
  const isNow = shape.kind === 'gauge' || shape.kind === 'length';
  if (isNow && window !== null) say('window', 'must be null: this is about what is so now');
  if (!isNow && window === null) say('window', 'must be named: today, rolling or last');
  if (window?.kind === 'last' && shape.kind !== 'percent' && shape.kind !== 'mean')
    say('window', 'of the last items is for percents and averages: choose today or rolling');
  if ((shape.kind === 'rate' || shape.kind === 'burn') && window !== null && window.kind !== 'rolling')
    say('window', 'must be rolling, e.g. { kind: "rolling", minutes: 120 }');
  if (shape.kind === 'percent' && Math.max(warning ?? 0, critical ?? 0, rule.margin) > 100)
    say(rule.margin > 100 ? 'margin' : 'warning', 'is a percent: at most 100');
  if (isNow && rule.minItems !== 0) say('minItems', 'must be 0: nothing is sampled here');
  if ((shape.kind === 'percent' || shape.kind === 'mean' || shape.kind === 'burn') && rule.minItems < 1)
    say('minItems', 'must be 1 or more');
  if (shape.kind === 'burn' && rule.target === null)
    say('target', 'must be the percent promised, from 1 to 99');
  if (shape.kind !== 'burn' && rule.target !== null) say('target', 'is only for burn rates: must be null');
  if (rule.metric !== 'sourceSilent' && rule.source !== null)
    say('source', 'is only for silent sources: must be null');
  if (rule.metric !== 'boardDark' && rule.board !== null)
    say('board', 'is only for dark screens: must be null');
  const kind = rule.scope === 'site' ? 'site' : rule.scope.startsWith('team:') ? 'team' : 'queue';
  if (!shape.scopes.includes(kind)) say('scope', `must be ${shape.scopes.join(' or ')} for this metric`);
  return [...flaws, ...reachFlaws(rule, shape)];
}

/** A level that can never be reached, or never be left again, was not meant. */
function reachFlaws(
  rule: AlertRule,
  { kind }: AlertMetricShape,
): { field: keyof AlertRule; message: string }[] {
  const flaws: { field: keyof AlertRule; message: string }[] = [];
  const levels = [rule.warning, rule.critical].filter((level) => level !== null);
  const worst = rule.direction === 'below' ? Math.max(...levels) : Math.min(...levels);
  if (kind === 'percent' && rule.direction === 'below' && worst + rule.margin > 100)
    flaws.push({ field: 'margin', message: 'puts recovery above 100 %: it would never recover' });
  if (rule.direction === 'above' && worst - rule.margin < 0)
    flaws.push({ field: 'margin', message: 'puts recovery below 0: it would never recover' });
  if (kind === 'burn' && rule.target !== null) {
    const most = 100 / (100 - rule.target);
    if (levels.some((level) => level >= most))
      flaws.push({
        field: 'warning',
        message: `cannot be reached: at a target of ${rule.target} % the burn rate is never above ${Math.round(most * 10) / 10}`,
      });
  }
  return flaws;
}
