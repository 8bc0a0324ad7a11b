import type { NetworkLink, NetworkModel, NetworkNode } from './model.ts';
import { distancesM, farthest, type Streets } from './ways.ts';

/** A district of more junctions is split into shares of about this size at most. */
const largestZone = 300;
/** Districts have at least this many junctions; what is smaller is the stub of a pump or valve. */
const smallestZone = 3;

/** A meter at the border of a zone; `sign` is 1 where the link's own direction leads into the zone. */
export interface BorderMeter {
  readonly link: NetworkLink;
  readonly sign: 1 | -1;
}

/** A district of the network: junctions that hang together over open pipes. */
export interface Zone {
  readonly junctions: readonly NetworkNode[];
  readonly meters: readonly BorderMeter[];
  readonly demandLps: number;
}

/**
 * Streets of a network: pipes between junctions that stand open. Pumps and valves, pipes that a program works, pipes
 * that stand shut, and whatever ends at a tank or reservoir are borders.
 */
export function streetsOf(model: NetworkModel, worked: ReadonlySet<number>): Streets {
  const junctions = new Set(model.nodes.filter(({ kind }) => kind === 'junction').map(({ index }) => index));
  const streets = new Map<number, { to: number; lengthM: number }[]>([...junctions].map((index) => [index, []]));
  for (const link of model.links) {
    const piped = link.kind === 'pipe' || link.kind === 'check-valve';
    if (!piped || !link.open || worked.has(link.index)) continue;
    if (!junctions.has(link.from) || !junctions.has(link.to)) continue;
    streets.get(link.from)?.push({ to: link.to, lengthM: link.lengthM });
    streets.get(link.to)?.push({ to: link.from, lengthM: link.lengthM });
  }
  return streets;
}

/**
 * Districts of a network without given ones: what hangs together over its streets and asks for water. One of more than
 * 300 junctions is split around as many centres as shares of that size need, each centre far from the others and its
 * share reaching as far as it is the nearest along the pipes.
 */
export function zonesOf(model: NetworkModel, worked: ReadonlySet<number>): readonly Zone[] {
  const streets = streetsOf(model, worked);
  const components = componentsOf(streets);
  const demand = (junctions: readonly number[]) =>
    junctions.reduce((sum, index) => sum + (model.nodes[index - 1]?.demandLps ?? 0), 0);
  const supplied = components.filter((junctions) => junctions.length >= smallestZone && demand(junctions) > 0);
  const largest = components.toSorted((a, b) => b.length - a.length).slice(0, 1);
  const groups = (supplied.length > 0 ? supplied : largest).flatMap((junctions) => split(junctions, streets));
  return groups.map((group) => zone(model, group, demand(group), worked));
}

function zone(model: NetworkModel, group: readonly number[], demandLps: number, worked: ReadonlySet<number>): Zone {
  const inside = new Set(group);
  const meters = model.links
    .filter(({ from, to }) => inside.has(from) !== inside.has(to))
    .filter(({ index, kind, open }) => open || kind !== 'pipe' || worked.has(index))
    .map((link): BorderMeter => ({ link, sign: inside.has(link.to) ? 1 : -1 }));
  const junctions = group.flatMap((index) => model.nodes[index - 1] ?? []).toSorted((a, b) => a.index - b.index);
  return { junctions, meters, demandLps };
}

function componentsOf(streets: Streets): readonly (readonly number[])[] {
  const seen = new Set<number>();
  return [...streets.keys()].flatMap((start) => {
    if (seen.has(start)) return [];
    seen.add(start);
    const found = [start];
    for (const at of found) {
      for (const { to } of streets.get(at) ?? []) {
        if (seen.has(to)) continue;
        seen.add(to);
        found.push(to);
      }
    }
    return [found];
  });
}

function split(junctions: readonly number[], streets: Streets): readonly (readonly number[])[] {
  const shares = Math.ceil(junctions.length / largestZone);
  const [first] = junctions;
  if (shares === 1 || first === undefined) return [junctions];
  const centres = [farthest(distancesM(streets, [first]))];
  while (centres.length < shares) centres.push(farthest(distancesM(streets, centres)));
  const nearest = new Map<number, number>();
  distancesM(streets, centres, nearest);
  return centres.map((centre) => junctions.filter((junction) => nearest.get(junction) === centre));
}
