import { numberText } from '../format.ts';
import { t } from '../language.ts';

const width = 64;

/** A score from 0 to 1 as a bar with the alarm threshold at one half, and as a number. */
export function ScoreBar({ score }: { score: number | null }) {
  if (score === null) return <span class="none">—</span>;
  return (
    <span class={`score${score >= 0.5 ? ' score-over' : ''}`} title={t('scoreHint')}>
      <svg width={width} height="8" viewBox={`0 0 ${width} 8`} aria-hidden="true">
        <rect class="score-ground" width={width} height="8" />
        <rect class="score-fill" width={width * Math.min(1, score)} height="8" />
        <path d={`M${width / 2} 0v8`} />
      </svg>
      {numberText(score, 2)}
    </span>
  );
}
