import type { PlantAsset, Plc } from '../city/plant.ts';

/** Id of a PLC as an asset of its own, beside what it controls. */
export const plcAssetId = ({ id }: Pick<Plc, 'id'>): string => `plc-${id}`;

/** The PLCs that tell of themselves as assets, each where the first of those stands that it serves. */
export function plcAssets(plcs: readonly Plc[], assets: readonly PlantAsset[]): readonly PlantAsset[] {
  const known = new Map(assets.map((asset) => [asset.id, asset]));
  return plcs.flatMap((plc): PlantAsset[] => {
    const id = plcAssetId(plc);
    if (!plc.points.some(({ asset }) => asset === id)) return [];
    const served = plc.points.map(({ asset }) => known.get(asset ?? '')).find((asset) => asset !== undefined);
    const near = served ?? assets.find(({ type }) => type.startsWith(`${plc.utility}.`));
    if (!near) return [];
    const { grid, location } = near;
    return [{ id, type: 'plc.controller', name: plc.name, grid, location: [...location], upstreamOf: [] }];
  });
}
