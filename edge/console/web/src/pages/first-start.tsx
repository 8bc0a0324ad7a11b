import { useEffect, useState } from 'preact/hooks';
import type { ConfigurationProblem, ConfigurationView } from '../../../configuration-api.ts';
import { type FirstConfiguration, firstDrivers } from '../../../first-start-api.ts';
import { beginWith, lookForDevice, readFirstStart } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { EntranceHead } from '../parts/entrance-head.tsx';
import { Field } from '../parts/field.tsx';
import { PointGrid } from '../parts/point-grid.tsx';
import { Problem } from '../parts/problem.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import type { Cells } from '../pasted-cells.ts';
import { useAction } from '../use-action.ts';

type Driver = (typeof firstDrivers)[number];
type Place = FirstConfiguration['device'];

/** What a first row holds where the device cannot tell its points. */
const firstRows: Readonly<Record<Driver, Cells>> = {
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

/** The page of a gateway without a configuration: asks for the least that it needs, and has it start. For its owner. */
export function FirstStartPage({ onLanguage }: { onLanguage: () => void }) {
  const [gatewayId, setGatewayId] = useState('');
  const [name, setName] = useState('');
  const [place, setPlace] = useState<Place>({ id: '', driver: 'modbus', endpoint: '', unit: 1 });
  const [cells, setCells] = useState<Cells>(firstRows.modbus);
  const [broker, setBroker] = useState('');
  const [columns, setColumns] = useState<ConfigurationView['columns']>([]);
  const [errors, setErrors] = useState<readonly ConfigurationProblem[]>();
  const { busy, problem, run } = useAction();
  useEffect(() => {
    void run(async () => setColumns((await readFirstStart()).columns));
  }, []);
  const begin = () =>
    void run(async () => {
      const gateway = { id: gatewayId, name };
      const outcome = await beginWith({ gateway, device: place, cells, broker });
      setErrors(outcome.errors);
    });
  const table = `points/${place.id}.csv`;
  const begun = errors?.length === 0;
  return (
    <main class="entrance">
      <EntranceHead onLanguage={onLanguage} />
      {begun && (
        <p class="panel entrance-hint" role="status">
          {t('starting')}
        </p>
      )}
      <form
        class="panel first-start"
        hidden={begun}
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <div class="set-up-part">
          <h1>{t('firstStart')}</h1>
          <p class="form-hint">{t('firstStartHint')}</p>
        </div>
        <div class="form-line">
          <Field label={t('gatewayId')} value={gatewayId} onValue={setGatewayId} />
          <Field label={t('gatewayName')} value={name} onValue={setName} optional />
          <Field label={t('brokerLater')} value={broker} onValue={setBroker} optional />
        </div>
        <DevicePart place={place} onPlace={setPlace} onCells={setCells} />
        <PointGrid
          name={t('points')}
          cells={cells}
          columns={columns}
          problems={(errors ?? []).filter(({ file }) => file === table)}
          onCells={setCells}
        />
        <div class="form-line">
          <button type="submit" class="button button-sure" disabled={busy}>
            {t('begin')}
          </button>
          <Problem text={problem} />
        </div>
        {errors && errors.length > 0 && <ProblemList errors={errors} warnings={[]} />}
      </form>
    </main>
  );
}

interface DevicePartProps {
  readonly place: Place;
  readonly onPlace: (place: Place) => void;
  /** Another table to begin with, or the one that the device gave. */
  readonly onCells: (cells: Cells) => void;
}

/** Which device, where it is, and whether it answers there. */
function DevicePart({ place, onPlace, onCells }: DevicePartProps) {
  const { id, driver, endpoint, unit } = place;
  const [answer, setAnswer] = useState('');
  const { busy, problem, run } = useAction();
  const look = async () => {
    setAnswer('');
    const seen = await lookForDevice({ driver, endpoint, unit });
    const points = seen.cells.length - 1;
    if (points > 0) onCells(seen.cells);
    setAnswer(`${t('deviceAnswers')} ${seen.identity}${points > 0 ? ` ${points} ${t('pointsFound')}` : ''}`);
  };
  const choose = (name: string) => {
    const chosen = firstDrivers.find((one) => one === name) ?? 'modbus';
    onPlace({ ...place, driver: chosen });
    onCells(firstRows[chosen]);
  };
  return (
    <fieldset class="form-line" aria-label={t('firstDevice')}>
      <Field label={t('deviceId')} value={id} onValue={(text) => onPlace({ ...place, id: text })} />
      <label class="field">
        <span>{t('driver')}</span>
        <select value={driver} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {firstDrivers.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <Field
        label={`${t('deviceAddress')} (${addresses[driver]})`}
        value={endpoint}
        onValue={(text) => onPlace({ ...place, endpoint: text })}
      />
      {driver === 'modbus' && (
        <Field
          label={t('unitId')}
          value={String(unit)}
          onValue={(text) => onPlace({ ...place, unit: Number(text) })}
          type="number"
        />
      )}
      <button type="button" class="button" disabled={busy || endpoint === ''} onClick={() => void run(look)}>
        {t('lookForDevice')}
      </button>
      <span role="status">{answer}</span>
      <Problem text={problem} />
    </fieldset>
  );
}
