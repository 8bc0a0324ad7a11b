import { useEffect, useRef, useState } from 'preact/hooks';
import { realClock, type Timer } from '../../../../core/clock.ts';
import type { AlarmsView, AlarmView } from '../../../wire.ts';
import { repeatMs, sound, soundOf } from '../alarm-sound.ts';
import { gatewayNow } from '../feed.ts';
import { HeardAlarms } from '../heard-alarms.ts';
import { say, t } from '../language.ts';
import { isUnacknowledged } from '../situation.ts';

/** New alarms that are read out one by one; of more at once the number is said. */
const mostSpoken = 5;

const clock = realClock();

/** Sounds for new alarms, for safety alarms until somebody has acknowledged them, and speaks them to screen readers: safety and critical ones at once, others when the reader pauses. */
export function Announcer({ view }: { view: AlarmsView }) {
  const heard = useRef(new HeardAlarms());
  const [urgent, setUrgent] = useState('');
  const [polite, setPolite] = useState('');
  useEffect(() => {
    const fresh = heard.current.hear(view, gatewayNow());
    sound(soundOf(fresh));
    const loud = (alarm: AlarmView) => alarm.safety || alarm.priority === 'critical';
    if (fresh.some(loud)) setUrgent(speech(fresh.filter(loud)));
    if (fresh.some((alarm) => !loud(alarm))) setPolite(speech(fresh.filter((alarm) => !loud(alarm))));
  }, [view]);
  const calls = view.alarms.some((alarm) => alarm.safety && isUnacknowledged(alarm));
  useEffect(() => {
    if (!calls) return;
    let timer: Timer;
    const wait = () => {
      timer = clock.after(repeatMs, () => {
        sound('safety');
        wait();
      });
    };
    wait();
    return () => timer.cancel();
  }, [calls]);
  return (
    <div class="hidden">
      <div role="alert">{urgent}</div>
      <div role="status">{polite}</div>
    </div>
  );
}

function speech(alarms: readonly AlarmView[]): string {
  const each = alarms
    .slice(0, mostSpoken)
    .map((alarm) => `${t('newAlarm')}, ${t(alarm.priority)}: ${say(alarm.message)}`);
  const others = alarms.length - each.length;
  return [...each, ...(others > 0 ? [`+ ${others}`] : [])].join('. ');
}
