import type { Picture } from '../feed.ts';
import { t } from '../language.ts';
import { DeviceTable } from '../parts/device-table.tsx';

/** The field devices that the gateway talks to. */
export function DevicesPage({ picture }: { picture: Picture }) {
  return (
    <div class="stack">
      <h1 class="hidden">{t('devices')}</h1>
      <DeviceTable devices={picture.devices.devices} />
    </div>
  );
}
