import { useState } from 'preact/hooks';
import { unitSign } from '../../../../core/unit-sign.ts';
import type { InspectionView } from '../../../wire.ts';
import { gatewayNow, readDevice } from '../feed.ts';
import { durationText, momentText, numberText } from '../format.ts';
import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { DeviceEnquiry } from '../parts/device-enquiry.tsx';
import { DeviceTrouble } from '../parts/device-trouble.tsx';
import { Fact } from '../parts/fact.tsx';
import { FrameList } from '../parts/frame-list.tsx';
import { GroupTable } from '../parts/group-table.tsx';
import { LinkState } from '../parts/link-state.tsx';
import { MaintenanceTag } from '../parts/maintenance-tag.tsx';
import { OutputList } from '../parts/output-list.tsx';
import { RequestTable } from '../parts/request-table.tsx';
import { RoundTrips } from '../parts/round-trips.tsx';
import { WireTable } from '../parts/wire-table.tsx';
import { href } from '../routes.ts';
import { usePolled } from '../use-polled.ts';

/** One device under the magnifying glass: its link, its poll groups, what goes over the wire and how it is answered. */
export function DevicePage({ city, id }: { city: City; id: string }) {
  const [paused, setPaused] = useState(false);
  const { view, problem } = usePolled(readDevice, id, { paused });
  return (
    <div class="stack device-page">
      <div class="page-head">
        <h1>{id}</h1>
        {view && <LinkState state={view.status.state} />}
        <nav class="crumbs" aria-label={t('path')}>
          <a href={href('devices')}>{t('devices')}</a>
          {view && (
            <>
              <span aria-hidden="true">/</span>
              {view.status.driver}
            </>
          )}
        </nav>
        <button type="button" class="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {t('standStill')}
        </button>
      </div>
      {problem !== '' && (
        <p class="panel empty-line problem" role="status">
          {problem}
        </p>
      )}
      {view ? <Inspection city={city} view={view} /> : problem === '' && <p class="empty">{t('loadingDevice')}</p>}
    </div>
  );
}

function Inspection({ city, view }: { city: City; view: InspectionView }) {
  const { status, wire, requests, frames } = view;
  // values that came although nothing was counted: the wire of this protocol is not watched
  const watched = wire.total.requests > 0 || requests.every(({ state }) => state !== 'answered');
  return (
    <>
      <Facts view={view} />
      <MaintenanceTag subject={status.id} />
      <OutputList city={city} tags={tagsOf(city, status.id)} />
      <GroupTable groups={status.groups} />
      {watched && (
        <div class="wire-pair">
          <WireTable wire={wire} />
          <RoundTrips roundTrips={wire.roundTrips} />
        </div>
      )}
      <DeviceEnquiry key={status.id} device={status.id} driver={status.driver} />
      <RequestTable city={city} requests={requests} />
      {watched && <FrameList frames={frames} />}
    </>
  );
}

const tagsOf = ({ view: { tags } }: City, device: string): readonly number[] =>
  tags.flatMap((tag, index) => (tag.device === device ? index : []));

function Facts({ view: { status, facts } }: { view: InspectionView }) {
  const now = gatewayNow();
  return (
    <section class="panel" aria-label={t('link')}>
      <dl class="asset-facts">
        <Fact name={t('endpoint')}>
          <code>{status.endpoint}</code>
        </Fact>
        <Fact name={t('inStateFor')}>
          <span title={momentText(status.since, now)}>{durationText(now - status.since)}</span>
        </Fact>
        <Fact name={t('tags')}>{numberText(status.tags, 0)}</Fact>
        <Fact name={t('samples')}>{numberText(status.samples, 0)}</Fact>
        <Fact name={t('badSamples')}>{numberText(status.badSamples, 0)}</Fact>
        <Fact name={t('reconnects')}>{numberText(status.reconnects, 0)}</Fact>
        {facts.map(({ name, value, unit = '' }) => (
          <Fact key={name.en} name={say(name)}>
            {value} <span class="unit">{unitSign(unit)}</span>
          </Fact>
        ))}
      </dl>
      <p class="panel-line last-trouble">
        {t('lastError')}: <DeviceTrouble device={status} />
      </p>
    </section>
  );
}
