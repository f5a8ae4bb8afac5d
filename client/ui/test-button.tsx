import { useState } from 'react';
import type { TestAnswer } from '../../shared/wire-desk.ts';
import { ApiProblem, tell } from '../api.ts';
import { lagText } from './times.ts';

type Result = TestAnswer | { ok: null; said: string };

interface TestButtonProps {
  /** The command that tries it. */
  path: string;
  /** On the button. */
  words: string;
  /** What it is when it is well, and when it is not: "Connected", "Not connected". */
  found: readonly [well: string, bad: string];
  /** It was tried, and its state may be another. */
  tried?: () => void;
}

/** Tries something once, when asked, and says what was found. */
export function TestButton({ path, words, found, tried }: TestButtonProps) {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const test = async () => {
    if (busy) return;
    setBusy(true);
    setResult(null);
    try {
      setResult(await tell<TestAnswer>(path, {}));
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      setResult({ ok: null, said: error.message });
    } finally {
      setBusy(false);
      tried?.();
    }
  };
  return (
    <div className="test">
      <button type="button" aria-disabled={busy} onClick={() => void test()}>
        {words}
      </button>
      <p role="status">
        {busy ? 'Trying…' : null}
        {result === null ? null : <Found result={result} found={found} />}
      </p>
    </div>
  );
}

function Found({ result, found }: { result: Result; found: TestButtonProps['found'] }) {
  if (result.ok === null) return <span className="attn">{result.said}</span>;
  return (
    <>
      <b className={result.ok ? '' : 'attn'}>
        {found[result.ok ? 0 : 1]} in {lagText(result.tookMs)}.
      </b>{' '}
      {result.said}
    </>
  );
}
