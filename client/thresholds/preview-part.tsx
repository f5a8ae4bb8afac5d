import { useMemo, useState } from 'react';
import { type AlertLevel, type AlertRule, metricShape } from '../../shared/alert.ts';
import { metricTitles } from '../../shared/rule-words.ts';
import { HOUR, type Instant, MINUTE } from '../../shared/time.ts';
import { LevelMark } from '../ui/level-mark.tsx';
import { useMedia } from '../ui/use-media.ts';
import { chartLabel, LevelChart } from './level-chart.tsx';
import type { Preview, Ready } from './use-preview.ts';
import { createWhen } from './when.ts';

const WEEK_MS = 7 * 24 * HOUR;
/** As many firings are spelled out; the newest of them. */
const LISTED_MAX = 6;

interface PreviewProps {
  rule: AlertRule;
  preview: Preview;
  zone: string;
  /** Levels that fix the range of the drawing. */
  steady: readonly number[];
  change: (level: AlertLevel, value: number) => void;
}

/** What the rule would have done in the last four weeks. */
export function PreviewPart({ rule, preview, zone, steady, change }: PreviewProps) {
  const [weeks, setWeeks] = useState<1 | 4>(4);
  const narrow = useMedia('(max-width: 699.98px)');
  const when = useMemo(() => createWhen(zone), [zone]);
  const { ready, said } = preview;
  if (ready === null)
    return (
      <section className="pv" aria-label="Preview">
        <p className="quiet" role="status">
          {said ?? '–'}
        </p>
      </section>
    );
  const from = weeks === 4 ? ready.from : Math.max(ready.from, ready.to - WEEK_MS);
  return (
    <section className="pv" aria-label="Preview">
      <div className="pv-head">
        <h3 aria-live="polite">{firedText(ready)}</h3>
        <div className="seg">
          {([4, 1] as const).map((count) => (
            <button key={count} type="button" aria-pressed={weeks === count} onClick={() => setWeeks(count)}>
              {count === 4 ? 'Four weeks' : 'Last week'}
            </button>
          ))}
        </div>
      </div>
      <p className="quiet">{asideText(ready, rule)}</p>
      {said === null ? null : <p role="status">{said}</p>}
      <LevelChart
        rule={rule}
        ready={ready}
        from={from}
        steady={steady}
        dayText={(at) => when.weekday(at)}
        label={chartLabel(
          rule,
          metricTitles[rule.metric],
          weeks === 4 ? 'the last four weeks' : 'the last week',
        )}
        narrow={narrow}
        change={change}
      />
      <Fired ready={ready} from={from} time={(at) => when.moment(at)} />
    </section>
  );
}

function Fired({ ready, from, time }: { ready: Ready; from: Instant; time: (at: Instant) => string }) {
  const all = ready.firings
    .map((firing, i) => ({ ...firing, number: i + 1 }))
    .filter((firing) => firing.from >= from);
  const shown = all.slice(-LISTED_MAX);
  return (
    <>
      <ol className="fired-list">
        {shown.map((firing) => (
          <li key={firing.from}>
            <LevelMark level={firing.level} />
            <span>
              <b>{firing.number}</b> {time(firing.from)}, <b>{firing.level}</b>,{' '}
              {firing.to === null ? 'still so' : lastedText(firing.to - firing.from)}
              {firing.inHours ? '' : ', closed'}
            </span>
          </li>
        ))}
      </ol>
      {all.length > shown.length ? (
        <p className="faint">
          The last {shown.length} of {all.length} are named.
        </p>
      ) : null}
    </>
  );
}

/** "Would have fired 3 times in four weeks" */
function firedText({ count }: Ready): string {
  if (count === 0) return 'Would not have fired in four weeks';
  return `Would have fired ${timesText(count)} in four weeks`;
}

/** What is beside the count: how critical, how long, in opening hours, held another time, and what hatching means. */
function asideText({ count, criticalCount, inHoursCount, totalMs, other }: Ready, rule: AlertRule): string {
  const parts: string[] = [];
  if (count > 0) {
    const of = [
      `${criticalCount} critical`,
      `${inHoursCount} in opening hours`,
      `${lastedText(totalMs)} in all`,
    ];
    parts.push(`${of.join(', ')}.`);
  }
  if (other !== null)
    parts.push(
      `Held ${heldText(other.forMs)}${rule.forMs === 0 ? '' : ` instead of ${heldText(rule.forMs)}`}: ${timesText(other.count)}.`,
    );
  const { items } = metricShape(rule.metric);
  if (rule.minItems > 1) parts.push(`Hatched: fewer than ${rule.minItems} ${items}.`);
  return parts.join(' ');
}

function timesText(count: number): string {
  if (count === 0) return 'not once';
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

function heldText(ms: number): string {
  if (ms % MINUTE !== 0) return `${ms / 1_000} seconds`;
  return ms === MINUTE ? '1 minute' : `${ms / MINUTE} minutes`;
}

/** "22 min", "1 h 5 min", "40 s" */
export function lastedText(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / 1_000)} s`;
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
