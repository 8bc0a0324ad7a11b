import { useEffect, useState } from 'preact/hooks';
import { realClock, type Timer } from '../../../core/clock.ts';
import type { InspectionView } from '../../wire.ts';
import { readDevice } from './feed.ts';

const refreshMs = 2_000;
const clock = realClock();

interface InspectionState {
  /** As it was read last; undefined before that. */
  readonly view: InspectionView | undefined;
  /** Why it could not be read again; empty when it could. */
  readonly problem: string;
}

/** Everything about one device, read again every two seconds unless the reader wants it to stand still. */
export function useInspection(device: string, paused: boolean): InspectionState {
  const [state, setState] = useState<InspectionState>({ view: undefined, problem: '' });
  useEffect(() => {
    if (paused) return;
    let current = true;
    let timer: Timer | undefined;
    const read = async () => {
      const next = await readDevice(device).then(
        (view) => ({ view, problem: '' }),
        (error: Error) => ({ problem: error.message }),
      );
      if (!current) return;
      setState((before) => ({ ...before, ...next }));
      timer = clock.after(refreshMs, () => void read());
    };
    void read();
    return () => {
      current = false;
      timer?.cancel();
    };
  }, [device, paused]);
  return state;
}
