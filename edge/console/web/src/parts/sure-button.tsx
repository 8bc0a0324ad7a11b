import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../language.ts';

interface SureButtonProps {
  readonly name: string;
  /** What it is done to, for those who do not see where the button stands. */
  readonly of: string;
  /** Asked before it is done; without one it is done at once. */
  readonly question?: string | undefined;
  readonly disabled: boolean;
  readonly onSure: () => void;
}

/** A button for what cannot be taken back: asks, and Escape is no. */
export function SureButton({ name, of, question, disabled, onSure }: SureButtonProps) {
  const [asking, ask] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  const asked = useRef(false);
  // The focus goes to the question and comes back from it, before the next key can be pressed.
  useLayoutEffect(() => {
    if (asking || asked.current) place.current?.querySelector('button')?.focus();
    asked.current = asking;
  }, [asking]);
  const act = () => {
    ask(false);
    onSure();
  };
  // A key that is held down has asked, and is no answer.
  const answer = (event: KeyboardEvent) => {
    if (event.repeat) event.preventDefault();
    if (event.key === 'Escape') ask(false);
  };
  return (
    <span class="sure" ref={place}>
      {asking && question !== undefined ? (
        <fieldset class="confirm" aria-label={question} onKeyDown={answer}>
          <span>{question}</span>
          <button type="button" class="button button-sure" disabled={disabled} onClick={act}>
            {t('confirm')}
          </button>
          <button type="button" class="button" onClick={() => ask(false)}>
            {t('cancel')}
          </button>
        </fieldset>
      ) : (
        <button
          type="button"
          class="button"
          disabled={disabled}
          aria-label={`${name}: ${of}`}
          onClick={() => (question === undefined ? onSure() : ask(true))}
        >
          {name}
        </button>
      )}
    </span>
  );
}
