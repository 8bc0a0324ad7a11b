import { useEffect, useState } from 'preact/hooks';
import type { FirstConfiguration, FirstUpstream, FirstVerdict } from '../../../first-start-api.ts';
import type { FirstStartView } from '../../../wire.ts';
import { beginWith, checkFirst, readFirstStart } from '../configuration-feed.ts';
import { t } from '../language.ts';
import { Difference } from '../parts/difference.tsx';
import { EntranceHead } from '../parts/entrance-head.tsx';
import { Field } from '../parts/field.tsx';
import { FirstDevice, firstRows } from '../parts/first-device.tsx';
import { FirstUpstreamFields, noUpstream } from '../parts/first-upstream.tsx';
import { PointGrid } from '../parts/point-grid.tsx';
import { Problem } from '../parts/problem.tsx';
import { ProblemList } from '../parts/problem-list.tsx';
import type { Cells } from '../pasted-cells.ts';
import { useAction } from '../use-action.ts';

type Place = FirstConfiguration['device'];

const noPlace: Place = { id: '', driver: 'modbus', endpoint: '', unit: 1, user: '', password: '' };

/** What the form came to when it was checked. */
interface Checked extends FirstVerdict {
  readonly wish: FirstConfiguration;
}

/** The page of a gateway without a configuration: asks for the least that it needs, and has it start. For its owner. */
export function FirstStartPage({ onLanguage }: { onLanguage: () => void }) {
  const [gateway, setGateway] = useState({ id: '', name: '' });
  const [device, setDevice] = useState<Place>(noPlace);
  const [cells, setCells] = useState<Cells>(firstRows.modbus);
  const [upstream, setUpstream] = useState<FirstUpstream>();
  const [known, setKnown] = useState<FirstStartView>({ columns: [], networks: [] });
  const [checked, setChecked] = useState<Checked>();
  const [begun, setBegun] = useState(false);
  const { busy, problem, run } = useAction();
  useEffect(() => {
    void run(async () => setKnown(await readFirstStart()));
  }, []);
  const wish = { gateway, device, cells, upstream: upstream ?? noUpstream };
  const check = () => void run(async () => setChecked({ wish, ...(await checkFirst(wish)) }));
  const begin = (checked: Checked) =>
    void run(async () => {
      const { errors } = await beginWith(checked.wish);
      if (errors.length === 0) setBegun(true);
      else setChecked({ ...checked, errors });
    });
  const table = `points/${device.id}.csv`;
  const errors = checked?.errors ?? [];
  // only what was shown is written
  const ready = checked && errors.length === 0 && JSON.stringify(checked.wish) === JSON.stringify(wish);
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
          check();
        }}
      >
        <div class="set-up-part">
          <h1>{t('firstStart')}</h1>
          <p class="form-hint">{t('firstStartHint')}</p>
        </div>
        <div class="form-line">
          <Field label={t('gatewayId')} value={gateway.id} onValue={(id) => setGateway({ ...gateway, id })} />
          <Field
            label={t('gatewayName')}
            value={gateway.name}
            onValue={(name) => setGateway({ ...gateway, name })}
            optional
          />
        </div>
        <FirstDevice networks={known.networks} place={device} onPlace={setDevice} onCells={setCells} />
        <PointGrid
          name={t('points')}
          cells={cells}
          columns={known.columns}
          problems={errors.filter(({ file }) => file === table)}
          onCells={setCells}
        />
        <FirstUpstreamFields upstream={upstream} gateway={gateway.id} onUpstream={setUpstream} />
        <div class="form-line">
          <button type="submit" class={ready ? 'button' : 'button button-sure'} disabled={busy}>
            {t('checkFirst')}
          </button>
          <Problem text={problem} />
        </div>
        {errors.length > 0 && <ProblemList errors={errors} warnings={[]} />}
        {ready && <FirstChanges changes={checked.changes} busy={busy} onBegin={() => begin(checked)} />}
      </form>
    </main>
  );
}

interface FirstChangesProps extends Pick<FirstVerdict, 'changes'> {
  readonly busy: boolean;
  readonly onBegin: () => void;
}

/** What is going to be written, and the word that it shall be. */
function FirstChanges({ changes, busy, onBegin }: FirstChangesProps) {
  return (
    <section aria-label={t('changes')}>
      <div class="set-up-part">
        <h2>{t('changes')}</h2>
        <Difference changes={changes} />
      </div>
      <div class="form-line">
        <button type="button" class="button button-sure" disabled={busy} onClick={onBegin}>
          {t('begin')}
        </button>
      </div>
    </section>
  );
}
