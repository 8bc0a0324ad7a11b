import { say, t } from '../language.ts';
import type { City } from '../model.ts';
import { AssetTable } from '../parts/asset-table.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { assetsOf } from '../situation.ts';

/** All assets of a utility, a table for each kind. */
export function UtilityPage({ city, utility }: { city: City; utility: City['view']['utilities'][number] }) {
  const assets = assetsOf(utility.id);
  const types = [...new Set(assets.map((asset) => asset.type))];
  return (
    <div class="stack">
      <div class="page-head">
        <Glyph utility={utility.id} size={24} />
        <h1>{say(utility.name)}</h1>
        <span class="panel-note">
          {assets.length} {t('assetsCount')}
        </span>
      </div>
      {assets.length === 0 && <p class="panel empty">{t('noAssets')}</p>}
      {types.map((type) => (
        <AssetTable key={type} city={city} type={type} assets={assets.filter((asset) => asset.type === type)} />
      ))}
    </div>
  );
}
