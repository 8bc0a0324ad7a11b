import type { Gauge } from '../../edge/core/gauge.ts';
import type { CityOptions } from '../city/city.ts';
import type { Coordinate } from '../city/networks.ts';
import { networkInp } from './inp.ts';
import { placeOf } from './links.ts';
import { cityNetwork, type District, type Network } from './network.ts';
import { planOf } from './network-file/assets.ts';
import { type DistrictLayout, layOut } from './network-file/layout.ts';
import type { NetworkNode } from './network-file/model.ts';
import type { OpenNetwork } from './network-file/open.ts';
import { alone, type NetworkSettings } from './network-file/plant.ts';
import type { NetworkFile } from './network-file/source.ts';
import { newTownFile, newTownSettings } from './new-town.ts';

/** What is known of a network beside its file. */
export interface Survey {
  readonly gauges: readonly Gauge[];
  /** Undefined where the node is not on the map. */
  locationOf(node: NetworkNode): Coordinate | undefined;
}

/** A network's file, and its survey once it is open. */
export interface SurveyedNetwork {
  readonly file: NetworkFile;
  survey(opened: OpenNetwork): Survey;
}

/** The water networks that a city is supplied by. */
export function surveyedNetworks(
  city: Pick<CityOptions, 'utilities' | 'waterNetwork' | 'equipment'>,
): readonly SurveyedNetwork[] {
  if (city.utilities && !city.utilities.includes('water')) return [];
  if (city.waterNetwork) return [surveyedFile(city.waterNetwork, alone)];
  return city.equipment === 'full' ? [oldTown(), surveyedFile(newTownFile(), newTownSettings)] : [oldTown()];
}

function oldTown(): SurveyedNetwork {
  const network = cityNetwork();
  return {
    file: { name: 'old-town.inp', bytes: new TextEncoder().encode(networkInp(network)) },
    survey: () => ({
      gauges: network.districts.flatMap((district) => oldTownGauges(district, network)),
      locationOf: ({ id }) => placeOf(network, id),
    }),
  };
}

function oldTownGauges({ id, inlet, sensors }: District, { districts }: Network): readonly Gauge[] {
  const fed = districts.filter(({ feed }) => feed === id).map((other) => ({ id: other.inlet.id, sign: 1 as const }));
  const outflow: Gauge = { asset: id, role: 'outflow', into: -1, links: fed };
  return [
    { asset: id, role: 'inflow', into: 1, links: [{ id: inlet.id, sign: 1 }] },
    ...(fed.length > 0 ? [outflow] : []),
    { asset: id, role: 'pressure-upstream', node: inlet.from },
    { asset: id, role: 'pressure', node: sensors.inlet },
    { asset: id, role: 'pressure-critical', node: sensors.critical },
    { asset: id, role: 'pressure-2', node: sensors.second },
    { asset: id, role: 'pressure-3', node: sensors.third },
  ];
}

const surveyedFile = (file: NetworkFile, { first, map }: NetworkSettings): SurveyedNetwork => ({
  file,
  survey({ model, program }) {
    const plan = planOf(model, map);
    return {
      gauges: layOut(model, program.links, first).districts.flatMap(fileGauges),
      locationOf: (node) => plan([node]),
    };
  },
});

const fileGauges = ({ id, zone, inlet, highest, farthest, lowest }: DistrictLayout): readonly Gauge[] => [
  { asset: id, role: 'inflow', into: 1, links: zone.meters.map(({ link, sign }) => ({ id: link.id, sign })) },
  { asset: id, role: 'pressure', node: inlet.id },
  { asset: id, role: 'pressure-critical', node: highest.id },
  { asset: id, role: 'pressure-2', node: farthest.id },
  { asset: id, role: 'pressure-3', node: lowest.id },
];
