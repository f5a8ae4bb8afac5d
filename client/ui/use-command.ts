import { useCallback, useState } from 'react';
import { ApiProblem, tell } from '../api.ts';

/** A command on its way, or why the last one failed. */
export interface Command {
  busy: boolean;
  problem: string | null;
  /** Sends it; true when it was done. Nothing is sent while one is on its way. */
  send: (path: string, command: object, method?: 'POST' | 'DELETE') => Promise<boolean>;
  forget: () => void;
}

export function useCommand(): Command {
  const [state, setState] = useState<{ busy: boolean; problem: string | null }>({
    busy: false,
    problem: null,
  });
  const { busy } = state;
  const send = useCallback(
    async (path: string, command: object, method?: 'POST' | 'DELETE') => {
      if (busy) return false;
      setState({ busy: true, problem: null });
      try {
        await tell(path, command, method);
        setState({ busy: false, problem: null });
        return true;
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        setState({ busy: false, problem: error.message });
        return false;
      }
    },
    [busy],
  );
  const forget = useCallback(() => setState({ busy: false, problem: null }), []);
  return { ...state, send, forget };
}
