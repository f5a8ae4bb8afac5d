import { useEffect, useRef, useState } from 'react';
import type { AlertRule } from '../../shared/alert.ts';
import type { PreviewAnswer } from '../../shared/wire-alerts.ts';
import { ApiProblem, tell } from '../api.ts';

/** While the past is being read the server is asked again after this long. */
const READING_MS = 1_000;
/** And so long after it did not answer. */
const AGAIN_MS = 2_000;

export type Ready = Extract<PreviewAnswer, { state: 'ready' }>;

/** `again`: there was no answer for now; the same is asked once more. */
type Asked = PreviewAnswer | { state: 'again'; said: string };

export interface Preview {
  /** The last whole answer; it stays while the next one is on its way. */
  ready: Ready | null;
  /** Why there is none, or none of this rule, for a person. */
  said: string | null;
}

/**
 * What the rule would have done. One question is on its way at a time, and the next is the rule as it then is: a drag
 * that is faster than the answers skips what lies between. Null asks nothing.
 */
export function usePreview(rule: AlertRule | null): Preview {
  const [preview, setPreview] = useState<Preview & { of: string }>({ of: '', ready: null, said: null });
  const wanted = useRef<string | null>(null);
  const running = useRef(false);
  const over = useRef(false);
  const text = rule === null ? null : JSON.stringify(previewed(rule));

  useEffect(() => {
    over.current = false;
    return () => {
      over.current = true;
    };
  }, []);
  useEffect(() => {
    wanted.current = text;
    if (running.current || text === null) return;
    running.current = true;
    void (async () => {
      let asked: string | null = null;
      while (wanted.current !== null && wanted.current !== asked && !over.current) {
        asked = wanted.current;
        const of = subjectOf(JSON.parse(asked) as AlertRule);
        const answer = await ask(asked);
        if (over.current) break;
        const { state } = answer;
        if (state === 'reading' || state === 'again') {
          setPreview((last) => ({ of, ready: last.of === of ? last.ready : null, said: answer.said }));
          asked = null;
          const waitMs = state === 'reading' ? READING_MS : AGAIN_MS;
          await new Promise((resolve) => window.setTimeout(resolve, waitMs));
        } else if (state === 'unknown') setPreview({ of, ready: null, said: answer.said });
        else setPreview({ of, ready: answer, said: null });
      }
      running.current = false;
    })();
  }, [text]);
  // The past of another metric, team or queue is no past of this one.
  return rule === null || preview.of === subjectOf(rule) ? preview : { ready: null, said: null };
}

/** What the past is of; the same past is shown on while its levels and holds change. */
function subjectOf({ metric, scope, source, board, target }: AlertRule): string {
  return JSON.stringify([metric, scope, source, board, target]);
}

/** Words, or another name, change nothing of what would have happened: the same question is not asked twice. */
function previewed(rule: AlertRule): AlertRule {
  return { ...rule, says: '', channels: [], quiet: [], wall: true, chime: false, on: true };
}

async function ask(rule: string): Promise<Asked> {
  try {
    return await tell<PreviewAnswer>('/api/alerts/preview', { rule: JSON.parse(rule) });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { status, message } = error;
    if (status === 0) return { state: 'again', said: 'The server does not answer. It is asked again.' };
    return { state: status >= 500 || status === 429 ? 'again' : 'unknown', said: message };
  }
}
