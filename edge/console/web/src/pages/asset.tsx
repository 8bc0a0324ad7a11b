import { useAlarmsOfAsset } from '../alarm-feed.ts';
import { say, t } from '../language.ts';
import { type AssetView, type City, utilityOf } from '../model.ts';
import { AlarmList } from '../parts/alarm-list.tsx';
import { AssetFindings } from '../parts/asset-findings.tsx';
import { AssetState } from '../parts/asset-state.tsx';
import { Fact } from '../parts/fact.tsx';
import { Glyph } from '../parts/glyph.tsx';
import { MaintenanceTag } from '../parts/maintenance-tag.tsx';
import { OutputList } from '../parts/output-list.tsx';
import { ProcessPicture } from '../parts/process-picture.tsx';
import { RoleTable } from '../parts/role-table.tsx';
import { href } from '../routes.ts';

/** One asset: what is wrong with it, its process with the values in place, what findings rest on, and all its values in a list. */
export function AssetPage({ city, asset }: { city: City; asset: AssetView }) {
  const utility = utilityOf(asset.type);
  const kind = city.view.kinds[asset.type]?.name;
  const alarms = useAlarmsOfAsset(asset.id);
  const points = city.points.get(asset.id) ?? [];
  const utilityName = city.view.utilities.find(({ id }) => id === utility)?.name;
  return (
    <div class="stack">
      <div class="page-head">
        <Glyph utility={utility} size={24} />
        <h1>{asset.name}</h1>
        <AssetState asset={asset} />
        <nav class="crumbs" aria-label={t('path')}>
          <a href={href('utility', utility)}>{utilityName ? say(utilityName) : utility}</a>
          <span aria-hidden="true">/</span>
          {kind ? say(kind) : asset.type}
        </nav>
      </div>
      {alarms.length > 0 && (
        <section class="panel" aria-label={t('alarms')}>
          <AlarmList alarms={alarms} selected="" />
        </section>
      )}
      <ProcessPicture city={city} asset={asset} alarms={alarms} />
      <AssetFindings city={city} asset={asset} alarms={alarms} />
      <RoleTable points={points} />
      <OutputList city={city} tags={points.map(({ tag }) => tag)} asset={asset.id} />
      <Facts city={city} asset={asset} />
      <MaintenanceTag subject={asset.id} />
    </div>
  );
}

function Facts({ city, asset }: { city: City; asset: AssetView }) {
  const devices = [...new Set((city.points.get(asset.id) ?? []).map(({ definition }) => definition.device))];
  const feeders = city.view.assets.filter(({ upstreamOf }) => upstreamOf.includes(asset.id));
  const fed = asset.upstreamOf.flatMap((id) => city.assets.get(id) ?? []);
  const place = asset.location?.every((part) => typeof part === 'number')
    ? asset.location.map((part) => (part ?? 0).toFixed(4)).join(', ')
    : '—';
  return (
    <dl class="panel asset-facts">
      <Fact name={t('id')}>{asset.id}</Fact>
      <Fact name={t('grid')}>{asset.grid || '—'}</Fact>
      <Fact name={t('location')}>{place}</Fact>
      <Fact name={t('fedBy')}>{assetLinks(feeders)}</Fact>
      <Fact name={t('feeds')}>{assetLinks(fed)}</Fact>
      <Fact name={t('devices')}>
        {devices.map((device) => (
          <a key={device} href={href('devices', device)}>
            {device}
          </a>
        ))}
      </Fact>
    </dl>
  );
}

const assetLinks = (assets: readonly AssetView[]) =>
  assets.length === 0
    ? '—'
    : assets.map((asset) => (
        <a key={asset.id} href={href('asset', asset.id)}>
          {asset.name}
        </a>
      ));
