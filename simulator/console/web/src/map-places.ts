import { useMemo } from 'preact/hooks';
import { language, say } from '../../../../edge/console/web/src/language.ts';
import {
  around,
  type Box,
  labelHeightPx,
  labelWidth,
  placeLabels,
  project,
  type Spot,
  spread,
} from '../../../../edge/console/web/src/schematic.ts';
import type { PlantAsset } from '../../../city/plant.ts';
import type { AssetState, CityView, LinkEnd } from '../../view.ts';
import { utilityOf } from './city.ts';

const marginPx = 30;
/** Symbols of full size keep this distance; they shrink to the least where so many stand on so small a field, by their share of it. */
const nearestPx = 32;
const leastScale = 0.66;
const hostsShare = 0.2;
/** Companions stand in a row so far below what they serve, so far from each other, closer where the row would be too wide. */
const belowPx = 15;
const besidePx = 9;
const rowPx = 54;
const labelFontPx = 11.5;
/** Distance of a name from the centre of its asset, beside a halo, and of a name that must be read also farther off. */
const clearPx = 17;
const haloClearPx = 20;
/** What a halo takes around a symbol. */
const haloPx = 5;
const urgentClearPx = [haloClearPx, 32, 46];

/** Where an asset stands. */
export interface Place {
  readonly spot: Spot;
  /** It serves another at this very place, as its supply or its PLC, and is drawn small below it. */
  readonly companion: boolean;
}

/** Of assets at one place the first of the lowest rank is the host of those above. */
const rankOf = ({ type }: PlantAsset): number => ['power', 'plc'].indexOf(utilityOf(type)) + 1;

/** Where everything stands on the map. */
export interface MapLayout {
  /** Assets by id. */
  readonly places: ReadonlyMap<string, Place>;
  /** Size of symbols, 1 for the full one. */
  readonly scale: number;
  /** Where a link ends; undefined at an asset that has no place. */
  spotOf(end: LinkEnd): Spot | undefined;
}

/** Lays out the assets that are wanted on a field of this size, in pixels, which shows all of the city. */
export function useLayout(city: CityView, wanted: readonly PlantAsset[], width: number, height: number): MapLayout {
  return useMemo(() => {
    if (width < 3 * marginPx || height < 3 * marginPx) return nowhere;
    const sites = new Map<string, PlantAsset[]>();
    for (const asset of wanted) {
      const site = asset.location.join();
      sites.set(site, [...(sites.get(site) ?? []), asset]);
    }
    const hosts = [...sites.values()].flatMap((assets) => {
      const rank = Math.min(...assets.map(rankOf));
      const [first, ...others] = assets.filter((asset) => rankOf(asset) === rank);
      if (!first) return [];
      const companions = assets.filter((asset) => rankOf(asset) > rank);
      return [{ asset: first, companions }, ...others.map((asset) => ({ asset, companions: [] }))];
    });
    const field = { x: marginPx, y: 20, width: width - 2 * marginPx, height: height - 48 };
    const locations = hosts.map(({ asset }) => asset.location);
    const fitted = project([...city.assets.map(({ location }) => location), ...coordinatesOf(city)], field);
    const exact = locations.map(fitted);
    const room = Math.sqrt((hostsShare * field.width * field.height) / Math.max(hosts.length, 1)) / nearestPx;
    const scale = Math.min(1, Math.max(leastScale, room));
    const spots = spread(exact, field, scale * nearestPx);
    const places = new Map(hosts.flatMap(({ asset, companions }, at) => placesOf(asset, companions, spots[at], scale)));
    const spotOf = (end: LinkEnd) =>
      typeof end === 'string' ? places.get(end)?.spot : carried(fitted(end), exact, spots);
    return { places, scale, spotOf };
  }, [city, wanted.map(({ id }) => id).join(), width, height]);
}

const nowhere: MapLayout = { places: new Map(), scale: 1, spotOf: () => undefined };

/** All places of links that are no assets. */
const coordinatesOf = ({ networks }: CityView) =>
  networks.flatMap(({ links }) =>
    links.flatMap(({ from, to, via = [] }) => [from, to, ...via].filter((end) => typeof end !== 'string')),
  );

