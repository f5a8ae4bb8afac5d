/** Watches the event loop of this thread for what blocks it. */
export interface LoopWatch {
  /** Ends it; the most that this thread computed in one turn of the loop, in ms. */
  stop(): number;
}

/**
 * Looks every millisecond, and goes by the processor's time of this thread: that another program, or another machine on
 * the same host, had the processor in between is no blocking of ours.
 */
export function watchLoop(): LoopWatch {
  let longestMs = 0;
  let last = process.threadCpuUsage();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
    last = process.threadCpuUsage();
  };
  const timer = setInterval(look, 1);
  return {
    stop() {
      look();
      clearInterval(timer);
      return longestMs;
    },
  };
}
