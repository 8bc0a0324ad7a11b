import { useState } from 'preact/hooks';
import type { AlarmPerformance } from '../../../../core/alarm-performance.ts';
import { performanceLists, performanceRows } from '../../../../core/performance-rows.ts';
import { readPerformance } from '../alarm-feed.ts';
import { csvTable } from '../csv.ts';
import { dateText, timeText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { href } from '../routes.ts';
import { saveCsv } from '../save-file.ts';
import { weekMs } from '../trend-choice.ts';
import { usePolled } from '../use-polled.ts';
import { Unread } from './detection-tabs.tsx';
import { SpanChoice } from './span-choice.tsx';

/** The gateway reads its journal for them. */
const everyMs = 300_000;
const moment = (ms: number): string => `${dateText(ms)} ${timeText(ms)}`;

/** How the alarm system did over a span, beside the targets of IEC 62682 and EEMUA 191; on paper it stands by itself. */
export function AlarmFiguresReport({ city }: { city: City }) {
  const [lastMs, setLast] = useState(weekMs);
  const { view, problem } = usePolled(readPerformance, `${lastMs}`, { everyMs });
  return (
    <div class="on-paper">
      <div class="alarm-filters">
        <SpanChoice value={lastMs} onChoose={setLast} />
        <button type="button" class="button" disabled={!view} onClick={() => print()}>
          {t('printFigures')}
        </button>
        <button
          type="button"
          class="button"
          disabled={!view}
          onClick={() => view && saveCsv(`alarm-figures-${dateText(view.to)}.csv`, figuresCsv(view))}
        >
          {t('saveCsv')}
        </button>
      </div>
      {!view && <Unread problem={problem} />}
      {view && <Report city={city} view={view} />}
    </div>
  );
}

function Report({ city, view }: { city: City; view: AlarmPerformance }) {
  return (
    <>
      <h2 class="panel-line">
        {t('alarmFigures')} · {city.view.gateway.name}
      </h2>
      <p class="panel-line">
        {moment(view.from)} – {moment(view.to)}
      </p>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('figure')}</th>
            <th scope="col" class="numeric">
              {t('value')}
            </th>
            <th scope="col" class="numeric">
              {t('figureTarget')}
            </th>
            <th scope="col">{t('met')}</th>
          </tr>
        </thead>
        <tbody>
          {performanceRows(view).map(({ name, value, target, ok }) => (
            <tr key={name.en}>
              <th scope="row">{say(name)}</th>
              <td class="numeric">{value}</td>
              <td class="numeric">{target}</td>
              <td>{ok === null ? '' : ok ? `✓ ${t('targetMet')}` : <strong>✗ {t('targetMissed')}</strong>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="figure-lists">
        {performanceLists(view).map(({ title, rows }) => (
          <section key={title.en}>
            <h3>{say(title)}</h3>
            {rows.length === 0 && <p class="empty-line">{t('nothingHidden')}</p>}
            <ol>
              {rows.map(([id, figure]) => (
                <li key={id}>
                  <a href={href('alarms', id)}>{nameOf(city, id)}</a> <span class="panel-note">{figure}</span>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </>
  );
}

/** The asset by its name, before the kind. */
function nameOf(city: City, id: string): string {
  const [asset = '', kind = ''] = id.split('/');
  return `${city.assets.get(asset)?.name ?? asset} · ${kind}`;
}

const figuresCsv = (view: AlarmPerformance): string =>
  csvTable([
    [t('figure'), t('value'), t('figureTarget'), t('met')],
    ...performanceRows(view).map(({ name, value, target, ok }) => [say(name), value, target, `${ok ?? ''}`]),
    ...performanceLists(view).flatMap(({ title, rows }) => rows.map(([id, value]) => [say(title), id, value, ''])),
  ]);