/** Moves a spot as the assets around it were moved when they were pushed apart, the nearer the more. */
function carried(spot: Spot, wanted: readonly Spot[], moved: readonly Spot[]): Spot {
  let [x, y, sum] = [0, 0, 0];
  for (const [at, from] of wanted.entries()) {
    const to = moved[at] ?? from;
    const weight = 1 / ((spot.x - from.x) ** 2 + (spot.y - from.y) ** 2 + 1) ** 2;
    x += weight * (to.x - from.x);
    y += weight * (to.y - from.y);
    sum += weight;
  }
  return sum > 0 ? { x: spot.x + x / sum, y: spot.y + y / sum } : spot;
}

function placesOf(
  host: PlantAsset,
  companions: readonly PlantAsset[],
  spot: Spot | undefined,
  scale: number,
): [string, Place][] {
  if (!spot) return [];
  const last = companions.length - 1;
  const apartPx = Math.min(besidePx, rowPx / Math.max(last, 1));
  const row = companions.map((asset, at): [string, Place] => {
    const x = spot.x + (at - last / 2) * scale * apartPx;
    return [asset.id, { spot: { x, y: spot.y + scale * belowPx }, companion: true }];
  });
  return [[host.id, { spot, companion: false }], ...row];
}

/** Whether its name must be read, room or not. */
export const isUrgent = (
  { id }: PlantAsset,
  states: Readonly<Record<string, AssetState>>,
  chosen: string | undefined,
): boolean => id === chosen || states[id] === 'struck';

/** Boxes of the names that find room: first those that must be read, then what else is not as usual, then the rest. */
export function useLabels(
  shown: readonly PlantAsset[],
  { places, scale }: MapLayout,
  states: Readonly<Record<string, AssetState>>,
  chosen: string | undefined,
  field: Box,
): ReadonlyMap<string, Box> {
  const rank = (asset: PlantAsset) => (isUrgent(asset, states, chosen) ? 0 : states[asset.id] ? 1 : 2);
  const key = shown.map((asset) => `${asset.id}${rank(asset)}`).join();
  // The key stands for the content of all the rest.
  return useMemo(() => {
    const named = shown.flatMap((asset) => {
      const place = places.get(asset.id);
      return place ? [{ asset, ...place, rank: rank(asset), width: labelWidth(say(asset.name), labelFontPx) }] : [];
    });
    const symbols = named.map(({ spot, companion, rank: order }) =>
      around(spot, scale * ((companion ? 4 : 11) + (order < 2 ? haloPx : 0))),
    );
    const struck = symbols.filter((_, at) => named[at]?.rank === 0);
    const boxes = new Map<string, Box>();
    for (const { asset, spot, width } of named.filter((one) => one.rank === 0)) {
      boxes.set(asset.id, urgentBox(spot, width, scale, symbols, [...struck, ...boxes.values()], field));
    }
    const rest = named.filter((one) => one.rank === 1 || (one.rank === 2 && !one.companion));
    rest.sort((a, b) => a.rank - b.rank);
    const found = placeLabels(
      rest.map(({ spot, width, rank: order }) => ({
        spot,
        width,
        clearPx: scale * (order === 1 ? haloClearPx : clearPx),
      })),
      [...symbols, ...boxes.values()],
      field,
    );
    for (const [at, { asset }] of rest.entries()) {
      const box = found[at];
      if (box) boxes.set(asset.id, box);
    }
    return boxes;
  }, [key, places, field.width, field.height, language()]);
}

/** Room for a name that must be read: where nothing is, else over symbols of what is not urgent, else to the right. */
function urgentBox(
  spot: Spot,
  width: number,
  scale: number,
  symbols: readonly Box[],
  urgent: readonly Box[],
  field: Box,
): Box {
  for (const drawn of [[...symbols, ...urgent], urgent]) {
    for (const clear of urgentClearPx) {
      const [box] = placeLabels([{ spot, width, clearPx: scale * clear }], drawn, field);
      if (box) return box;
    }
  }
  return { x: spot.x + scale * haloClearPx, y: spot.y - labelHeightPx / 2, width, height: labelHeightPx };
}
