/** Answers the questions that the process's owner asks, each by the function of its name; ends when the owner is gone. */
export function answering(answers: Record<string, (about: never) => unknown>): void {
  process.on('message', (message) => {
    const { id, question, about } = message as { id: number; question: string; about: never };
    const find = async (): Promise<unknown> => {
      const answer = answers[question];
      if (answer === undefined) throw new Error(`nobody here knows "${question}"`);
      return answer(about);
    };
    find().then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) =>
        process.send?.({ id, failure: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}

/** CPU time that this process has used so far, in µs. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Resident memory in bytes after the garbage is gone (with --expose-gc). */
export function residentBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

/**
 * Memory that is in use, on the heap and in buffers outside it, after the garbage is gone (with --expose-gc). Resident
 * memory would tell more of what a process once needed than of what it holds.
 */
export function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
