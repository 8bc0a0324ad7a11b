import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import { moved, type TrendChoice } from '../trend-choice.ts';
import { SpanChoice } from './span-choice.tsx';

interface TrendToolsProps {
  readonly choice: TrendChoice;
  readonly choose: (next: Partial<TrendChoice>) => void;
  readonly onSave: () => void;
}

/** What stretch of time is shown and how. */
export function TrendTools({ choice, choose, onSave }: TrendToolsProps) {
  const { spanMs, toMs, scale, lastWeek } = choice;
  const now = gatewayNow();
  return (
    <>
      <SpanChoice value={spanMs} onChoose={(ms) => choose({ spanMs: ms })} />
      <fieldset class="segments" aria-label={t('time')}>
        <button type="button" class="segment" onClick={() => choose(moved(choice, -1, now))}>
          ‹ {t('earlier')}
        </button>
        <button
          type="button"
          class="segment"
          disabled={toMs === undefined}
          onClick={() => choose(moved(choice, 1, now))}
        >
          {t('later')} ›
        </button>
        <button
          type="button"
          class="segment"
          aria-pressed={toMs === undefined}
          onClick={() => choose({ toMs: undefined })}
        >
          {t('live')}
        </button>
      </fieldset>
      <button
        type="button"
        class="button"
        aria-pressed={scale === 'range'}
        onClick={() => choose({ scale: scale === 'range' ? 'values' : 'range' })}
      >
        {t('wholeRange')}
      </button>
      <button type="button" class="button" aria-pressed={lastWeek} onClick={() => choose({ lastWeek: !lastWeek })}>
        {t('lastWeek')}
      </button>
      <button type="button" class="button" onClick={onSave}>
        {t('saveCsv')}
      </button>
      {toMs !== undefined && (
        <span class="panel-note">
          {momentText(toMs - spanMs, now)} – {momentText(toMs, now)}
        </span>
      )}
    </>
  );
}
