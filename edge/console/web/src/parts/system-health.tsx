import { realClock } from '../../../../core/clock.ts';
import type { SystemView } from '../../../wire.ts';
import { gatewayNow, getJson, picture } from '../feed.ts';
import { dateText, durationText, numberText, timeText } from '../format.ts';
import { t } from '../language.ts';
import { href } from '../routes.ts';
import { standingOfAsset } from '../situation.ts';
import { usePolled } from '../use-polled.ts';
import { Fact } from './fact.tsx';
import { Problem } from './problem.tsx';

const clock = realClock();
const readSystem = (): Promise<SystemView> => getJson('/api/system');
const megabytes = (bytes: number): string => `${numberText(bytes / 1e6, 0)} MB`;

/** How the gateway itself does: version, memory, disk, clock, what was lost. */
export function SystemHealth() {
  const { view, problem } = usePolled(readSystem, '');
  const own = standingOfAsset(picture.city?.view.gateway.id ?? '');
  return (
    <section class="panel" aria-label={t('system')}>
      <Problem text={problem} />
      {view && (
        <dl class="facts">
          <Fact name={t('version')}>{view.version}</Fact>
          <Fact name={t('runtime')}>{view.runtime}</Fact>
          <Fact name={t('startedAt')}>
            {dateText(view.startedAt)} {timeText(view.startedAt)}
          </Fact>
          <Fact name={t('memory')}>{megabytes(view.memoryBytes)}</Fact>
          <Fact name={t('cpuTime')}>{durationText(view.cpuS * 1000)}</Fact>
          <Fact name={t('diskFree')}>{view.disk ? megabytes(view.disk.freeBytes) : t('notAsked')}</Fact>
          {view.disk && <Fact name={t('diskKept')}>{megabytes(view.disk.keepFreeBytes)}</Fact>}
          <Fact name={t('clockDifference')}>{numberText((gatewayNow() - clock.wallMs()) / 1000, 1)} s</Fact>
          <Fact name={t('lostEvents')}>{view.lostEvents}</Fact>
          <Fact name={t('damagedRecords')}>{view.damagedRecords}</Fact>
          <Fact name={t('waitingEvents')}>{view.waitingEvents}</Fact>
          <Fact name={t('selfAlarms')}>
            <a href={href('alarms', own?.id ?? '')}>{own?.count ?? 0}</a>
          </Fact>
        </dl>
      )}
    </section>
  );
}
