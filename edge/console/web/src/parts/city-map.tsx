import { useMemo, useRef, useState } from 'preact/hooks';
import type { IncidentLineView } from '../../../incident-wire.ts';
import { readIncidents } from '../detection-feed.ts';
import type { Picture } from '../feed.ts';
import { say, t } from '../language.ts';
import type { Line } from '../line-drawing.ts';
import { type AssetView, type City, utilityOf } from '../model.ts';
import { href } from '../routes.ts';
import { around, arrowKeys, type Box, labelWidth, layOut, neighbour, placeLabels, type Spot } from '../schematic.ts';
import { isBlind, standingOfAsset } from '../situation.ts';
import { useSize } from '../size.ts';
import { usePolled } from '../use-polled.ts';
import { MapInspector } from './map-inspector.tsx';
import { MapLines } from './map-lines.tsx';
import { MapNode } from './map-node.tsx';
import { UtilityToggles } from './utility-toggles.tsx';

const marginPx = 34;
const labelFontPx = 11.5;
const incidentsEveryMs = 5_000;
/** Utilities that the reader has put aside; kept while the page lives. PLCs stand beside what they control: they wait to be asked for. */
const aside = new Set(['plc']);

/** The city's assets where they stand and what they feed: grey, but for what is abnormal. */
export function CityMap({ city, picture }: { city: City; picture: Picture }) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const [focused, setFocused] = useState<string>();
  const [, redraw] = useState(0);
  const { view } = usePolled(readIncidents, '', { everyMs: incidentsEveryMs });
  const incidents = (view?.incidents ?? []).filter(({ standing }) => standing > 0);
  const placed = usePlaces(city, width, height);
  const shown = placed.filter(({ asset }) => !aside.has(utilityOf(asset.type)));
  const labels = useLabels(shown, picture, { x: 4, y: 4, width: width - 8, height: height - 8 });
  const spots = new Map(shown.map(({ asset, spot }) => [asset.id, spot]));
  const entry = spots.has(focused ?? '') ? focused : shown[0]?.asset.id;
  const move = (event: KeyboardEvent) => {
    const step = arrowKeys[event.key];
    const from = shown.findIndex(({ asset }) => asset.id === focused);
    if (!step || from < 0) return;
    event.preventDefault();
    const next = neighbour([...spots.values()], from, ...step);
    const id = next === undefined ? undefined : shown[next]?.asset.id;
    if (id) frame.current?.querySelector<SVGAElement>(`[data-asset="${CSS.escape(id)}"]`)?.focus();
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
          utilities={city.view.utilities.map(({ id, name }) => ({ id, name: say(name) }))}
          aside={aside}
          onToggle={toggle}
        />
      </h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the links inside */}
      <div class="map-field" ref={frame} onKeyDown={move} onMouseLeave={() => setFocused(undefined)}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn in */}
        <svg width={width} height={height} role="group" aria-label={`${t('map')}. ${t('mapHint')}`}>
          <MapLines lines={[...linesOf(shown, spots), ...reachOf(incidents, spots)]} />
          {shown.map(({ asset, spot }, at) => (
            <MapNode
              key={asset.id}
              asset={asset}
              spot={spot}
              box={labels[at]}
              entry={asset.id === entry}
              onLook={() => setFocused(asset.id)}
            />
          ))}
        </svg>
        {placed.length === 0 && <p class="empty-line">{t('noAssets')}</p>}
      </div>
      <MapInspector
        city={city}
        asset={city.assets.get(focused ?? '')}
        incidents={incidents.filter(({ assets }) => assets.includes(focused ?? ''))}
      />
      <Unlocated city={city} />
    </section>
  );
}

interface Placed {
  readonly asset: AssetView;
  readonly spot: Spot;
}

function usePlaces(city: City, width: number, height: number): readonly Placed[] {
  return useMemo(() => {
    const located = city.view.assets.flatMap((asset) => {
      const [longitude, latitude] = asset.location ?? [];
      return typeof longitude === 'number' && typeof latitude === 'number'
        ? [{ asset, coordinate: [longitude, latitude] as const }]
        : [];
    });
    if (located.length === 0 || width < 3 * marginPx || height < 2 * marginPx) return [];
    const field = { x: marginPx, y: 20, width: width - 2 * marginPx, height: height - 44 };
    const spots = layOut(
      located.map(({ coordinate }) => coordinate),
      field,
    );
    return located.flatMap(({ asset }, at) => (spots[at] ? [{ asset, spot: spots[at] }] : []));
  }, [city, width, height]);
}

/** Boxes of labels by asset shown: the abnormal first, then what feeds others, then the rest as far as there is room. */
function useLabels(shown: readonly Placed[], picture: Picture, field: Box): readonly (Box | undefined)[] {
  const urgency = shown.map(({ asset }) => (standingOfAsset(asset.id) ? 0 : asset.upstreamOf.length > 1 ? 1 : 2));
  const key = `${urgency.join('')}/${shown.map(({ asset }) => asset.id).join()}/${picture.link}`;
  // The key stands for the content of all the rest.
  return useMemo(() => {
    const order = [...shown.keys()].sort((a, b) => (urgency[a] ?? 2) - (urgency[b] ?? 2));
    const boxes = placeLabels(
      order.flatMap((at) => {
        const place = shown[at];
        if (!place) return [];
        return [
          { spot: place.spot, width: labelWidth(place.asset.name, labelFontPx), clearPx: urgency[at] === 0 ? 23 : 14 },
        ];
      }),
      shown.map(({ spot }, at) => around(spot, urgency[at] === 0 ? 18 : 11)),
      field,
    );
    const result: (Box | undefined)[] = [];
    for (const [place, at] of order.entries()) result[at] = boxes[place];
    return result;
  }, [key, field.width, field.height]);
}

/** What feeds what: a line with an arrow halfway, dashed where one end cannot be seen. */
const linesOf = (shown: readonly Placed[], spots: ReadonlyMap<string, Spot>): readonly Line[] =>
  shown.flatMap(({ asset, spot }) =>
    asset.upstreamOf.flatMap((fed): Line[] => {
      const to = spots.get(fed);
      const style = `map-link-${utilityOf(asset.type)}${isBlind(asset) ? ' map-link-blind' : ''}`;
      return to ? [{ style, spots: [spot, to], flow: 1 }] : [];
    }),
  );

/** How far an incident reaches: from where its root is to every other asset with an alarm of it. */
const reachOf = (incidents: readonly IncidentLineView[], spots: ReadonlyMap<string, Spot>): readonly Line[] =>
  incidents.flatMap(({ riskLevel, assets: [root = '', ...others] }) => {
    const from = spots.get(root);
    return others.flatMap((asset): Line[] => {
      const to = spots.get(asset);
      return from && to ? [{ style: `map-incident map-incident-${riskLevel}`, spots: [from, to], flow: 1 }] : [];
    });
  });

/** Assets without a location still have their place in the list. */
function Unlocated({ city }: { city: City }) {
  const lost = city.view.assets.filter((asset) => !asset.location);
  if (lost.length === 0) return null;
  return (
    <p class="map-unlocated">
      {t('unlocated')}:{' '}
      {lost.map((asset) => (
        <a key={asset.id} href={href('asset', asset.id)}>
          {asset.name}
        </a>
      ))}
    </p>
  );
}
