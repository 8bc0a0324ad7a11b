import type { Picture } from '../feed.ts';
import { t } from '../language.ts';
import { DeviceTable } from '../parts/device-table.tsx';
import { SinkTable } from '../parts/sink-table.tsx';

/** What the gateway talks to: field devices below it, platforms above it. */
export function DevicesPage({ picture }: { picture: Picture }) {
  const { devices, sinks } = picture.devices;
  return (
    <div class="stack">
      <h1 class="hidden">{t('devices')}</h1>
      <DeviceTable devices={devices} />
      <SinkTable sinks={sinks} />
    </div>
  );
}
