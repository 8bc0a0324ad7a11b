import type { Wire } from './couplings.ts';
import type { PlantAsset, Plc } from './plant.ts';

/** The assets with what they supply with power: where a wire of supply leads to an asset, or to a PLC that tells of some. */
export function withSupplies(
  assets: readonly PlantAsset[],
  wires: readonly Wire[],
  plcs: readonly Plc[],
): readonly PlantAsset[] {
  const known = new Set(assets.map(({ id }) => id));
  const toldBy = new Map(
    plcs.map(({ id, points }) => [
      id,
      [...new Set(points.flatMap(({ asset }) => asset ?? []))].filter((one) => known.has(one)),
    ]),
  );
  const behind = (place: string) => (known.has(place) ? [place] : (toldBy.get(place) ?? []));
  const ends = Map.groupBy(
    wires.filter(({ kind }) => kind === 'supply' || kind === 'control'),
    ({ from }) => placeName(from),
  );
  return assets.map((asset) => {
    const supplied = (ends.get(asset.id) ?? []).flatMap(({ to }) => behind(placeName(to)));
    const more = [...new Set(supplied)].filter((id) => id !== asset.id && !asset.upstreamOf.includes(id));
    return more.length > 0 ? { ...asset, upstreamOf: [...asset.upstreamOf, ...more] } : asset;
  });
}

/** `place` of `utility/place`. */
const placeName = (end: string): string => end.slice(end.indexOf('/') + 1);
