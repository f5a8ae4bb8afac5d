import { Alert } from './desk.tsx';
import type { Command } from './use-command.ts';

/** Why the last command failed, and that a name is wanted first. */
export function CommandNotes({ command, wantsName }: { command: Command; wantsName: boolean }) {
  return (
    <>
      {command.problem === null ? null : (
        <Alert text={command.problem}>
          <button type="button" onClick={command.forget}>
            Close
          </button>
        </Alert>
      )}
      {wantsName ? <Alert text="Say who you are first: it is kept with what you decide." /> : null}
    </>
  );
}
