import type { DeviceView } from '../../../wire.ts';
import { numberText, periodText } from '../format.ts';
import { t } from '../language.ts';

type GroupView = DeviceView['groups'][number];

/** From this share of its period on a group is shown as behind; the gateway's alarm waits half a minute more. */
const behindShare = 1.15;

/** The poll groups of a device: which period they have and which they achieve. */
export function GroupTable({ groups }: { groups: readonly GroupView[] }) {
  if (groups.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="groups-title">
      <div class="panel-head">
        <h2 id="groups-title">{t('pollGroups')}</h2>
        <span class="panel-note">{groups.length}</span>
      </div>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('period')}</th>
            {columns.map((key) => (
              <th key={key} scope="col" class="numeric">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow key={group.periodMs} group={group} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const columns = ['achieved', 'overruns', 'p99', 'points', 'requestsEach', 'readings'] as const;

function GroupRow({ group }: { group: GroupView }) {
  const { periodMs, achievedMs, overruns, p99LatenessMs, points, requests, readings } = group;
  const behind = achievedMs !== null && achievedMs > behindShare * periodMs;
  return (
    <tr class={behind ? 'row-failing' : undefined}>
      <th scope="row">{periodText(periodMs)}</th>
      <td class="numeric">
        {behind && <span class="beyond-mark">{t('behind')}</span>} {achievedMs === null ? '—' : periodText(achievedMs)}
      </td>
      <td class="numeric">{numberText(overruns, 0)}</td>
      <td class="numeric">
        {numberText(p99LatenessMs, 1)} <span class="unit">ms</span>
      </td>
      <td class="numeric">{numberText(points, 0)}</td>
      <td class="numeric">{numberText(requests, 0)}</td>
      <td class="numeric">{numberText(readings, 0)}</td>
    </tr>
  );
}
