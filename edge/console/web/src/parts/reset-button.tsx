import type { AlarmView } from '../../../wire.ts';
import { resetAlarm } from '../alarm-acts.ts';
import { say, t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { ActButton } from './act-button.tsx';

/** Lets a latched alarm go. */
export const ResetButton = ({ alarm }: { alarm: AlarmView }) => (
  <ActButton act={() => resetAlarm(alarm.id, operatorName())} label={`${t('reset')}: ${say(alarm.message)}`}>
    {t('reset')}
  </ActButton>
);
