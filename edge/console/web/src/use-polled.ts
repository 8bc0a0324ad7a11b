import { useEffect, useState } from 'preact/hooks';
import { realClock, type Timer } from '../../../core/clock.ts';

const refreshMs = 2_000;
const clock = realClock();

interface Polled<View> {
  /** As it was read last; undefined before that. */
  readonly view: View | undefined;
  /** Why it could not be read again; empty when it could. */
  readonly problem: string;
}

/** What `read` gives for a key, read again so often after each answer unless the reader wants it to stand still. */
export function usePolled<View>(
  read: (key: string) => Promise<View>,
  key: string,
  { paused = false, everyMs = refreshMs } = {},
): Polled<View> & { readonly again: () => void } {
  const [state, setState] = useState<Polled<View> & { readonly of: string }>({ view: undefined, problem: '', of: key });
  const [asked, ask] = useState(0);
  // `asked` reads it again at once
  useEffect(() => {
    if (paused) return;
    let current = true;
    let timer: Timer | undefined;
    const once = async () => {
      const next = await read(key).then(
        (view) => ({ view, problem: '' }),
        (error: Error) => ({ problem: error.message }),
      );
      if (!current) return;
      setState((before) => ({ ...(before.of === key ? before : { view: undefined }), of: key, ...next }));
      timer = clock.after(everyMs, () => void once());
    };
    void once();
    return () => {
      current = false;
      timer?.cancel();
    };
  }, [read, key, paused, everyMs, asked]);
  const known = state.of === key ? state : { view: undefined, problem: '' };
  return { view: known.view, problem: known.problem, again: () => ask((count) => count + 1) };
}
