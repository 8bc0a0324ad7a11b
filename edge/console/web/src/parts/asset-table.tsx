import { say, t } from '../language.ts';
import type { AssetView, City, Point } from '../model.ts';
import { passedLimit, readingAt, worstReading } from '../reading.ts';
import { href } from '../routes.ts';
import { AssetState } from './asset-state.tsx';
import { Age, Amount, QualityMark } from './value.tsx';

/** Columns that fit a screen of 1280 px; the asset's own page shows all roles. */
const maxColumns = 6;

/** Assets of one kind side by side: state, first roles, and the quality and age of the worst value in the row. */
export function AssetTable({ city, type, assets }: { city: City; type: string; assets: readonly AssetView[] }) {
  const kind = city.view.kinds[type];
  const roles = columnsOf(city, type, assets);
  const heading = `kind-${type}`;
  return (
    <section class="panel" aria-labelledby={heading}>
      <div class="panel-head">
        <h2 id={heading}>{kind ? say(kind.name) : type}</h2>
        <span class="panel-note">{assets.length}</span>
      </div>
      <table class="table asset-table">
        <thead>
          <tr>
            <th scope="col">{t('asset')}</th>
            <th scope="col">{t('state')}</th>
            {roles.map((role) => (
              <th key={role} scope="col" class="numeric">
                {kind?.roles[role] ? say(kind.roles[role].name) : role}
              </th>
            ))}
            {fillers(roles).map((key) => (
              <th key={key} class="filler" />
            ))}
            <th scope="col">{t('quality')}</th>
            <th scope="col" class="numeric">
              {t('age')}
            </th>
          </tr>
        </thead>
        <tbody>
          {assets.map((asset) => (
            <AssetRow key={asset.id} asset={asset} points={city.points.get(asset.id) ?? []} roles={roles} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The first roles in the pack's order that any of the assets fills. */
function columnsOf(city: City, type: string, assets: readonly AssetView[]): readonly string[] {
  const filled = new Set(assets.flatMap((asset) => (city.points.get(asset.id) ?? []).map(({ role }) => role)));
  const known = Object.keys(city.view.kinds[type]?.roles ?? {}).filter((role) => filled.has(role));
  return (known.length > 0 ? known : [...filled]).slice(0, maxColumns);
}

/** Empty columns keep the tables of a page aligned with each other. */
const fillers = (roles: readonly string[]): readonly number[] =>
  Array.from({ length: maxColumns - roles.length }, (_, at) => at);

function AssetRow({ asset, points, roles }: { asset: AssetView; points: readonly Point[]; roles: readonly string[] }) {
  const worst = worstReading(points.map(readingAt));
  return (
    <tr>
      <th scope="row">
        <a href={href('asset', asset.id)}>{asset.name}</a>
        <span class="asset-id">{asset.id}</span>
      </th>
      <td>
        <AssetState asset={asset} />
      </td>
      {roles.map((role) => (
        <td key={role} class="numeric">
          <Cell point={points.find((point) => point.role === role)} />
        </td>
      ))}
      {fillers(roles).map((key) => (
        <td key={key} />
      ))}
      <td>
        <QualityMark reading={worst} words />
      </td>
      <td class="numeric">
        <Age reading={worst} />
      </td>
    </tr>
  );
}

function Cell({ point }: { point: Point | undefined }) {
  if (!point) return <span class="none">—</span>;
  const reading = readingAt(point);
  return (
    <a class="cell" href={href('trend', point.definition.name)}>
      {passedLimit(point, reading) && <span class="beyond-mark">{t('beyond')}</span>}
      <Amount reading={reading} />
    </a>
  );
}
