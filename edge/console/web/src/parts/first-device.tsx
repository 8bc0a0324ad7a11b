import { useState } from 'preact/hooks';
import type { FirstConfiguration, ServerOffer } from '../../../first-start-api.ts';
import { askServer, lookForDevice } from '../configuration-feed.ts';
import { t } from '../language.ts';
import type { Cells } from '../pasted-cells.ts';
import { useAction } from '../use-action.ts';
import { DeviceScan } from './device-scan.tsx';
import { DriverChoice } from './driver-choice.tsx';
import { Field } from './field.tsx';
import { Problem } from './problem.tsx';
import { chosenOf, isReady, ServerSecurity } from './server-security.tsx';

type Place = FirstConfiguration['device'];
type Driver = Place['driver'];

/** What a first row holds where the device cannot tell its points. */
export const firstRows: Readonly<Record<Driver, Cells>> = {
  modbus: [
    ['tag', 'table', 'address', 'type', 'unit', 'group'],
    ['', 'holding', '0', 'uint16', '', '1s'],
  ],
  opcua: [
    ['tag', 'node', 'type', 'unit'],
    ['', '', 'float64', ''],
  ],
};
const addresses: Readonly<Record<Driver, string>> = { modbus: 'tcp://10.0.0.7:502', opcua: 'opc.tcp://10.0.0.8:4840' };

interface FirstDeviceProps {
  /** Networks that the gateway is in. */
  readonly networks: readonly string[];
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  /** Another table to begin with, or the one that the device gave. */
  readonly onCells: (cells: Cells) => void;
}

/** Which device, where it is, and whether it answers there; an OPC UA server is asked first how it may be reached. */
export function FirstDevice({ networks, place, onPlace, onCells }: FirstDeviceProps) {
  const { id, driver, endpoint, unit } = place;
  const [answer, setAnswer] = useState('');
  const [offers, setOffers] = useState<readonly ServerOffer[]>([]);
  const { busy, problem, run } = useAction();
  const chosen = chosenOf(offers, place);
  const look = async () => {
    setAnswer('');
    const { id: _, ...where } = place;
    const seen = await lookForDevice(where);
    const points = seen.cells.length - 1;
    if (points > 0) onCells(seen.cells);
    setAnswer(`${t('deviceAnswers')} ${seen.identity}${points > 0 ? ` ${points} ${t('pointsFound')}` : ''}`);
  };
  const ask = async () => {
    setAnswer('');
    const found = (await askServer(endpoint)).offers;
    setOffers(found);
    const best = chosenOf(found, place);
    if (best) onPlace({ ...place, security: { policy: best.policy, mode: best.mode } });
  };
  const change = (next: Partial<Place>) => {
    // what another server offers is not known
    if (next.driver !== undefined || next.endpoint !== undefined) setOffers([]);
    onPlace({ ...place, ...next });
  };
  const choose = (driver: Driver, found: Partial<Place> = {}) => {
    change({ ...found, driver, security: undefined, user: '', password: '' });
    if (driver !== place.driver) onCells(firstRows[driver]);
  };
  const isServer = driver === 'opcua';
  return (
    <>
      <DeviceScan
        networks={networks}
        onTake={({ driver, endpoint, unit }) => {
          setAnswer('');
          choose(driver, { endpoint, unit });
        }}
      />
      <fieldset class="form-line" aria-label={t('firstDevice')}>
        <Field label={t('deviceId')} value={id} onValue={(text) => change({ id: text })} />
        <DriverChoice label={t('driver')} driver={driver} onDriver={choose} />
        <Field
          label={`${t('deviceAddress')} (${addresses[driver]})`}
          value={endpoint}
          onValue={(text) => change({ endpoint: text, security: undefined })}
        />
        {driver === 'modbus' && (
          <Field
            label={t('unitId')}
            value={String(unit)}
            onValue={(text) => change({ unit: Number(text) })}
            type="number"
          />
        )}
        <button
          type="button"
          class="button"
          disabled={busy || endpoint === ''}
          onClick={() => void run(isServer ? ask : look)}
        >
          {t(isServer ? 'askServer' : 'lookForDevice')}
        </button>
        {isServer && (
          <button type="button" class="button" disabled={busy || !isReady(chosen)} onClick={() => void run(look)}>
            {t('readPoints')}
          </button>
        )}
        <span role="status">{answer}</span>
        <Problem text={problem} />
      </fieldset>
      {isServer && offers.length > 0 && (
        <ServerSecurity offers={offers} place={place} onPlace={change} onTrusted={() => void run(ask)} />
      )}
    </>
  );
}
