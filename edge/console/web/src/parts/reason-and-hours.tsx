import { t } from '../language.ts';

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
      <input
        type="text"
        maxLength={200}
        aria-label={t('reason')}
        placeholder={t('reason')}
        value={reason}
        onInput={({ currentTarget }) => onReason(currentTarget.value)}
      />
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
