import type { Wire } from './couplings.ts';
import type { PlantAsset, Plc } from './plant.ts';

/** A load that falls away hurts nobody: consequences do not run back over its wire. */
const harmless: ReadonlySet<Wire['kind']> = new Set(['electric-load']);

/** `utility/id` of an asset. */
const placeOf = ({ type, id }: PlantAsset): string => `${type.slice(0, type.indexOf('.'))}/${id}`;

/**
 * Which assets may rightly alarm beside those that a happening's own utility names: where a wire leads from one of them,
 * everything behind its end — an asset with what lies downstream, a PLC's place with the assets that it watches — and
 * so on over further wires.
 */
export function consequencesOver(
  wires: readonly Wire[],
  assets: readonly PlantAsset[],
  plcs: readonly Plc[],
): (affected: readonly string[]) => readonly string[] {
  const links = new Map<string, string[]>();
  const link = (from: string, to: string) => links.set(from, [...(links.get(from) ?? []), to]);
  const harmful = wires.filter(({ kind }) => !harmless.has(kind));
  const places = new Map(assets.map((asset) => [asset.id, placeOf(asset)]));
  const placeById = (id: string) => places.get(id) ?? id;
  for (const { from, to, feeder } of harmful) {
    link(from, to);
    if (feeder !== undefined) link(to, feeder);
  }
  for (const asset of assets) for (const down of asset.upstreamOf) link(placeOf(asset), placeById(down));
  for (const { id, utility, points } of plcs) {
    for (const { asset } of points) if (asset !== undefined) link(`${utility}/${id}`, placeById(asset));
  }
  return (affected) => {
    const struck = new Set(affected.map(placeById));
    const found = new Set(harmful.filter(({ from }) => struck.has(from)).map(({ to }) => to));
    // A set's iteration meets what is added during it.
    for (const place of found) for (const next of links.get(place) ?? []) found.add(next);
    const more = assets.filter((asset) => found.has(placeOf(asset)) && !struck.has(placeOf(asset)));
    return [...affected, ...more.map(({ id }) => id)];
  };
}
