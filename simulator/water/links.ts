import type { CityLink, CityNetwork, Coordinate, LinkEnd } from '../city/networks.ts';
import type { Hydraulics } from './hydraulics.ts';
import type { LeakField } from './leak-field.ts';
import { type DistrictId, type Network, station, tank, works } from './network.ts';
import { fullestInto, pipeNow } from './pipe-state.ts';

/** Where the plan's origin lies, and how long a degree is there, m: the districts' plans lie around their assets so. */
const origin = [126.66015, 45.73992] as const;
const degreeM = { east: 77_600, north: 111_200 } as const;
/** Pressure at the main that six floors ask for, m (GB 50013-2018). */
const requiredM = 28;
/** Loss on the velocity head from which an inlet counts as blocked: that of a gate which stands open to a third. */
const blockedLoss = 8;

/** What the state of the old town's pipes is read from. */
export interface OldTown {
  readonly network: Network;
  readonly hydraulics: Hydraulics;
  readonly leaks: LeakField;
  /** Loss that a gate or ice adds to a district's inlet, on the velocity head. */
  readonly inletLoss: (district: DistrictId) => number;
}

/** Trunk and street mains of the old town. */
export function oldTownNetworks(town: OldTown): readonly CityNetwork[] {
  const { network, inletLoss } = town;
  const streets = new Set(network.junctions.flatMap(({ id, district }) => (district ? [id] : [])));
  const pipes = network.pipes.map(({ id, from, to, diameterMm }) => linkOf(town, { id, from, to, diameterMm }));
  const ownTrunk = [
    linkOf(town, { id: 'suction', from: works.id, to: station.suction, diameterMm: 900 }),
    linkOf(town, { id: 'tank-main', from: 't4', to: tank.id, diameterMm: 500 }),
    ...network.districts.map(({ id, inlet }) => linkOf(town, { ...inlet, blocked: () => inletLoss(id) > blockedLoss })),
  ];
  const inStreets = network.pipes.map(({ from, to }) => streets.has(from) && streets.has(to));
  return [
    {
      ...{ id: 'trunk', name: { zh: '供水干管', en: 'Trunk mains' }, trunk: true },
      links: [...pipes.filter((_, index) => !inStreets[index]), ...ownTrunk],
    },
    {
      ...{ id: 'streets', name: { zh: '配水管网', en: 'Street mains' }, trunk: false },
      links: pipes.filter((_, index) => inStreets[index]),
    },
  ];
}

interface OwnPipe {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly diameterMm: number;
  readonly blocked?: () => boolean;
}

function linkOf({ network, hydraulics, leaks }: OldTown, { id, from, to, diameterMm, blocked }: OwnPipe): CityLink {
  const asked = network.junctions.filter((one) => (one.id === from || one.id === to) && one.id !== station.suction);
  return {
    ...{ id, from: endOf(network, from), to: endOf(network, to) },
    now() {
      const flowLps = hydraulics.flowLps(id);
      const end = flowLps < 0 ? from : to;
      return pipeNow({
        ...{ flowLps, diameterM: diameterMm / 1000 },
        leaking:
          leaks.hasHole(end) && fullestInto(end, network.pipes, (pipe) => hydraulics.flowLps(pipe.id))?.id === id,
        blocked: blocked?.() ?? false,
        pressures: asked.map((junction) => ({
          headM: hydraulics.pressureM(junction.id),
          requiredM: junction.demandLps > 0 ? requiredM : 0,
        })),
      });
    },
  };
}

/** The headers of the station and the tank are where their assets are. */
function endOf(network: Network, node: string): LinkEnd {
  if (node === station.suction || node === station.discharge) return 'ps-1';
  return node === tank.id ? 'tank-1' : placeOf(network, node);
}

/** Where a node of the old town lies. */
export function placeOf({ junctions }: Network, node: string): Coordinate {
  const { x, y } = junctions.find(({ id }) => id === node) ?? (node === tank.id ? tank : works);
  return [origin[0] + x / degreeM.east, origin[1] + y / degreeM.north];
}
