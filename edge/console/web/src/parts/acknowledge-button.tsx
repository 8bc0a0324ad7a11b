import { useState } from 'preact/hooks';
import type { AlarmView } from '../../../wire.ts';
import { acknowledge } from '../alarm-acts.ts';
import { picture } from '../feed.ts';
import { say, t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { may } from '../session.ts';

interface AcknowledgeButtonProps {
  readonly alarm: AlarmView;
  /** What is said of it. */
  readonly note?: string;
}

/** Acknowledges one alarm; says so beside it when the gateway did not take it. */
export function AcknowledgeButton({ alarm, note = '' }: AcknowledgeButtonProps) {
  if (!may('operator')) return null;
  return <Acknowledge alarm={alarm} note={note} />;
}

function Acknowledge({ alarm, note }: Required<AcknowledgeButtonProps>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const act = async (button: HTMLButtonElement) => {
    const link = button.closest('tr, aside')?.querySelector<HTMLElement>('.alarm-message a, .ways a');
    setBusy(true);
    setProblem('');
    try {
      await acknowledge(alarm.id, operatorName(), note);
      // The button goes with the need for it; the focus stays at the alarm.
      link?.focus();
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
  };
  return (
    <>
      <button
        type="button"
        class="button acknowledge"
        aria-label={`${t('acknowledge')}: ${say(alarm.message)}`}
        disabled={busy || picture.link !== 'online'}
        onClick={({ currentTarget }) => void act(currentTarget)}
      >
        {t('acknowledge')}
      </button>
      {problem !== '' && (
        <span class="problem" role="alert">
          {t('acknowledgeFailed')}: {problem}
        </span>
      )}
    </>
  );
}
