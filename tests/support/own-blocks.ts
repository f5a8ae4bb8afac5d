/** How long this thread kept everything else waiting. */
export interface OwnBlocks {
  /** By its own work: what the processor did for it between two looks at the timers. */
  workedMs(): number;
  /** By the clock: with waits for the disk and for other programs, which on a busy machine are most of it. */
  blockedMs(): number;
  stop(): void;
}

const EVERY_MS = 2;

/** Watches the event loop for turns that take long. */
export function watchOwnBlocks(): OwnBlocks {
  let [worked, blocked] = [0, 0];
  let [lastAt, lastCpuMs] = [performance.now(), cpuMs()];
  const timer = setInterval(() => {
    const [at, cpu] = [performance.now(), cpuMs()];
    worked = Math.max(worked, cpu - lastCpuMs);
    blocked = Math.max(blocked, at - lastAt - EVERY_MS);
    [lastAt, lastCpuMs] = [at, cpu];
  }, EVERY_MS);
  return { workedMs: () => worked, blockedMs: () => blocked, stop: () => clearInterval(timer) };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
