import { useState } from 'preact/hooks';
import { say } from '../../../../edge/console/web/src/language.ts';
import { unitSign } from '../../../../edge/core/unit-sign.ts';
import type { Label } from '../../../city/label.ts';
import { endNow, lasts } from './city.ts';
import { figureText, timeText } from './format.ts';
import { t } from './texts.ts';

const mostShown = 100;

/** What happens and has happened, the newest first, each with its label. */
export function HappeningList({ labels, cityMs }: { labels: readonly Label[]; cityMs: number }) {
  const shown = [...labels].reverse().slice(0, mostShown);
  return (
    <section class="panel happenings" aria-labelledby="happenings-title">
      <h2 id="happenings-title">{t('happenings')}</h2>
      {shown.length === 0 && <p class="empty-line">{t('noHappenings')}</p>}
      <ol>
        {shown.map((label) => (
          <Entry key={label.id} label={label} goesOn={lasts(label, cityMs)} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ label, goesOn }: { label: Label; goesOn: boolean }) {
  const { start, end: until, text, level, plane, decoy, magnitude, unit, mustAlarmBy, expectedTags } = label;
  const state = decoy ? 'decoy' : 'struck';
  const [problem, setProblem] = useState('');
  const end = () => void endNow(label.id).catch((error: Error) => setProblem(error.message));
  const time = (iso: string) => timeText(Date.parse(iso));
  return (
    <li class={`happening ${goesOn ? `happening-${state}` : 'happening-over'}`}>
      <p class="happening-text">{say(text)}</p>
      <p class="happening-facts">
        {time(start)}
        {until === null ? ` · ${t('ongoing')}` : ` ${t('until')} ${time(until)}`}
        {!goesOn && ` · ${t('over')}`} · {figureText(magnitude)} {unitSign(unit)}
      </p>
      <p class="happening-facts">
        {decoy ? t('decoy') : `${level} · ${t(plane)}`}
        {mustAlarmBy !== null && ` · ${t('alarmBy')} ${time(mustAlarmBy)}`}
        {expectedTags.length > 0 && (
          <span title={expectedTags.slice(0, 40).join('\n')}>
            {' '}
            · {t('showsOn')}: {expectedTags.length}
          </span>
        )}
      </p>
      {goesOn && (
        <p class="happening-end">
          <button type="button" class="button" onClick={end}>
            {t('endNow')}
          </button>
          <output class="problem">{problem}</output>
        </p>
      )}
    </li>
  );
}
