import type { Instant } from '../../shared/time.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import type { Alarm } from './alarms.ts';
import type { Moments } from './moments.ts';

interface WasCriticalProps {
  /** What was critical when it was last heard of, the worst first. */
  alarms: readonly Alarm[];
  /** The instant up to which it is known. */
  asOf: Instant | null;
  moments: Moments | null;
}

/** Hollow wins: what was critical when its source was last heard, where its count stood. */
export function WasCritical({ alarms: [alarm, ...more], asOf, moments }: WasCriticalProps) {
  if (alarm === undefined || moments === null) return null;
  return (
    <p className="was">
      <LevelMark level="critical" />
      <span>
        {wasText(alarm, asOf, moments)}
        {more.length === 0 ? '' : `, and ${more.length} more`}
      </span>
    </p>
  );
}

/** "Longest wait: was critical at 14:02" */
export function wasText({ title, since }: Alarm, asOf: Instant | null, moments: Moments): string {
  return `${title}: was critical at ${moments.minute(asOf ?? since)}`;
}
