import type { IncidentLineView } from '../../../incident-wire.ts';
import { gatewayNow } from '../feed.ts';
import { durationText, momentText } from '../format.ts';
import { say, t } from '../language.ts';
import { href } from '../routes.ts';

interface IncidentTableProps {
  readonly incidents: readonly IncidentLineView[];
  readonly selected?: string;
}

/** Alarms of one cause as one row each, in the words of the root; each row a link to what belongs to it. */
export function IncidentTable({ incidents, selected = '' }: IncidentTableProps) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t('rootCause')}</th>
          <th scope="col">{t('workStage')}</th>
          <th scope="col">{t('riskLevel')}</th>
          <th scope="col" class="numeric">
            {t('members')}
          </th>
          <th scope="col">{t('opened')}</th>
        </tr>
      </thead>
      <tbody>
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} selected={incident.id === selected} />
        ))}
      </tbody>
    </table>
  );
}

function IncidentRow({ incident, selected }: { incident: IncidentLineView; selected: boolean }) {
  const { id, message, riskLevel, riskWhy, members, openedAt, endedAt, stage, crew, steps, stepsDone, cases } =
    incident;
  const now = gatewayNow();
  return (
    <tr class={selected ? 'row-selected' : undefined}>
      <th scope="row" class="incident-root">
        <a href={href('incidents', id)} aria-current={selected ? 'true' : undefined}>
          {say(message)}
        </a>
      </th>
      <td>
        {t(`work-${stage}`)}
        {steps > 0 && ` ${stepsDone}/${steps}`}
        {crew !== '' && <span class="asset-id">{crew}</span>}
        {cases[0] && (
          <span class="asset-id">
            {cases[0].number} {t(`stage-${cases[0].stage}`)}
          </span>
        )}
      </td>
      <td>
        {riskLevel}
        {riskWhy && <span class="alarm-why">{say(riskWhy)}</span>}
      </td>
      <td class="numeric">{members}</td>
      <td>
        {momentText(openedAt, now)}
        <span class="asset-id">{durationText((endedAt ?? now) - openedAt)}</span>
      </td>
    </tr>
  );
}
