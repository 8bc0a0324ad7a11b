/** Settles as the promise does, or resolves when the signal aborts: the promises of a connection may stay open after its end. */
export function orEnded(promise: Promise<unknown>, ended: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = () => resolve();
    if (ended.aborted) over();
    ended.addEventListener('abort', over, { once: true });
    promise.then(over, reject).finally(() => ended.removeEventListener('abort', over));
  });
}
