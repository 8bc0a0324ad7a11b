import { type CityLink, type CityNetwork, type Coordinate, flowOf, type LinkEnd, linkNow } from '../city/networks.ts';
import type { Effects } from './effects.ts';
import type { SewerNode } from './sewer-network.ts';
import type { Waters } from './waters.ts';

/** Flows below this count as none, m³/s. */
const stillM3S = 5e-4;
/** Share of the conveyance below which a sewer counts as blocked (design choice). */
const blockedShare = 0.3;
/** Where the stations' sewers meet the river, and the treatment works to which the sewage pumps deliver. */
const outfalls: Readonly<Record<string, Coordinate>> = {
  'lift-1': [126.6338, 45.7742],
  'storm-1': [126.6478, 45.7868],
};
const worksPlace: Coordinate = [126.6292, 45.7712];

/** Sewers by gravity, manhole by manhole to the river, and the rising mains of the pumps. */
export function drainageNetworks(waters: Waters, effects: Effects): readonly CityNetwork[] {
  const { stations, underpasses, network } = waters;
  const rising = (id: string, to: LinkEnd, group: { readonly flowM3S: number }): CityLink => ({
    ...{ id, from: id, to },
    now: () =>
      linkNow(flowOf(group.flowM3S, stillM3S), {
        dead: effects.pumps(id).supply === 0,
      }),
  });
  return [
    {
      ...{ id: 'sewers', name: { zh: '排水管道', en: 'Sewers' }, trunk: true },
      links: network.nodes.map((node, index) => sewer(node, index, waters, effects)),
    },
    {
      ...{ id: 'rising-mains', name: { zh: '压力排水管', en: 'Rising mains' }, trunk: false },
      links: [
        ...stations.map(({ design, group }) =>
          rising(design.id, design.delivers === 'works' ? worksPlace : outfallOf(design.id), group),
        ),
        ...underpasses.map(({ underpass: { design }, group }) => rising(design.id, design.to, group)),
      ],
    },
  ];
}

function sewer(node: SewerNode, index: number, { network }: Waters, effects: Effects): CityLink {
  const { id, outlet } = node;
  const to = outlet?.to ?? outfallOf(id);
  const crownM = outlet ? outlet.pipe.upperM + outlet.pipe.diameterM : Number.POSITIVE_INFINITY;
  return {
    ...{ id: `${id}-outlet`, from: id, to },
    now: () =>
      linkNow(flowOf(network.outletM3S[index] as number, stillM3S), {
        blocked: outlet?.to !== undefined && effects.openShare(id) < blockedShare,
        strained: (network.levelM[index] as number) > crownM,
      }),
  };
}

function outfallOf(station: string): Coordinate {
  const place = outfalls[station];
  if (!place) throw new RangeError(`no outfall of ${station}`);
  return place;
}
