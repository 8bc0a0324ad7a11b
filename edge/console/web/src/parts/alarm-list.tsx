import type { AlarmView } from '../../../wire.ts';
import { gatewayNow, picture } from '../feed.ts';
import { durationText, momentText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';
import { isUnacknowledged } from '../situation.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { AlarmFigures } from './alarm-figures.tsx';
import { PriorityMark } from './priority-mark.tsx';

/** The alarm list: the most urgent first, each row a link to its evidence. */
export function AlarmList({ alarms, selected }: { alarms: readonly AlarmView[]; selected: string }) {
  return (
    <table class="table alarm-table">
      <thead>
        <tr>
          <th scope="col">{t('priority')}</th>
          <th scope="col">{t('asset')}</th>
          <th scope="col">
            {t('message')} · {t('cause')} · {t('response')}
          </th>
          <th scope="col">{t('valueAndLimit')}</th>
          <th scope="col">{t('since')}</th>
          <th scope="col">{t('state')}</th>
        </tr>
      </thead>
      <tbody>
        {alarms.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} selected={alarm.id === selected} />
        ))}
      </tbody>
    </table>
  );
}

function AlarmRow({ alarm, selected }: { alarm: AlarmView; selected: boolean }) {
  const now = gatewayNow();
  const open = isUnacknowledged(alarm);
  const raised = alarm.raisedAt ?? now;
  return (
    <tr class={`alarm alarm-${alarm.priority}${open ? ' alarm-open' : ''}${selected ? ' alarm-selected' : ''}`}>
      <td>
        <span class="alarm-priority">
          <PriorityMark priority={alarm.priority} settled={!open} size={20} />
          <span>
            {t(alarm.priority)}
            {alarm.safety && <span class="safety">{t('safety')}</span>}
          </span>
        </span>
      </td>
      <td class="alarm-asset">
        <AssetName id={alarm.asset} />
      </td>
      <td class="alarm-message">
        <a href={href('alarms', alarm.id)} aria-current={selected ? 'true' : undefined}>
          {say(alarm.message)}
        </a>
        <span class="alarm-cause">{say(alarm.cause)}</span>
        <span class="alarm-response">{say(alarm.response)}</span>
      </td>
      <td>
        <AlarmFigures alarm={alarm} />
      </td>
      <td class="alarm-since">
        <time>{momentText(raised, now)}</time>
        <span>{durationText(now - raised)}</span>
      </td>
      <td class="alarm-state">
        <span>{t(alarm.state)}</span>
        {open && <AcknowledgeButton alarm={alarm} />}
      </td>
    </tr>
  );
}

/** The asset by name; what is no asset of the city is a device or the gateway itself. */
function AssetName({ id }: { id: string }) {
  const asset = picture.city?.assets.get(id);
  if (asset) return <a href={href('asset', id)}>{asset.name}</a>;
  return <a href={href('devices', id)}>{id}</a>;
}
