import { unitSign } from '../../../../core/unit-sign.ts';
import type { AlarmView } from '../../../wire.ts';
import { constantText } from '../format.ts';
import { t } from '../language.ts';

/** What was measured when the alarm was raised, and the limit it was held against. */
export function AlarmFigures({ alarm }: { alarm: AlarmView }) {
  const unit = unitSign(alarm.unit);
  return (
    <span class="alarm-figures">
      <span class="amount">
        <span class="number">{constantText(alarm.value)}</span>
        <span class="unit">{unit}</span>
      </span>
      {alarm.limit !== null && (
        <span class="alarm-limit">
          {t(alarm.finding.from === 'limit' ? 'limit' : 'expectedValue')} {constantText(alarm.limit)} {unit}
        </span>
      )}
    </span>
  );
}
