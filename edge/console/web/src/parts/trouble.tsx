import type { DeviceView } from '../../../wire.ts';
import { t } from '../language.ts';

/** The last trouble of a device and what to do about it. The code stands alone, so that it can be looked up. */
export function Trouble({ device }: { device: DeviceView }) {
  if (device.lastError === '') return <span class="none">{t('none')}</span>;
  const [code = '', ...rest] = device.lastError.split(' ');
  const coded = code.startsWith('LL-');
  return (
    <>
      {coded && <code>{code.replace(/:$/, '')}</code>} {coded ? rest.join(' ') : device.lastError}
      <span class="next-step">{device.nextStep}</span>
    </>
  );
}
