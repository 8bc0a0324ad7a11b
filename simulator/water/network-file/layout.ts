import type { NetworkLink, NetworkModel, NetworkNode } from './model.ts';
import { distancesM, farthest } from './ways.ts';
import { streetsOf, type Zone, zonesOf } from './zones.ts';

/** Pumps that share a suction or a discharge node: one house, one PLC. */
export interface StationLayout {
  readonly id: string;
  readonly pumps: readonly NetworkLink[];
  readonly suction: NetworkNode;
  readonly discharge: NetworkNode;
}

/** A tank or reservoir with the meters on its mains; `sign` 1 where the link leads into the tank, or out of the reservoir. */
export interface SourceLayout {
  readonly id: string;
  readonly node: NetworkNode;
  readonly links: readonly { readonly link: NetworkLink; readonly sign: 1 | -1 }[];
}

/**
 * A district and where its pressure is measured: at its largest inlet, at the highest and the lowest junction that has
 * consumers, and at the one that is farthest from all inlets along the pipes.
 */
export interface DistrictLayout {
  readonly id: string;
  readonly zone: Zone;
  readonly inlet: NetworkNode;
  readonly highest: NetworkNode;
  readonly farthest: NetworkNode;
  readonly lowest: NetworkNode;
  /** Valves and gates that stand in it or at its border and that its PLC works. */
  readonly valves: readonly NetworkLink[];
}

/** What is built into a user's network: stations, meters, gauges. */
export interface NetworkLayout {
  readonly stations: readonly StationLayout[];
  readonly sources: readonly SourceLayout[];
  readonly districts: readonly DistrictLayout[];
}

/** Numbers from which on the parts of a network are counted, so that two networks of one utility keep apart. */
export interface FirstNumbers {
  readonly station: number;
  readonly tank: number;
  readonly source: number;
  readonly district: number;
}

/** Lays out a network; `worked` are the links that its controls act on. */
export function layOut(model: NetworkModel, worked: ReadonlySet<number>, first: FirstNumbers): NetworkLayout {
  const zones = zonesOf(model, worked);
  const streets = streetsOf(model, worked);
  const valves = model.links.filter(({ kind, index }) =>
    kind === 'pipe' ? worked.has(index) : kind !== 'pump' && kind !== 'check-valve',
  );
  const home = homes(zones, valves);
  return {
    stations: stationsOf(model, first.station),
    sources: sourcesOf(model, first),
    districts: zones.map((zone, position) => {
      const own = valves.filter(({ index }) => home.get(index) === position);
      return { id: `dma-${position + first.district}`, zone, valves: own, ...gauges(zone, streets) };
    }),
  };
}

/** The district whose PLC works a valve: where its water goes, else where it comes from, else the first. */
function homes(zones: readonly Zone[], valves: readonly NetworkLink[]): ReadonlyMap<number, number> {
  const zoneOf = new Map(zones.flatMap(({ junctions }, position) => junctions.map(({ index }) => [index, position])));
  return new Map(valves.map(({ index, from, to }) => [index, zoneOf.get(to) ?? zoneOf.get(from) ?? 0]));
}

function gauges(zone: Zone, streets: ReturnType<typeof streetsOf>) {
  const { junctions, meters } = zone;
  const [first] = junctions;
  if (!first) throw new RangeError('a district has no junction');
  const inside = new Map(junctions.map((junction) => [junction.index, junction]));
  const ends = meters.toSorted((a, b) => b.link.diameterM - a.link.diameterM);
  const inlets = ends.flatMap(({ link, sign }) => inside.get(sign === 1 ? link.to : link.from) ?? []);
  const inlet = inlets[0] ?? first;
  const ways = distancesM(streets, inlets.length > 0 ? inlets.map(({ index }) => index) : [inlet.index]);
  const own = new Map([...ways].filter(([index]) => inside.has(index)));
  // Where nobody draws water, as behind a pump or before a tank, no pressure is asked for.
  const drawing = junctions.filter(({ demandLps }) => demandLps > 0);
  const byGround = (drawing.length > 0 ? drawing : junctions).toSorted((a, b) => a.elevationM - b.elevationM);
  return {
    inlet,
    highest: byGround.at(-1) ?? first,
    farthest: inside.get(farthest(own)) ?? first,
    lowest: byGround[0] ?? first,
  };
}

function stationsOf(model: NetworkModel, number: number): readonly StationLayout[] {
  const groups: NetworkLink[][] = [];
  for (const pump of model.links.filter(({ kind }) => kind === 'pump')) {
    const near = groups.filter((group) => group.some(({ from, to }) => from === pump.from || to === pump.to));
    const joined = [...near.flat(), pump];
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push(joined);
  }
  return groups.flatMap((pumps, position) => {
    const [first] = pumps;
    const suction = model.nodes[(first?.from ?? 0) - 1];
    const discharge = model.nodes[(first?.to ?? 0) - 1];
    return suction && discharge ? [{ id: `ps-${position + number}`, pumps, suction, discharge }] : [];
  });
}

function sourcesOf(model: NetworkModel, first: FirstNumbers): readonly SourceLayout[] {
  const next = { tank: first.tank, reservoir: first.source };
  return model.nodes.flatMap((node) => {
    if (node.kind === 'junction') return [];
    const number = next[node.kind]++;
    const links = model.links
      .filter(({ from, to }) => from === node.index || to === node.index)
      .map((link) => {
        const counted = node.kind === 'tank' ? link.to : link.from;
        return { link, sign: counted === node.index ? (1 as const) : (-1 as const) };
      });
    return [{ id: `${node.kind === 'tank' ? 'tank' : 'source'}-${number}`, node, links }];
  });
}
