import { useEffect, useRef, useState } from 'preact/hooks';
import type { AlarmView } from '../../../wire.ts';
import { sound } from '../alarm-sound.ts';
import { say, t } from '../language.ts';

/** Sounds for new alarms and speaks them to screen readers: safety and critical ones at once, others when the reader pauses. */
export function Announcer({ alarms }: { alarms: readonly AlarmView[] }) {
  const known = useRef<ReadonlyMap<string, number | null> | undefined>(undefined);
  const [urgent, setUrgent] = useState('');
  const [polite, setPolite] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(alarms.map((alarm) => [alarm.id, alarm.raisedAt]));
    if (!before) return;
    const fresh = alarms.filter((alarm) => before.get(alarm.id) !== alarm.raisedAt);
    sound(fresh);
    const speak = (some: readonly AlarmView[]) =>
      some.map((alarm) => `${t('newAlarm')}, ${t(alarm.priority)}: ${say(alarm.message)}`).join('. ');
    const loud = (alarm: AlarmView) => alarm.safety || alarm.priority === 'critical';
    if (fresh.some(loud)) setUrgent(speak(fresh.filter(loud)));
    if (fresh.some((alarm) => !loud(alarm))) setPolite(speak(fresh.filter((alarm) => !loud(alarm))));
  }, [alarms]);
  return (
    <div class="hidden">
      <div role="alert">{urgent}</div>
      <div role="status">{polite}</div>
    </div>
  );
}
