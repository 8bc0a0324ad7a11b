import type { DeviceView } from '../../../wire.ts';
import { gatewayNow } from '../feed.ts';
import { durationText, momentText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { href } from '../routes.ts';
import { DeviceTrouble } from './device-trouble.tsx';
import { LinkState } from './link-state.tsx';

/** Field devices with the state of their link, their punctuality, and what to do about their last trouble. */
export function DeviceTable({ devices }: { devices: readonly DeviceView[] }) {
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
            <DeviceRow key={device.id} device={device} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function DeviceRow({ device }: { device: DeviceView }) {
  const now = gatewayNow();
  const troubled = device.state !== 'online';
  return (
    <tr class={troubled ? 'row-troubled' : undefined}>
      <th scope="row">
        <a href={href('devices', device.id)}>{device.id}</a>
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
        <DeviceTrouble device={device} />
      </td>
    </tr>
  );
}
