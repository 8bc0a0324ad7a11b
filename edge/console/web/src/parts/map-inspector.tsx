import type { IncidentLineView } from '../../../incident-wire.ts';
import { say, t } from '../language.ts';
import type { AssetView, City } from '../model.ts';
import { readingAt } from '../reading.ts';
import { href } from '../routes.ts';
import { Age, Amount, QualityMark } from './value.tsx';

const shown = 4;

interface MapInspectorProps {
  readonly city: City;
  readonly asset: AssetView | undefined;
  /** Those that the asset has an alarm of. */
  readonly incidents: readonly IncidentLineView[];
}

/** The first values of the asset that the pointer or the focus is on, and what it is part of. */
export function MapInspector({ city, asset, incidents }: MapInspectorProps) {
  if (!asset) return <p class="map-inspector map-hint">{t('mapHint')}</p>;
  const kind = city.view.kinds[asset.type]?.name;
  const points = city.points.get(asset.id) ?? [];
  return (
    <div class="map-inspector">
      <span class="map-asset">
        <strong>{asset.name}</strong>
        <span>{kind ? say(kind) : asset.type}</span>
      </span>
      {incidents.map(({ id, riskLevel, message, assets }) => (
        <span key={id} class="map-value">
          <span class="map-role">
            {t('incidents')} {riskLevel} · {assets.length} {t('assetsCount')}
          </span>
          <a href={href('incidents', id)}>{say(message)}</a>
        </span>
      ))}
      {points.slice(0, shown).map((point) => {
        const reading = readingAt(point);
        return (
          <span key={point.role} class="map-value">
            <span class="map-role">{point.meaning ? say(point.meaning.name) : point.role}</span>
            <span class="map-reading">
              <Amount reading={reading} />
              <QualityMark reading={reading} />
              <Age reading={reading} />
            </span>
          </span>
        );
      })}
    </div>
  );
}
