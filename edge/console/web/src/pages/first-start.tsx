import { useEffect, useState } from 'preact/hooks';
import type { ConfigurationProblem, ConfigurationView } from '../../../configuration-api.ts';
import type { FirstConfiguration } from '../../../first-start-api.ts';
import { beginWith, readFirstStart } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { EntranceHead } from '../parts/entrance-head.tsx';
import { Field } from '../parts/field.tsx';
import { FirstDevice, firstRows } from '../parts/first-device.tsx';
import { PointGrid } from '../parts/point-grid.tsx';
import { Problem } from '../parts/problem.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import type { Cells } from '../pasted-cells.ts';
import { useAction } from '../use-action.ts';

type Place = FirstConfiguration['device'];

const noPlace: Place = { id: '', driver: 'modbus', endpoint: '', unit: 1, user: '', password: '' };

/** The page of a gateway without a configuration: asks for the least that it needs, and has it start. For its owner. */
export function FirstStartPage({ onLanguage }: { onLanguage: () => void }) {
  const [gatewayId, setGatewayId] = useState('');
  const [name, setName] = useState('');
  const [place, setPlace] = useState<Place>(noPlace);
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
        <FirstDevice place={place} onPlace={setPlace} onCells={setCells} />
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
