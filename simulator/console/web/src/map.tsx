import { useRef, useState } from 'preact/hooks';
import { UtilityToggles } from '../../../../edge/console/web/src/parts/utility-toggles.tsx';
import { arrowKeys, neighbour } from '../../../../edge/console/web/src/schematic.ts';
import { useSize } from '../../../../edge/console/web/src/size.ts';
import type { AssetState, CityView } from '../../view.ts';
import { nameOf, utilityOf } from './city.ts';
import { Links, Node } from './map-parts.tsx';
import { isUrgent, useLabels, usePlaces } from './map-places.ts';
import { t } from './texts.ts';

/** Utilities that the reader has put aside; kept while the page lives. On a narrow screen there is no room for supplies. */
const aside = new Set<string>(innerWidth < 700 ? ['power', 'lighting', 'plc'] : []);
interface CityMapProps {
  readonly city: CityView;
  readonly states: Readonly<Record<string, AssetState>>;
  readonly chosen: string | undefined;
  readonly onChoose: (asset: string) => void;
}

/** The city's assets where they stand and what they feed, coloured by what is true of them. */
export function CityMap({ city, states, chosen, onChoose }: CityMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const [, redraw] = useState(0);
  const places = usePlaces(city, width, height);
  const shown = city.assets.filter(({ id, type }) => places.has(id) && !aside.has(utilityOf(type)));
  // What is not as usual is drawn over the rest.
  const drawn = [...shown].sort((a, b) => Number(isUrgent(a, states, chosen)) - Number(isUrgent(b, states, chosen)));
  const labels = useLabels(shown, places, states, chosen, { x: 4, y: 4, width: width - 8, height: height - 8 });
  const entry = shown.some(({ id }) => id === chosen) ? chosen : shown[0]?.id;
  const move = (event: KeyboardEvent) => {
    const way = arrowKeys[event.key];
    const from = shown.findIndex(({ id }) => id === (document.activeElement as SVGElement | null)?.dataset['asset']);
    if (!way || from < 0) return;
    event.preventDefault();
    const spots = shown.flatMap(({ id }) => places.get(id)?.spot ?? []);
    const next = shown[neighbour(spots, from, ...way) ?? from];
    if (next) frame.current?.querySelector<SVGElement>(`[data-asset="${CSS.escape(next.id)}"]`)?.focus();
  };
  const toggle = (utility: string) => {
    if (!aside.delete(utility)) aside.add(utility);
    redraw((count) => count + 1);
  };
  return (
    <section class="panel map" aria-labelledby="map-title">
      <h2 id="map-title">
        {t('map')}
        <UtilityToggles
          utilities={city.utilities.map((id) => ({ id, name: nameOf(city, id) }))}
          aside={aside}
          onToggle={toggle}
        />
      </h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside */}
      <div class="map-field" ref={frame} onKeyDown={move}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn in */}
        <svg width={width} height={height} role="group" aria-label={`${t('map')}. ${t('mapHint')}`}>
          <Links shown={shown} places={places} />
          {drawn.map((asset) => (
            <Node
              key={asset.id}
              asset={asset}
              utility={nameOf(city, utilityOf(asset.type))}
              place={places.get(asset.id)}
              box={labels.get(asset.id)}
              state={states[asset.id]}
              chosen={asset.id === chosen}
              entry={asset.id === entry}
              onChoose={() => onChoose(asset.id)}
            />
          ))}
        </svg>
      </div>
      <p class="map-legend">
        {(['struck', 'affected', 'dark', 'decoy'] as const).map((state) => (
          <span key={state} class={`legend legend-${state}`}>
            {t(state)}
          </span>
        ))}
        <span class="legend legend-companion">{t('companion')}</span>
        <span class="map-truth">{t('truthHint')}</span>
      </p>
    </section>
  );
}
