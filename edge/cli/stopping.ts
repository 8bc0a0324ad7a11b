/** npm passes a Ctrl-C on that the terminal has sent already: signals this close together are one. */
const sameSignalMs = 1000;

/**
 * Resolves with the reason when the process is asked to end (Ctrl-C, SIGTERM, the end of the parent that started it with
 * an IPC channel) or the time is over. One more signal a second later ends the process at once.
 */
export function untilStopped(forMs: number | undefined): Promise<'signal' | 'time'> {
  return new Promise((resolve) => {
    const timer = forMs === undefined ? undefined : setTimeout(() => finish('time'), forMs);
    let firstAt: number | undefined;
    function finish(reason: 'signal' | 'time') {
      clearTimeout(timer);
      resolve(reason);
    }
    function onSignal() {
      if (firstAt === undefined) firstAt = performance.now();
      else if (performance.now() - firstAt > sameSignalMs) process.exit(130);
      finish('signal');
    }
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('disconnect', () => finish('signal'));
  });
}
