import { t } from '../language.ts';
import { TextLine } from './text-line.tsx';

interface ReasonAndHoursProps {
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly hours: number;
  readonly mostHours: number;
  readonly onHours: (hours: number) => void;
}

/** Why something is done, and for how long. */
export function ReasonAndHours({ reason, onReason, hours, mostHours, onHours }: ReasonAndHoursProps) {
  return (
    <>
      <TextLine label={t('reason')} value={reason} most={200} onValue={onReason} />
      <input
        type="number"
        min={1}
        max={mostHours}
        aria-label={t('tagLength')}
        value={hours}
        onInput={({ currentTarget }) => onHours(Number(currentTarget.value))}
      />
    </>
  );
}
