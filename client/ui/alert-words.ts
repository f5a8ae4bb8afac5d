import { type AlertMetric, type AlertValue, type AlertWindow, metricShape } from '../../shared/alert.ts';
import { valueText, windowText } from '../../shared/rule-words.ts';

interface Held {
  metric: AlertMetric;
  direction: 'below' | 'above';
  limit: number;
  value: AlertValue | null;
  target: number | null;
}

/** The figure that broke a rule, never rounded onto its limit; an en dash while it is not known. */
export function figureText({ metric, direction, limit, value, target }: Held): string {
  if (value === null || value.d === 0) return '–';
  return valueText({ metric, direction, target }, value, limit);
}

/** What a value was counted from, "22 of 38 calls"; null where it is a plain number. */
export function countText(metric: AlertMetric, value: AlertValue | null): string | null {
  if (value === null || value.d === 0) return null;
  const { kind, items } = metricShape(metric);
  switch (kind) {
    case 'percent':
      return `${value.n} of ${value.d} ${items}`;
    case 'burn':
      return `missed ${value.d - value.n} of ${value.d}`;
    case 'mean':
      return `${value.d} ${items}`;
    case 'rate':
      return `${value.n}, ${value.d} a week before`;
    case 'count':
    case 'gauge':
    case 'length':
      return null;
  }
}

/** "last 30 minutes", "last 20 calls", "today". */
export function shortWindow(metric: AlertMetric, window: AlertWindow): string {
  if (window.kind === 'today') return 'today';
  return windowText(window, metricShape(metric).items)
    .replace(/^the /, '')
    .replace(/\b1 (hour|minute)$/, '$1');
}
