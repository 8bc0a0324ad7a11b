import type { Text } from '../../edge/core/text.ts';

/** WGS 84 longitude and latitude. */
export type Coordinate = readonly [longitude: number, latitude: number];

/** Where a link ends: at an asset, by its id, or at a place that is none. */
export type LinkEnd = string | Coordinate;

/**
 * What is true of a link, the worst first:
 *
 * - `leaking`: what it carries escapes, or a phase of it touches earth;
 * - `blocked`: shut by what is in it, by ice, or cut through;
 * - `dead`: it has no pressure or no voltage;
 * - `weak`: too little reaches its end: pressure, voltage, air fit to breathe;
 * - `strained`: it carries more than it is meant to for long;
 * - `unknown`: its equations have no solution at present;
 * - `still`: nothing flows in it, and nothing is wrong with that;
 * - `usual`.
 */
export const linkStates = ['leaking', 'blocked', 'dead', 'weak', 'strained', 'unknown', 'still', 'usual'] as const;
export type LinkState = (typeof linkStates)[number];

/** A link at one moment; `flow` is 1 from → to, −1 the other way, 0 where nothing flows. */
export interface LinkNow {
  readonly state: LinkState;
  readonly flow: -1 | 0 | 1;
}

/** A pipe, a sewer, a cable or a compartment of a tunnel. */
export interface CityLink {
  /** Unique within its network. */
  readonly id: string;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
  /** Bends between the ends, in order. */
  readonly via?: readonly Coordinate[];
  /** What is true of it now; asking moves nothing. */
  now(): LinkNow;
}

/** Links of one kind that a utility has: its trunk mains, its returns, its feeders. A map draws them alike. */
export interface CityNetwork {
  /** Unique within the utility. */
  readonly id: string;
  readonly name: Text;
  /** Drawn wide: others hang on it. */
  readonly trunk: boolean;
  /** Drawn on the right of its axis, seen in its own direction, as a second network lies in the same trench. */
  readonly beside?: true;
  readonly links: readonly CityLink[];
}

/** Which way something flows, where less than `least` (> 0) counts as nothing. */
export const flowOf = (rate: number, least: number): LinkNow['flow'] =>
  Math.abs(rate) < least || Number.isNaN(rate) ? 0 : rate > 0 ? 1 : -1;

/** The worst of the states that hold, else `still` where nothing flows, else `usual`. */
export function linkNow(flow: LinkNow['flow'], holds: Readonly<Partial<Record<LinkState, boolean>>>): LinkNow {
  const worst = linkStates.find((state) => holds[state]);
  return { state: worst ?? (flow === 0 ? 'still' : 'usual'), flow };
}
