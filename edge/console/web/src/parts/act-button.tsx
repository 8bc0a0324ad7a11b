import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { picture } from '../feed.ts';
import { t } from '../language.ts';
import { may } from '../session.ts';

interface ActButtonProps {
  readonly act: () => Promise<unknown>;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
}

/** A button that asks the gateway for something; says so beside it when the gateway did not do it. */
export function ActButton({ act, label, disabled = false, children }: ActButtonProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const barred = picture.link !== 'online' || !may('operator');
  const press = async () => {
    setBusy(true);
    setProblem('');
    await act().catch((error: Error) => setProblem(error.message));
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        class="button"
        aria-label={label}
        disabled={busy || barred || disabled}
        onClick={() => void press()}
      >
        {children}
      </button>
      {problem !== '' && (
        <span class="problem" role="alert">
          {t('actsFailed')}: {problem}
        </span>
      )}
    </>
  );
}
