/** For work that cannot be broken off itself: after a stop nobody waits for it any more. Throws the reason of the stop. */
export async function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const give = (): void => stopped.reject(stop.reason);
  stop.addEventListener('abort', give);
  if (stop.aborted) give();
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    stop.removeEventListener('abort', give);
  }
}
