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

const marginPx = 30;
const labelFontPx = 11.5;
/** Distance of a name from the centre of its asset. */
const clearPx = 17;

/** Where the assets stand on a field of this size, in pixels. */
export function useSpots(city: CityView, width: number, height: number): ReadonlyMap<string, Spot> {
  return useMemo(() => {
    if (width < 3 * marginPx || height < 3 * marginPx) return new Map();
    const field = { x: marginPx, y: 18, width: width - 2 * marginPx, height: height - 40 };
    const spots = layOut(
      city.assets.map(({ location }) => location),
      field,
    );
    return new Map(city.assets.flatMap(({ id }, at) => (spots[at] ? [[id, spots[at]] as const] : [])));
  }, [city, width, height]);
}

/** Boxes of the names that find room: the struck first, then the rest. */
export function useLabels(
  shown: readonly PlantAsset[],
  spots: ReadonlyMap<string, Spot>,
  states: Readonly<Record<string, AssetState>>,
  chosen: string | undefined,
  field: Box,
): ReadonlyMap<string, Box> {
  const urgent = ({ id }: PlantAsset) => (id === chosen || states[id] === 'struck' ? 0 : states[id] ? 1 : 2);
  const key = shown.map((asset) => `${asset.id}${urgent(asset)}`).join();
  // The key stands for the content of all the rest.
  return useMemo(() => {
    const order = [...shown].sort((a, b) => urgent(a) - urgent(b));
    const placed = order.flatMap((asset) => {
      const spot = spots.get(asset.id);
      return spot ? [{ asset, spot }] : [];
    });
    const boxes = placeLabels(
      placed.map(({ asset, spot }) => ({ spot, width: labelWidth(say(asset.name), labelFontPx), clearPx })),
      placed.map(({ spot }) => around(spot, 11)),
      field,
    );
    return new Map(
      placed.flatMap(({ asset, spot }, at) => {
        const box = boxes[at] ?? (urgent(asset) === 0 ? beside(spot, say(asset.name)) : undefined);
        return box ? [[asset.id, box] as const] : [];
      }),
    );
  }, [key, spots, field.width, field.height, language()]);
}

/** Where a name stands that must be read, room or not. */
const beside = ({ x, y }: Spot, name: string): Box => ({
  ...{ x: x + clearPx, y: y - labelHeightPx / 2, height: labelHeightPx },
  width: labelWidth(name, labelFontPx),
});
