import { language, t } from '../language.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Spans offered, shortest first. */
export const spans = [
  { ms: 10 * minuteMs, zh: '10 分', en: '10 min' },
  { ms: hourMs, zh: '1 小时', en: '1 h' },
  { ms: 6 * hourMs, zh: '6 小时', en: '6 h' },
  { ms: 24 * hourMs, zh: '24 小时', en: '24 h' },
  { ms: 7 * 24 * hourMs, zh: '7 天', en: '7 d' },
] as const;

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
          {span[language()]}
        </button>
      ))}
    </fieldset>
  );
}
