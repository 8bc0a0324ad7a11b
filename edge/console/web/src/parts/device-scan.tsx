import { useEffect, useRef, useState } from 'preact/hooks';
import type { ScanPart } from '../../../first-start-api.ts';
import { scanOn } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { useAction } from '../use-action.ts';
import { DriverChoice } from './driver-choice.tsx';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';

type Found = ScanPart['found'][number];

interface DeviceScanProps {
  /** Networks that the gateway is in. */
  readonly networks: readonly string[];
  readonly onTake: (device: Found) => void;
}

/** Looks for devices on a network, address by address, for as long as somebody wants it. */
export function DeviceScan({ networks, onTake }: DeviceScanProps) {
  const [driver, setDriver] = useState<Found['driver']>('modbus');
  const [network, setNetwork] = useState<string>();
  const [units, setUnits] = useState('1');
  const [found, setFound] = useState<readonly Found[]>([]);
  const [progress, setProgress] = useState<Pick<ScanPart, 'asked' | 'total'>>();
  const wanted = useRef(false);
  const { busy, problem, run } = useAction();
  const stop = () => {
    wanted.current = false;
  };
  useEffect(() => stop, []);
  const where = network ?? networks[0] ?? '';
  const scan = async () => {
    wanted.current = true;
    setFound([]);
    setProgress(undefined);
    for (let from = 0, total = 1; wanted.current && from < total; ) {
      const part = await scanOn({ driver, network: where, units, from });
      ({ asked: from, total } = part);
      setFound((before) => [...before, ...part.found]);
      setProgress(part);
    }
  };
  return (
    <fieldset class="form-line" aria-label={t('scan')}>
      <DriverChoice label={t('scanFor')} driver={driver} onDriver={setDriver} />
      <Field label={t('scanNetwork')} value={where} onValue={setNetwork} optional />
      {driver === 'modbus' && <Field label={t('scanUnits')} value={units} onValue={setUnits} optional />}
      {busy ? (
        <button type="button" class="button" onClick={stop}>
          {t('stopScan')}
        </button>
      ) : (
        <button type="button" class="button" disabled={where === ''} onClick={() => void run(scan)}>
          {t('scan')}
        </button>
      )}
      <span role="status">
        {progress && `${progress.asked} / ${progress.total} ${t('addressesAsked')}, ${found.length} ${t('found')}`}
      </span>
      <Problem text={problem} />
      {found.length > 0 && <FoundDevices found={found} onTake={onTake} />}
      <p class="form-hint form-whole">{t('scanHint')}</p>
    </fieldset>
  );
}

interface FoundDevicesProps {
  readonly found: readonly Found[];
  readonly onTake: (device: Found) => void;
}

const nameOf = ({ driver, endpoint, unit }: Found) =>
  driver === 'modbus' ? `${endpoint} · ${t('unitId')} ${unit}` : endpoint;

function FoundDevices({ found, onTake }: FoundDevicesProps) {
  return (
    <ul class="found-devices form-whole" aria-label={t('foundDevices')}>
      {found.map((device) => (
        <li key={nameOf(device)}>
          <code>{nameOf(device)}</code> {device.identity}
          <button
            type="button"
            class="button"
            aria-label={`${t('takeDevice')}: ${nameOf(device)}`}
            onClick={() => onTake(device)}
          >
            {t('takeDevice')}
          </button>
        </li>
      ))}
    </ul>
  );
}
