import { isChattering, isHidden } from '../../../../core/alarm.ts';
import type { AlarmView } from '../../../wire.ts';
import { gatewayNow, picture } from '../feed.ts';
import { durationText, momentText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';
import { isUnacknowledged } from '../situation.ts';
import { AcknowledgeButton } from './acknowledge-button.tsx';
import { AlarmFigures } from './alarm-figures.tsx';
import { PriorityMark } from './priority-mark.tsx';
import { ResetButton } from './reset-button.tsx';

/** Which alarms are marked to be dealt with together. */
export interface Picked {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  toggleAll(): void;
}

interface AlarmListProps {
  readonly alarms: readonly AlarmView[];
  readonly selected: string;
  /** Rows can be marked where it is given. */
  readonly picked?: Picked;
}

/** The alarm list: the most urgent first, each row a link to its evidence. */
export function AlarmList({ alarms, selected, picked }: AlarmListProps) {
  return (
    <table class="table alarm-table">
      <thead>
        <tr>
          {picked && (
            <th scope="col">
              <input
                type="checkbox"
                aria-label={`${t('selectAll')}: ${alarms.length}`}
                checked={alarms.length > 0 && alarms.every(({ id }) => picked.ids.has(id))}
                onChange={() => picked.toggleAll()}
              />
            </th>
          )}
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
          <AlarmRow key={alarm.id} alarm={alarm} selected={alarm.id === selected} picked={picked} />
        ))}
      </tbody>
    </table>
  );
}

interface AlarmRowProps {
  readonly alarm: AlarmView;
  readonly selected: boolean;
  readonly picked: Picked | undefined;
}

function AlarmRow({ alarm, selected, picked }: AlarmRowProps) {
  const now = gatewayNow();
  const open = isUnacknowledged(alarm);
  const raised = alarm.raisedAt ?? now;
  return (
    <tr class={`alarm alarm-${alarm.priority}${open ? ' alarm-open' : ''}${selected ? ' alarm-selected' : ''}`}>
      {picked && (
        <td>
          <input
            type="checkbox"
            aria-label={`${t('selectOne')}: ${say(alarm.message)}`}
            checked={picked.ids.has(alarm.id)}
            onChange={() => picked.toggle(alarm.id)}
          />
        </td>
      )}
      <td>
        <span class="alarm-priority">
          <PriorityMark priority={alarm.priority} settled={!open} size={20} />
          <span>
            {t(alarm.priority)}
            {alarm.safety && <span class="safety">{t('safety')}</span>}
            {alarm.finding.simulated && <span class="simulated">{t('simulated')}</span>}
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
        <HiddenWhy alarm={alarm} />
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
        <Course alarm={alarm} />
        {open && <AcknowledgeButton alarm={alarm} />}
        {alarm.state.startsWith('latched') && <ResetButton alarm={alarm} />}
      </td>
    </tr>
  );
}

/** How often it came, that it is held for that, and that nobody has acknowledged it in time. */
function Course({ alarm: { activations, activatedAt, escalatedAt, fleeting, state, finding } }: { alarm: AlarmView }) {
  const held = state.startsWith('active') && !finding.active;
  const times = activatedAt.map((time) => time ?? 0);
  const chatters = isChattering({ activatedAt: times }, times.at(-1) ?? 0);
  return (
    <>
      {(activations ?? 1) > 1 && (
        <span>
          {activations} {t('activations')}
        </span>
      )}
      {held && <span>{chatters ? t('chattering') : `${t('fleeting')} ${fleeting ?? 0} ×`}</span>}
      {typeof escalatedAt === 'number' && <strong>{t('escalated')}</strong>}
    </>
  );
}

/** Why it is out of view: who shelved it until when, or what hides it; and whether its condition stands. */
function HiddenWhy({ alarm: { state, shelving, hiddenBy, finding } }: { alarm: AlarmView }) {
  if (!isHidden(state)) return null;
  return (
    <span class="alarm-why">
      {t(finding.active ? 'conditionStands' : 'conditionOver')}
      {state === 'shelved' &&
        shelving &&
        ` · ${shelving.reason} · ${shelving.by} · ${t('until')} ${momentText(shelving.until ?? 0, gatewayNow())}`}
      {state !== 'shelved' && hiddenBy && ` · ${t('hiddenBy')}: ${hiddenBy}`}
    </span>
  );
}

/** The asset by name; what is no asset of the city is a device or the gateway itself. */
function AssetName({ id }: { id: string }) {
  const asset = picture.city?.assets.get(id);
  if (asset) return <a href={href('asset', id)}>{asset.name}</a>;
  return <a href={href('devices', id)}>{id}</a>;
}
