import { useEffect, useRef } from 'preact/hooks';
import type { DeviceView } from '../../../wire.ts';
import { gatewayNow } from '../feed.ts';
import { durationText, momentText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { LinkState } from './link-state.tsx';

/** Field devices with the state of their link, their punctuality, and what to do about their last trouble. */
export function DeviceTable({ devices, selected }: { devices: readonly DeviceView[]; selected: string }) {
  const online = devices.filter(({ state }) => state === 'online').length;
  return (
    <section class="panel" aria-labelledby="devices-title">
      <div class="panel-head">
        <h2 id="devices-title">{t('fieldDevices')}</h2>
        <span class="panel-note">
          {online} / {devices.length} {t('online')}
        </span>
      </div>
      <table class="table device-table">
        <thead>
          <tr>
            <th scope="col">{t('goDevice')}</th>
            <th scope="col">{t('link')}</th>
            <th scope="col" class="numeric">
              {t('tags')}
            </th>
            <th scope="col" class="numeric">
              {t('pollsDue')}
            </th>
            <th scope="col" class="numeric">
              {t('pollsLate')}
            </th>
            <th scope="col" class="numeric">
              {t('p99')}
            </th>
            <th scope="col" class="numeric">
              {t('samples')}
            </th>
            <th scope="col" class="numeric">
              {t('badSamples')}
            </th>
            <th scope="col" class="numeric">
              {t('reconnects')}
            </th>
            <th scope="col">{t('lastError')}</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <DeviceRow key={device.id} device={device} selected={device.id === selected} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DeviceRow({ device, selected }: { device: DeviceView; selected: boolean }) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'center' });
  }, [selected]);
  const now = gatewayNow();
  const troubled = device.state !== 'online';
  return (
    <tr ref={row} class={`${troubled ? 'row-troubled' : ''}${selected ? ' row-selected' : ''}`}>
      <th scope="row">
        {device.id}
        <span class="asset-id">
          {device.driver} · {device.endpoint}
        </span>
      </th>
      <td>
        <LinkState state={device.state} />
        <span class="asset-id" title={momentText(device.since, now)}>
          {durationText(now - device.since)}
        </span>
      </td>
      <td class="numeric">{numberText(device.tags, 0)}</td>
      <td class="numeric">{numberText(device.polls.due, 0)}</td>
      <td class="numeric">{numberText(device.polls.late, 0)}</td>
      <td class="numeric">
        {device.polls.due === 0 ? (
          '—'
        ) : (
          <>
            {numberText(device.polls.p99LatenessMs, 1)} <span class="unit">ms</span>
          </>
        )}
      </td>
      <td class="numeric">{numberText(device.samples, 0)}</td>
      <td class="numeric">{numberText(device.badSamples, 0)}</td>
      <td class="numeric">{numberText(device.reconnects, 0)}</td>
      <td class="trouble">
        {device.lastError === '' ? <span class="none">{t('none')}</span> : <Trouble device={device} />}
      </td>
    </tr>
  );
}

/** The code stands alone, so that it can be looked up. */
function Trouble({ device }: { device: DeviceView }) {
  const [code = '', ...rest] = device.lastError.split(' ');
  const coded = code.startsWith('LL-');
  return (
    <>
      {coded && <code>{code.replace(/:$/, '')}</code>} {coded ? rest.join(' ') : device.lastError}
      <span class="next-step">{device.nextStep}</span>
    </>
  );
}
