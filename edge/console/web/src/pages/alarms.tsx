import { useState } from 'preact/hooks';
import type { Picture } from '../feed.ts';
import { t } from '../language.ts';
import type { City } from '../model.ts';
import { keepOperator, operatorName } from '../operator.ts';
import { AlarmDetail } from '../parts/alarm-detail.tsx';
import { AlarmList } from '../parts/alarm-list.tsx';

/** All alarms that are not normal, and the one looked at with what speaks for it. */
export function AlarmsPage({ city, picture, selected }: { city: City; picture: Picture; selected: string }) {
  const { alarms, total } = picture.alarms;
  const alarm = alarms.find(({ id }) => id === selected);
  return (
    <div class={`alarms${total > 0 ? ' alarms-split' : ''}`}>
      <section class="panel alarms-list" aria-labelledby="alarms-title">
        <div class="panel-head">
          <h1 id="alarms-title">{t('alarms')}</h1>
          <span class="panel-note">{total > 0 ? `${total}` : ''}</span>
          <Operator />
        </div>
        {total > alarms.length && (
          <p class="panel-line">
            {total} {t('moreAlarms')} {alarms.length}
          </p>
        )}
        {total === 0 ? <NoAlarms /> : <AlarmList alarms={alarms} selected={selected} />}
      </section>
      {total > 0 && <AlarmDetail city={city} alarm={alarm} />}
    </div>
  );
}

/** Under which name this screen acknowledges. */
function Operator() {
  const [name, setName] = useState(operatorName);
  return (
    <label class="operator">
      {t('acknowledgeAs')}
      <input
        type="text"
        maxLength={64}
        autocomplete="off"
        value={name}
        onInput={({ currentTarget }) => {
          setName(currentTarget.value);
          keepOperator(currentTarget.value);
        }}
      />
    </label>
  );
}

function NoAlarms() {
  return (
    <div class="empty">
      <svg width="56" height="56" viewBox="0 0 56 56" aria-hidden="true">
        <circle cx="28" cy="28" r="25" />
        <path d="m18 28.5 7 7 14-15" />
      </svg>
      <h2>{t('noAlarms')}</h2>
      <p>{t('noAlarmsHint')}</p>
    </div>
  );
}
