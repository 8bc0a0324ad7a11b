import type { AlarmsView } from '../../../wire.ts';
import { readIncidents } from '../detection-feed.ts';
import { gatewayNow } from '../feed.ts';
import { durationText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';
import { isUnacknowledged } from '../situation.ts';
import { usePolled } from '../use-polled.ts';
import { PriorityMark } from './priority-mark.tsx';

const shown = 3;

/** The most urgent alarms, each one click from its evidence, in a flood the incidents; one calm line when there are none. */
export function UrgentAlarms({ view }: { view: AlarmsView }) {
  const now = gatewayNow();
  return (
    <section class="panel urgent" aria-labelledby="urgent-title">
      <h2 id="urgent-title">
        <a href={href('alarms')}>{t('alarms')}</a>
        {view.total > shown && (
          <a class="panel-note" href={href('alarms')}>
            {t('all')} {view.total}
          </a>
        )}
      </h2>
      {view.total === 0 && <p class="empty-line">{t('noAlarms')}</p>}
      {view.flood && <UrgentIncidents />}
      <ul>
        {(view.flood ? [] : view.alarms).slice(0, shown).map((alarm) => (
          <li key={alarm.id}>
            <a class={`urgent-alarm urgent-${alarm.priority}`} href={href('alarms', alarm.id)}>
              <PriorityMark priority={alarm.priority} settled={!isUnacknowledged(alarm)} />
              <span class="urgent-message">{say(alarm.message)}</span>
              <span class="urgent-note">
                {t(alarm.priority)} · {t(alarm.state)} · {durationText(now - (alarm.raisedAt ?? now))}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Those that came last, in the words of their roots. */
function UrgentIncidents() {
  const { view } = usePolled(readIncidents, '');
  const now = gatewayNow();
  return (
    <ul aria-label={t('incidents')}>
      {view?.incidents.slice(0, shown).map(({ id, riskLevel, message, members, openedAt }) => (
        <li key={id}>
          <a class="urgent-alarm urgent-incident" href={href('incidents', id)}>
            <span class="urgent-message">{say(message)}</span>
            <span class="urgent-note">
              {t('riskLevel')} {riskLevel} · {members} {t('alarms')} · {durationText(now - openedAt)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
