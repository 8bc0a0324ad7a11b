import { flowOf, type LinkNow, linkNow } from '../city/networks.ts';

/** Velocity above which mains wear and lose too much head, m/s (domain reference 2: 2.5–3 by practice). */
const strainedMS = 2.5;
/** Slower than this a pipe counts as standing, m/s; less than this a pump or valve, whose bore is unknown, L/s. */
const stillMS = 0.002;
const stillLps = 0.01;
/** Below this pressure no tap gives water, m (design choice). */
const deadM = 1;

/** What is true of a pipe, a pump or a valve. */
export interface PipeFacts {
  /** In its own direction, L/s; not a number while there is no solution. */
  readonly flowLps: number;
  /** 0 where it has no bore of its own. */
  readonly diameterM: number;
  /** Water escapes at the end to which it flows, and it brings the most of it. */
  readonly leaking: boolean;
  readonly blocked: boolean;
  /** Gauge pressures at its ends as far as somebody asks for pressure there, m, with the pressure that they ask for. */
  readonly pressures: readonly { readonly headM: number; readonly requiredM: number }[];
}

/** The state of a link of a water network. */
export function pipeNow({ flowLps, diameterM, leaking, blocked, pressures }: PipeFacts): LinkNow {
  const areaM2 = (Math.PI / 4) * diameterM ** 2;
  const flow = areaM2 > 0 ? flowOf(flowLps / 1000 / areaM2, stillMS) : flowOf(flowLps, stillLps);
  return linkNow(flow, {
    leaking,
    blocked,
    dead: pressures.length > 0 && pressures.every(({ headM }) => headM < deadM),
    weak: pressures.some(({ headM, requiredM }) => headM < requiredM),
    strained: areaM2 > 0 && Math.abs(flowLps) / 1000 / areaM2 > strainedMS,
    unknown: Number.isNaN(flowLps),
  });
}

/**
 * Of the links that end at a node the one that brings it the most water: a hole at the node is drawn on it. `flowLps` is
 * in the link's own direction; undefined where none brings any.
 */
export function fullestInto<Node, Link extends { readonly from: Node; readonly to: Node }>(
  node: Node,
  links: readonly Link[],
  flowLps: (link: Link) => number,
): Link | undefined {
  let [fullest, most]: [Link | undefined, number] = [undefined, 0];
  for (const link of links) {
    if (link.from !== node && link.to !== node) continue;
    const brought = link.to === node ? flowLps(link) : -flowLps(link);
    if (brought > most) [fullest, most] = [link, brought];
  }
  return fullest;
}
