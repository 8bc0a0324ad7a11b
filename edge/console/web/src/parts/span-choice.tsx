import { say, t } from '../language.ts';
import { spans } from '../trend-choice.ts';

/** One of the spans. */
export function SpanChoice({ value, onChoose }: { value: number; onChoose: (ms: number) => void }) {
  return (
    <fieldset class="segments" aria-label={t('span')}>
      {spans.map((span) => (
        <button
          key={span.ms}
          type="button"
          class="segment"
          aria-pressed={span.ms === value}
          onClick={() => onChoose(span.ms)}
        >
          {say(span)}
        </button>
      ))}
    </fieldset>
  );
}
