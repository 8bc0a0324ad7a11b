import type { ModelsView } from '../../../detection-wire.ts';
import { readModels } from '../detection-feed.ts';
import { constantText, numberText } from '../format.ts';
import { t, tOr } from '../language.ts';
import type { City } from '../model.ts';
import { DetectionTabs, Unread } from '../parts/detection-tabs.tsx';
import { ModelActions } from '../parts/model-actions.tsx';
import { TrialList } from '../parts/trial-list.tsx';
import { href } from '../routes.ts';
import { may } from '../session.ts';
import { usePolled } from '../use-polled.ts';

type Version = ModelsView['versions'][number];

/** The shelf: of each asset which version decides, which is tried in shadow and how it compares, which can come back. */
export function ModelsPage({ city }: { city: City }) {
  const { view, problem, again } = usePolled(readModels, '', { everyMs: 5_000 });
  return (
    <div class="stack">
      <div class="page-head">
        <h1>{t('detection')}</h1>
        <DetectionTabs here="models" />
      </div>
      {!may('engineer') && <p class="panel empty-line">{t('needsEngineer')}</p>}
      {!view && <Unread problem={problem} />}
      {view?.versions.length === 0 && (
        <div class="panel empty">
          <h2>{t('noModels')}</h2>
          <p>{t('noModelsHint')}</p>
        </div>
      )}
      {view && view.versions.length > 0 && <Shelf city={city} versions={view.versions} onChanged={again} />}
    </div>
  );
}

interface ShelfProps {
  readonly city: City;
  readonly versions: readonly Version[];
  readonly onChanged: () => void;
}

function Shelf({ city, versions, onChanged }: ShelfProps) {
  const ordered = [...versions].sort((a, b) => a.asset.localeCompare(b.asset) || rankOf(a) - rankOf(b));
  return (
    <section class="panel" aria-labelledby="shelf-title">
      <div class="panel-head">
        <h2 id="shelf-title">{t('models')}</h2>
        <span class="panel-note">{versions.length}</span>
      </div>
      <table class="table model-table">
        <thead>
          <tr>
            <th scope="col">{t('asset')}</th>
            <th scope="col">{t('version')}</th>
            <th scope="col">{t('trained')}</th>
            <th scope="col" class="numeric">
              {t('outputNow')}
            </th>
            <th scope="col" class="numeric">
              {t('largestOutput')}
            </th>
            <th scope="col" class="numeric">
              {t('rowsScored')}
            </th>
            <th scope="col" class="numeric">
              {t('episodes')}
            </th>
            <th scope="col" class="numeric">
              {t('outside')}
            </th>
            <th scope="col" class="numeric">
              {t('stability')}
            </th>
            <th scope="col">{t('state')}</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((version) => (
            <VersionRow key={`${version.asset}@${version.version}`} {...{ city, version, onChanged }} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const ranks: readonly string[] = ['active', 'shadow', 'new', 'previous', 'retired'];
const rankOf = ({ role }: Version): number => ranks.indexOf(role);

function VersionRow({ city, version, onChanged }: { city: City; version: Version; onChanged: () => void }) {
  const { asset, role, kind, signed, source, first, last, atWork, past, trial } = version;
  const span = first && last ? `${first.slice(0, 10)} – ${last.slice(0, 10)}` : '';
  const times = (ratio: number | null | undefined) => numberText(ratio, 2);
  const share = past?.rows ? (100 * (past.outOfModel ?? 0)) / past.rows : undefined;
  return (
    <tr class={role === 'retired' ? 'row-retired' : undefined}>
      <th scope="row">
        <a href={href('detection', asset)}>{city.assets.get(asset)?.name ?? asset}</a>
      </th>
      <td>
        {constantText(version.version)} <span class={`model-role model-${role}`}>{tOr(role)}</span>
        <span class="asset-id">
          {kind === '' ? '—' : tOr(kind)} · {t(signed ? 'signed' : 'unsigned')}
        </span>
      </td>
      <td>
        {source === '' ? '—' : tOr(source)}
        <span class="asset-id">{span}</span>
      </td>
      <td class="numeric">{times(atWork?.ratio)}</td>
      <td class="numeric">{times(past?.largestRatio)}</td>
      <td class="numeric">{numberText(past?.rows, 0)}</td>
      <td class="numeric">{numberText(past?.episodes, 0)}</td>
      <td class="numeric">{share === undefined ? '—' : `${numberText(share, 1)} %`}</td>
      <td class="numeric">{numberText(past?.stability, 2)}</td>
      <td class="model-state">
        {atWork && atWork.state !== 'ready' && (
          <span class="beyond-mark">
            {t('trouble')} {atWork.code || tOr(atWork.state)}
          </span>
        )}
        {atWork?.drifting && (
          <p class="claim-meaning">
            <span class="beyond-mark">{t('drifting')}</span> {t('proposeTraining')}{' '}
            <code>lifeline train -c gateway.yaml --asset {asset}</code>
          </p>
        )}
        {trial && <TrialList trial={trial} />}
        <ModelActions version={version} onChanged={onChanged} />
      </td>
    </tr>
  );
}
