import type { ConfiguredNetwork } from '../../../edge/config/networks.ts';
import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import { siteMap } from './site-map.ts';
import { waterMatrix } from './water-leaks.ts';

/**
 * The matrix of a network that a gateway's configuration names. Coded errors for a file that cannot be opened any more.
 * @param bytes what its file holds
 */
export function sitePlaces(
  { file, gauges, map }: ConfiguredNetwork,
  bytes: Uint8Array,
  onProgress: (share: number) => void,
): Promise<PlaceMatrix> {
  return waterMatrix(
    {
      file: { name: file, bytes },
      survey: ({ model }) => ({ gauges, locationOf: siteMap(map, model.nodes) }),
    },
    onProgress,
  );
}
