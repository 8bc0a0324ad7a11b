import { useState } from 'preact/hooks';
import { hangTag, takeTagOff } from '../alarm-acts.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import { operatorName } from '../operator.ts';
import { ActButton } from './act-button.tsx';
import { ReasonAndHours } from './reason-and-hours.tsx';

/** The maintenance tag of an asset or a device: who works there, why, until when; or the way to hang one. */
export function MaintenanceTag({ subject }: { subject: string }) {
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(4);
  const tag = picture.alarms.maintenance.find((one) => one.subject === subject);
  return (
    <section class="panel tag-form" aria-label={t('maintenance')}>
      <strong>{t('maintenance')}</strong>
      {tag ? (
        <>
          <span>
            {tag.reason} · {tag.by} · {t('until')} {momentText(tag.until, gatewayNow())}
          </span>
          <ActButton act={() => takeTagOff(subject, operatorName())}>{t('takeTagOff')}</ActButton>
        </>
      ) : (
        <>
          <ReasonAndHours reason={reason} onReason={setReason} hours={hours} mostHours={720} onHours={setHours} />
          <span class="panel-note">{t('tagLength')}</span>
          <ActButton
            act={() => hangTag(subject, operatorName(), reason.trim(), hours * 60)}
            disabled={reason.trim() === '' || !(hours > 0)}
          >
            {t('hangTag')}
          </ActButton>
          <span class="panel-note">{t('tagHint')}</span>
        </>
      )}
    </section>
  );
}
