import { useMemo } from 'preact/hooks';
import { language, say } from '../../../../edge/console/web/src/language.ts';
import {
  around,
  type Box,
  labelHeightPx,
  labelWidth,
  layOut,
  placeLabels,
  type Spot,
} from '../../../../edge/console/web/src/schematic.ts';
import type { PlantAsset } from '../../../city/plant.ts';
import type { AssetState, CityView } from '../../view.ts';
import { utilityOf } from './city.ts';

const marginPx = 30;
const nearestPx = 32;
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

/** Where the assets stand on a field of this size, in pixels. */
export function usePlaces(city: CityView, width: number, height: number): ReadonlyMap<string, Place> {
  return useMemo(() => {
    if (width < 3 * marginPx || height < 3 * marginPx) return new Map();
    const sites = new Map<string, PlantAsset[]>();
    for (const asset of city.assets) {
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
    const spots = layOut(
      hosts.map(({ asset }) => asset.location),
      field,
      nearestPx,
    );
    return new Map(hosts.flatMap(({ asset, companions }, at) => placesOf(asset, companions, spots[at])));
  }, [city, width, height]);
}

function placesOf(host: PlantAsset, companions: readonly PlantAsset[], spot: Spot | undefined): [string, Place][] {
  if (!spot) return [];
  const last = companions.length - 1;
  const apartPx = Math.min(besidePx, rowPx / Math.max(last, 1));
  const row = companions.map((asset, at): [string, Place] => {
    const x = spot.x + (at - last / 2) * apartPx;
    return [asset.id, { spot: { x, y: spot.y + belowPx }, companion: true }];
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
  places: ReadonlyMap<string, Place>,
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
      around(spot, (companion ? 4 : 11) + (order < 2 ? haloPx : 0)),
    );
    const struck = symbols.filter((_, at) => named[at]?.rank === 0);
    const boxes = new Map<string, Box>();
    for (const { asset, spot, width } of named.filter((one) => one.rank === 0)) {
      boxes.set(asset.id, urgentBox(spot, width, symbols, [...struck, ...boxes.values()], field));
    }
    const rest = named.filter((one) => one.rank === 1 || (one.rank === 2 && !one.companion));
    rest.sort((a, b) => a.rank - b.rank);
    const found = placeLabels(
      rest.map(({ spot, width, rank: order }) => ({ spot, width, clearPx: order === 1 ? haloClearPx : clearPx })),
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
function urgentBox(spot: Spot, width: number, symbols: readonly Box[], urgent: readonly Box[], field: Box): Box {
  for (const drawn of [[...symbols, ...urgent], urgent]) {
    for (const clear of urgentClearPx) {
      const [box] = placeLabels([{ spot, width, clearPx: clear }], drawn, field);
      if (box) return box;
    }
  }
  return { x: spot.x + haloClearPx, y: spot.y - labelHeightPx / 2, width, height: labelHeightPx };
}
