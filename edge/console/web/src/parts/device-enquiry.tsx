import { useState } from 'preact/hooks';
import { t } from '../language.ts';
import { may } from '../session.ts';
import { NodeBrowser } from './node-browser.tsx';
import { RegisterReader } from './register-reader.tsx';

interface DeviceEnquiryProps {
  readonly device: string;
  readonly driver: string;
}

/** What an engineer asks of a device to put it into service; folded away, since it asks the device. */
export function DeviceEnquiry({ device, driver }: DeviceEnquiryProps) {
  const [open, setOpen] = useState(false);
  const Tool = { modbus: RegisterReader, opcua: NodeBrowser }[driver];
  if (!Tool || !may('engineer')) return null;
  return (
    <section class="panel" aria-labelledby="enquiry-title">
      <div class="panel-head">
        <h2 id="enquiry-title">{t('commissioning')}</h2>
        <span class="panel-note">{t('commissioningHint')}</span>
        <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(driver === 'modbus' ? 'readRegisters' : 'browseNodes')}
        </button>
      </div>
      {open && <Tool device={device} />}
    </section>
  );
}
