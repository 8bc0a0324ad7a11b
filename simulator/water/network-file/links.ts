import type { CityLink, CityNetwork, LinkEnd } from '../../city/networks.ts';
import { fullestInto, pipeNow } from '../pipe-state.ts';
import type { Plan } from './assets.ts';
import type { Holes } from './holes.ts';
import type { SourceLayout } from './layout.ts';
import type { NetworkLink } from './model.ts';
import type { NetworkView } from './network-view.ts';

/** Pipes from this bore on are trunk mains, m (design choice). */
const trunkM = 0.3;

/** What the lines of a user's network are drawn from. */
export interface FileOnMap {
  /** Name of the file. */
  readonly file: string;
  readonly view: NetworkView;
  readonly holes: Holes;
  readonly sources: readonly SourceLayout[];
  readonly plan: Plan;
}

/** The links of a user's network whose ends are on its map; pumps and valves go with the pipes of their size. */
export function fileNetworks(shown: FileOnMap): readonly CityNetwork[] {
  const { file, view } = shown;
  const isTrunk = ({ diameterM, kind }: NetworkLink) => kind === 'pump' || diameterM >= trunkM;
  const tanks = new Map(shown.sources.flatMap(({ id, node }) => (node.kind === 'tank' ? [[node.index, id]] : [])));
  const linksOf = (list: readonly NetworkLink[]) => list.flatMap((link) => linkOf(link, shown, tanks));
  return [
    {
      ...{ id: `${file}/trunk`, name: { zh: '供水干管', en: 'Trunk mains' }, trunk: true },
      links: linksOf(view.model.links.filter(isTrunk)),
    },
    {
      ...{ id: `${file}/streets`, name: { zh: '配水管网', en: 'Street mains' }, trunk: false },
      links: linksOf(view.model.links.filter((link) => !isTrunk(link))),
    },
  ];
}

function linkOf(link: NetworkLink, { view, holes, plan }: FileOnMap, tanks: ReadonlyMap<number, string>): CityLink[] {
  const { nodes, requiredM } = view.model;
  const ends = [nodes[link.from - 1], nodes[link.to - 1]].flatMap((node) => node ?? []);
  const [from, to] = ends.map((node): LinkEnd | undefined => {
    const place = plan([node]);
    return place && (tanks.get(node.index) ?? place);
  });
  if (from === undefined || to === undefined) return [];
  const via = link.bends.map((bend) => plan([bend])).filter((place) => place !== undefined);
  const asked = ends.filter(({ demandLps }) => demandLps > 0);
  return [
    {
      ...{ id: link.id, from, to },
      ...(via.length > 0 ? { via } : {}),
      now() {
        const flowLps = view.flowLps(link);
        const end = flowLps < 0 ? link.from : link.to;
        return pipeNow({
          ...{ flowLps, diameterM: link.diameterM, blocked: false },
          leaking: holes.hasHole(end) && fullestInto(end, view.model.links, (one) => view.flowLps(one)) === link,
          pressures: asked.map((node) => ({ headM: view.pressureM(node), requiredM })),
        });
      },
    },
  ];
}
