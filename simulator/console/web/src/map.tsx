import { useRef, useState } from 'preact/hooks';
import { say } from '../../../../edge/console/web/src/language.ts';
import { lineAt } from '../../../../edge/console/web/src/line-drawing.ts';
import { UtilityToggles } from '../../../../edge/console/web/src/parts/utility-toggles.tsx';
import { arrowKeys, neighbour } from '../../../../edge/console/web/src/schematic.ts';
import { useSize } from '../../../../edge/console/web/src/size.ts';
import type { AssetState, CityView, LinkNow } from '../../view.ts';
import { nameOf, utilityOf } from './city.ts';
import { MapLegend } from './map-legend.tsx';
import { Node } from './map-node.tsx';
import { isUrgent, useLabels, useLayout } from './map-places.ts';
import { type DrawnLink, Networks, useDrawnLinks } from './networks.tsx';
import { t } from './texts.ts';

/**
 * Utilities that the reader has put aside; kept while the page lives. PLCs wait to be asked for, and on a narrow screen, which
 * has no room for them, supplies do.
 */
const aside = new Set<string>(innerWidth < 700 ? ['power', 'lighting', 'plc'] : ['plc']);

/** A line is pointed at from so far away. */
const reachPx = 5;

interface CityMapProps {
  readonly city: CityView;
  readonly states: Readonly<Record<string, AssetState>>;
  readonly links: readonly (LinkNow | undefined)[];
  readonly chosen: string | undefined;
  readonly onChoose: (asset: string) => void;
}

/** The city's assets where they stand and the networks between them, coloured by what is true of them. */
export function CityMap({ city, states, links, chosen, onChoose }: CityMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const [, redraw] = useState(0);
  const [pointed, setPointed] = useState<DrawnLink>();
  // Where something happens is always shown.
  const wanted = city.assets.filter((asset) => !aside.has(utilityOf(asset.type)) || states[asset.id] === 'struck');
  const layout = useLayout(city, wanted, width, height);
  const { places } = layout;
  const drawnLinks = useDrawnLinks(city, links, layout, aside);
  const shown = wanted.filter(({ id }) => places.has(id));
  // What is not as usual is drawn over the rest.
  const drawn = [...shown].sort((a, b) => Number(isUrgent(a, states, chosen)) - Number(isUrgent(b, states, chosen)));
  const labels = useLabels(shown, layout, states, chosen, { x: 4, y: 4, width: width - 8, height: height - 8 });
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
  const point = ({ clientX, clientY }: PointerEvent) => {
    const { left, top } = frame.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    setPointed(lineAt(drawnLinks, { x: clientX - left, y: clientY - top }, reachPx));
  };
  // Its state may have changed since it was pointed at.
  const under = pointed && drawnLinks.find(({ network, id }) => network === pointed.network && id === pointed.id);
  const title = under && titleOf(city, under);
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
      <div
        class="map-field"
        ref={frame}
        onKeyDown={move}
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn in */}
        <svg width={width} height={height} role="group" aria-label={`${t('map')}. ${t('mapHint')}`}>
          <Networks drawn={drawnLinks} />
          {drawn.map((asset) => (
            <Node
              key={asset.id}
              asset={asset}
              utility={nameOf(city, utilityOf(asset.type))}
              place={places.get(asset.id)}
              scale={layout.scale}
              box={labels.get(asset.id)}
              state={states[asset.id]}
              chosen={asset.id === chosen}
              entry={asset.id === entry}
              onChoose={() => onChoose(asset.id)}
            />
          ))}
        </svg>
        {title && <p class="map-pointed">{title}</p>}
      </div>
      <MapLegend drawn={drawnLinks} />
    </section>
  );
}

const titleOf = (city: CityView, { network, id, state }: DrawnLink): string =>
  `${nameOf(city, network.utility)} · ${say(network.name)} ${id} · ${t(state)}`;
