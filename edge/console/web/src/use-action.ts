import { useState } from 'preact/hooks';

/** Something that the gateway is asked to do: whether it is under way, and why it was not done. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  /** Resolves with whether it was done. */
  const run = async (act: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setProblem('');
    const failed = await act().then(
      () => '',
      (error: Error) => error.message,
    );
    setProblem(failed);
    setBusy(false);
    return failed === '';
  };
  return { busy, problem, run };
}
