import { useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import { setByHand, simulate, takeBack } from '../alarm-acts.ts';
import { gatewayNow, picture } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';
import type { TagView } from '../model.ts';
import { operatorName } from '../operator.ts';
import { may } from '../session.ts';
import { ActButton } from './act-button.tsx';
import { ReasonAndHours } from './reason-and-hours.tsx';

/** The value that a person has put in the place of the wire's, or the way to put one; for engineers. */
export function ManualValue({ tag }: { tag: TagView }) {
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [hours, setHours] = useState(1);
  const set = picture.alarms.manual.find((one) => one.tag === tag.name);
  const mayChange = may('engineer');
  if (tag.shows || (!set && !mayChange)) return null;
  return (
    <section class="manual-form" aria-label={t('manualValue')}>
      <h2>{t('manualValue')}</h2>
      {set ? (
        <>
          <p>
            {set.simulated && <strong class="simulated">{t('simulated')}</strong>} {set.value} {unitSign(tag.unit)} ·{' '}
            {set.simulated && (
              <>
                {t('realValue')} {set.real ?? '–'} {unitSign(tag.unit)} ·{' '}
              </>
            )}
            {set.reason} · {set.by} · {t('until')} {momentText(set.until, gatewayNow())}
          </p>
          {mayChange && <ActButton act={() => takeBack(tag.name, operatorName())}>{t('takeBack')}</ActButton>}
        </>
      ) : (
        <>
          <input
            type="number"
            step="any"
            aria-label={t('value')}
            placeholder={`${t('value')} ${unitSign(tag.unit)}`}
            value={value}
            onInput={({ currentTarget }) => setValue(currentTarget.value)}
          />
          <ReasonAndHours reason={reason} onReason={setReason} hours={hours} mostHours={168} onHours={setHours} />
          <ActButton
            act={() => setByHand(tag.name, Number(value), operatorName(), reason.trim(), hours * 60)}
            disabled={value === '' || reason.trim() === '' || !(hours > 0)}
          >
            {t('setByHand')}
          </ActButton>
          <p class="panel-note">{t('manualHint')}</p>
          <ActButton
            act={() => simulate(tag.name, Number(value), operatorName(), reason.trim())}
            disabled={value === '' || reason.trim() === ''}
          >
            {t('simulate')}
          </ActButton>
          <p class="panel-note">{t('simulateHint')}</p>
        </>
      )}
    </section>
  );
}
