import './story.css';
import type { StoryAnswer } from '../../../shared/wire-items.ts';
import { Alert } from '../../ui/desk.tsx';
import { useFetched } from '../../ui/use-fetched.ts';
import type { Zone } from '../dates.ts';
import { momentText } from './columns.ts';

/** A story that is open is read again this often: a call may still go on. */
const LOOK_EVERY_MS = 15_000;

/** Everything that is known of one call or email, in order. */
export function DrillStory({ story: key, zone }: { story: string; zone: Zone }) {
  const path = `/api/items/story?key=${encodeURIComponent(key)}`;
  const { value, problem, waiting, again } = useFetched<StoryAnswer>(path, LOOK_EVERY_MS);
  if (problem !== null && value === null)
    return (
      <Alert text={problem}>
        <button type="button" onClick={again}>
          Try again
        </button>
      </Alert>
    );
  if (value === null) return waiting ? <p className="quiet">–</p> : null;
  const { kind, verdicts, facts, more, causes } = value;
  return (
    <section
      className="story"
      aria-label={kind === 'call' ? 'The story of the call' : 'The story of the email'}
    >
      <div className="judged">
        <h4>How it is judged</h4>
        <dl>
          {alike(verdicts).map(({ names, words }) => (
            <div key={names}>
              <dt>{names}</dt>
              {words.map((word) => (
                <dd key={word}>{word}</dd>
              ))}
            </div>
          ))}
        </dl>
        {causes.length === 0 ? null : <h4>What was said of its cause</h4>}
        <ul>
          {causes.map(({ cause, by, at }) => (
            <li key={`${at} ${by} ${cause ?? ''}`}>
              {cause === null ? 'Taken away' : `“${cause}”`}
              <span className="faint">
                , {by}, {momentText(at, zone)}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div className="facts">
        <h4>What happened</h4>
        <ol>
          {facts.map(({ at, time, source, said }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have no name of their own, and stay in order
            <li key={`${at} ${i}`}>
              <time dateTime={new Date(at).toISOString()}>{time}</time>
              <span>{said}</span>
              <span className="faint">{source}</span>
            </li>
          ))}
        </ol>
        {more === 0 ? null : <p className="quiet">And {more.toLocaleString('en')} more.</p>}
      </div>
    </section>
  );
}

/** Most scopes see it alike: what they have in common is said once. */
function alike(verdicts: StoryAnswer['verdicts']): { names: string; words: string[] }[] {
  const groups = new Map<string, { names: string; words: string[] }>();
  for (const { name, words } of verdicts) {
    const text = words.join(' ');
    const known = groups.get(text);
    groups.set(text, { names: known === undefined ? name : `${known.names}, ${name}`, words });
  }
  return [...groups.values()];
}
