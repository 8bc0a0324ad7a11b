import type { AlarmsView } from '../../../wire.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';
import { isUnacknowledged } from '../situation.ts';
import { PriorityMark } from './priority-mark.tsx';

const mostShown = 4;

/** On every page, in a place of their own: safety alarms, each by itself; values set by hand; who works where. */
export function AttentionBar({ view }: { view: AlarmsView }) {
  const safety = view.alarms.filter((alarm) => alarm.safety);
  const { maintenance, manual, tallies } = view;
  if (safety.length + maintenance.length + manual.length === 0) return null;
  return (
    <aside class={`attention${safety.length > 0 ? ' attention-safety' : ''}`}>
      {safety.length > 0 && (
        <section class="attention-part" aria-label={t('safetyAlarms')}>
          <strong>
            {t('safetyAlarms')} {tallies.safety}
          </strong>
          {safety.slice(0, mostShown).map((alarm) => (
            <a key={alarm.id} href={href('alarms', alarm.id)}>
              <PriorityMark priority={alarm.priority} settled={!isUnacknowledged(alarm)} size={16} />
              {say(alarm.message)}
            </a>
          ))}
          {tallies.safety > mostShown && <a href={href('alarms')}>… {tallies.safety - mostShown}</a>}
        </section>
      )}
      {manual.length > 0 && (
        <section class="attention-part" aria-label={t('manualValue')}>
          <strong>
            {t('manualValue')} {manual.length}
          </strong>
          {manual.slice(0, mostShown).map(({ tag, value, simulated, real }) => (
            <a key={tag} href={href('trend', tag)} class={simulated ? 'simulated' : undefined}>
              {tag} = {value}
              {simulated && ` · ${t('simulated')} · ${t('realValue')} ${real ?? '–'}`}
            </a>
          ))}
        </section>
      )}
      {maintenance.length > 0 && (
        <section class="attention-part" aria-label={t('maintenance')}>
          <strong>
            {t('maintenance')} {maintenance.length}
          </strong>
          {maintenance.slice(0, mostShown).map(({ subject, by }) => (
            <span key={subject}>
              {subject} · {by}
            </span>
          ))}
        </section>
      )}
    </aside>
  );
}
