import { durationText } from '../format.ts';
import { t, tOr } from '../language.ts';
import type { Reading } from '../reading.ts';

/** Quality as shape and, when not good, as text: ● good, ◐ uncertain, ✕ bad. */
export function QualityMark({ reading, words = false }: { reading: Reading; words?: boolean }) {
  const named = tOr(reading.quality);
  const visible = words || reading.trust !== 'good';
  return (
    <span class={`quality quality-${reading.trust}`} title={`${t('quality')}: ${named}`}>
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        {reading.trust === 'good' && <circle cx="4" cy="4" r="2.5" fill="currentColor" />}
        {reading.trust === 'uncertain' && <path d="M4 .5a3.5 3.5 0 1 0 0 7Z M4 .5a3.5 3.5 0 0 1 0 7" class="half" />}
        {reading.trust === 'bad' && <path d="M1 1l6 6M7 1 1 7" class="cross" />}
      </svg>
      <span class={visible ? undefined : 'hidden'}>{named}</span>
    </span>
  );
}

/** How long ago the source gave the value. */
export function Age({ reading }: { reading: Reading }) {
  const text = reading.ageMs === undefined ? '—' : durationText(reading.ageMs);
  return (
    <span class="age" title={t('age')}>
      {text}
    </span>
  );
}

/** Number and unit; hatched whenever it is not to be trusted. */
export function Amount({ reading, size = 'plain' }: { reading: Reading; size?: 'plain' | 'large' | 'huge' }) {
  return (
    <span class={`amount amount-${size} amount-${reading.trust}`}>
      <span class="number">{reading.text}</span>
      {reading.unit !== '' && <span class="unit">{reading.unit}</span>}
    </span>
  );
}
