import { useState } from 'react';
import type { TestAnswer } from '../../shared/wire-desk.ts';
import { ApiProblem, tell } from '../api.ts';
import { lagText } from '../ui/times.ts';

type Result = TestAnswer | { ok: null; said: string };

/** Tries the connection once, when asked, and says what was found. */
export function TestButton({ id }: { id: string }) {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const test = async () => {
    if (busy) return;
    setBusy(true);
    setResult(null);
    try {
      setResult(await tell<TestAnswer>(`/api/sources/${encodeURIComponent(id)}/test`, {}));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setResult({ ok: null, said: error.message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="test">
      <button type="button" aria-disabled={busy} onClick={() => void test()}>
        Test connection
      </button>
      <p role="status">
        {busy ? 'Trying…' : null}
        {result === null ? null : <Found result={result} />}
      </p>
    </div>
  );
}

function Found({ result }: { result: Result }) {
  if (result.ok === null) return <span className="attn">{result.said}</span>;
  return (
    <>
      <b className={result.ok ? '' : 'attn'}>
        {result.ok ? 'Connected' : 'Not connected'} in {lagText(result.tookMs)}.
      </b>{' '}
      {result.said}
    </>
  );
}
