import { useEffect, useRef, useState } from 'preact/hooks';

interface Followed<View> {
  /** As it was read last, of the key before perhaps; undefined before the first answer. */
  readonly view: View | undefined;
  /** Why it could not be read last; empty when it could. */
  readonly problem: string;
}

/**
 * What `read` gives for a key, read again when the key changes and whenever `mark` becomes another: one answer at a time, so
 * that however often it changes, each answer is shown and the last one is the newest.
 */
export function useFollowed<View>(read: (key: string) => Promise<View>, key: string, mark: unknown): Followed<View> {
  const [state, setState] = useState<Followed<View>>({ view: undefined, problem: '' });
  const wanted = useRef<{ readonly key: string } | undefined>(undefined);
  const reading = useRef(false);
  useEffect(() => {
    wanted.current = { key };
    if (reading.current) return;
    reading.current = true;
    const follow = async () => {
      let done: { readonly key: string } | undefined;
      while (wanted.current && wanted.current !== done) {
        done = wanted.current;
        const answer = await read(done.key).then(
          (view) => ({ view, problem: '' }),
          (error: Error) => ({ problem: error.message }),
        );
        setState((before) => ({ ...before, ...answer }));
      }
      reading.current = false;
    };
    void follow();
  }, [read, key, mark]);
  useEffect(
    () => () => {
      wanted.current = undefined;
    },
    [],
  );
  return state;
}
