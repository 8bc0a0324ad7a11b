import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';
import type { TrendMark } from '../trend-marks.ts';
import { PriorityMark } from './priority-mark.tsx';

/** What the chart marks along its top: alarms, each one click away, and what truly happened where a simulation told. */
export function MarkList({ marks }: { marks: readonly TrendMark[] }) {
  const now = gatewayNow();
  return (
    <section class="mark-list" aria-labelledby="marks-title">
      <h2 id="marks-title">{t('alarmsAndTruth')}</h2>
      {marks.length === 0 && <p class="empty-line">{t('noMarks')}</p>}
      <ul>
        {marks.map(({ key, priority, alarm, text, fromMs, toMs }) => (
          <li key={key} class="mark-line">
            {priority ? <PriorityMark priority={priority} size={14} settled={toMs !== undefined} /> : <span>◇</span>}
            <span>
              {priority ? <a href={href('alarms', alarm)}>{say(text)}</a> : `${t('truth')}: ${say(text)}`}
              <span class="asset-id">
                {priority && `${t(priority)} · `}
                {momentText(fromMs, now)} – {toMs === undefined ? t('stillStands') : momentText(toMs, now)}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
