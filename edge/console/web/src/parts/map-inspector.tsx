import { say, t } from '../language.ts';
import type { AssetView, City } from '../model.ts';
import { readingAt } from '../reading.ts';
import { Age, Amount, QualityMark } from './value.tsx';

const shown = 4;

/** The first values of the asset that the pointer or the focus is on. */
export function MapInspector({ city, asset }: { city: City; asset: AssetView | undefined }) {
  if (!asset) return <p class="map-inspector map-hint">{t('mapHint')}</p>;
  const kind = city.view.kinds[asset.type]?.name;
  const points = city.points.get(asset.id) ?? [];
  return (
    <div class="map-inspector">
      <span class="map-asset">
        <strong>{asset.name}</strong>
        <span>{kind ? say(kind) : asset.type}</span>
      </span>
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
