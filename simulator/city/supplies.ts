import type { Wire } from './couplings.ts';
import type { PlantAsset, Plc } from './plant.ts';

/**
 * The assets with what they supply with power: where a wire of supply leads to an asset and the PLCs that stand there, or to a
 * PLC with the assets that it tells of. A PLC falls silent once its battery is empty.
 */
export function withSupplies(
  assets: readonly PlantAsset[],
  wires: readonly Wire[],
  plcs: readonly Plc[],
): readonly PlantAsset[] {
  const known = new Set(assets.map(({ id }) => id));
  const toldBy = new Map(
    plcs.map(({ id, points }) => [id, points.flatMap(({ asset = '' }) => (known.has(asset) ? [asset] : []))]),
  );
  const standing = Map.groupBy(toldBy.keys(), (plc) => toldBy.get(plc)?.[0]);
  const behind = (place: string) =>
    known.has(place) ? [place, ...(standing.get(place) ?? [])] : [place, ...(toldBy.get(place) ?? [])];
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
