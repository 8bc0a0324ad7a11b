import type { ConfiguredNetwork } from '../../../edge/config/networks.ts';
import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import { networkSchema } from '../../../simulator/network/format.ts';
import { gasMatrix } from './gas-leaks.ts';
import { siteMap } from './site-map.ts';
import { waterMatrix } from './water-leaks.ts';

/**
 * The matrix of a network that a gateway's configuration names: water as EPANET has it, gas as `lifeline-network/1`. Coded
 * errors for a file that cannot be opened any more.
 * @param bytes what its file holds
 */
export async function sitePlaces(
  { file, kind, gauges, map }: ConfiguredNetwork,
  bytes: Uint8Array,
  onProgress: (share: number) => void,
): Promise<PlaceMatrix> {
  if (kind === 'epanet') {
    const survey: Parameters<typeof waterMatrix>[0]['survey'] = ({ model }) => ({
      ...{ gauges, locationOf: siteMap(map, model.nodes) },
    });
    return waterMatrix({ file: { name: file, bytes }, survey }, onProgress);
  }
  const network = networkSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const nodes = network.nodes.map(({ id, x = Number.NaN, y = Number.NaN }) => ({ id, x, y }));
  return gasMatrix({ name: file, network, gauges, locationOf: siteMap(map, nodes) }, onProgress);
}
