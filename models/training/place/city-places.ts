import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import { mediumPressureFile, mediumPressureGauges } from '../../../simulator/gas/description.ts';
import { networkSchema } from '../../../simulator/network/format.ts';
import { surveyedNetworks } from '../../../simulator/water/survey.ts';
import { type GasNetwork, gasMatrix } from './gas-leaks.ts';
import { siteMap } from './site-map.ts';
import { waterMatrix } from './water-leaks.ts';

/** The medium-pressure network of a city, as its utility would describe it. */
export function cityGas(): GasNetwork {
  return {
    ...{ name: 'medium-pressure', network: networkSchema.parse(mediumPressureFile()), gauges: mediumPressureGauges },
    locationOf: siteMap('wgs84', []),
  };
}

/** The matrices of all networks of a city. */
export async function placesOf(
  city: Parameters<typeof surveyedNetworks>[0],
  onProgress: (share: number) => void = () => undefined,
): Promise<readonly PlaceMatrix[]> {
  const water = surveyedNetworks(city);
  const gas = !city.utilities || city.utilities.includes('gas') ? [cityGas()] : [];
  const matrices: PlaceMatrix[] = [];
  const parts = water.length + gas.length;
  const watch = (share: number) => onProgress((matrices.length + share) / parts);
  for (const network of water) matrices.push(await waterMatrix(network, watch));
  for (const network of gas) matrices.push(gasMatrix(network, watch));
  return matrices;
}
