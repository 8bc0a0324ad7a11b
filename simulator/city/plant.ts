import type { LifelineError } from '../../edge/core/errors.ts';
import type { Random } from '../../edge/core/random.ts';
import type { Text } from '../../edge/core/text.ts';
import type { Controller } from '../plc/controller.ts';
import type { Instrument } from '../plc/instrument.ts';
import type { NetworkFile } from '../water/network-file/source.ts';
import type { Couplings } from './couplings.ts';
import type { Happening, HappeningKind, Truth } from './happening.ts';
import type { CityNetwork } from './networks.ts';
import type { PlcPoint } from './plc-points.ts';
import type { SiteLimits } from './site-limits.ts';
import type { Step } from './step.ts';

export type { Happening, HappeningKind, Truth } from './happening.ts';
export type { CityNetwork, Coordinate } from './networks.ts';
export type { PlcPoint } from './plc-points.ts';
export type { Step } from './step.ts';
export type { Weather } from './weather.ts';

/** An asset of the city as the gateway's configuration will describe it. */
export interface PlantAsset {
  readonly id: string;
  readonly type: string;
  readonly name: Text;
  readonly grid: string;
  readonly location: readonly [number, number];
  readonly upstreamOf: readonly string[];
  /** What its site states of its limits; as this city's own plants have them when left out. */
  readonly limits?: SiteLimits;
}

/** A simulated PLC: its points, without any socket. */
export interface Plc {
  readonly id: string;
  readonly utility: string;
  readonly protocol: 'modbus-tcp' | 'opcua';
  readonly name: Text;
  /** Modbus unit id; 1 for OPC UA. */
  readonly unit: number;
  /** The profile whose register map it has, all of it or only some of its points. */
  readonly profile?: { readonly name: string; readonly whole: boolean };
  readonly points: readonly PlcPoint[];
  /** The device that runs its program; none for a meter, which only measures. */
  readonly controller?: Controller;
  /** It scans its process this often, ms; as fast as it can where left out. */
  readonly scanMs?: number;
  /**
   * The way of each point's value, in the order of the points; undisturbed ones when left out. Points behind the last of them
   * are what the PLC knows of itself: it tells them as they are.
   */
  readonly instruments?: readonly Instrument[];
  /** Alarms that the PLC makes itself; only OPC UA servers can tell of them. */
  readonly conditions?: readonly PlcCondition[];
  /** Whether its supply stands, battery included; left out where it always does. Without it the PLC answers nobody. */
  powered?(): boolean;
}

/** An alarm that a PLC makes of one of its points. */
export interface PlcCondition {
  /** Name of the point. */
  readonly point: string;
  readonly message: Text;
  /** 1..1000 (OPC UA Part 5, 6.4.2). */
  readonly severity: number;
  /** Limits in engineering units, or the one value that is normal. */
  readonly when: PlcLimits | { readonly normal: number };
}

export interface PlcLimits {
  readonly lowLow?: number;
  readonly low?: number;
  readonly high?: number;
  readonly highHigh?: number;
}

/**
 * What a city measures: `lean` has the stations, districts and substations that the demo shows and its calibration
 * knows; `full` adds what else stands in the streets of a well equipped city, and what is supplied apart from it. The
 * physics of what both have is the same.
 */
export const equipments = ['lean', 'full'] as const;
export type Equipment = (typeof equipments)[number];

/** What plants are made with. */
export interface PlantContext {
  /** The plant's own stream. */
  readonly random: Random;
  /** What it gives to other plants and takes from them. */
  readonly couplings: Couplings;
  /** How densely the city is equipped; `lean` when left out. */
  readonly equipment?: Equipment;
  /** The user's own water network in place of the default city's. */
  readonly waterNetwork?: NetworkFile;
}

/** One utility's physics. Pure of clocks and sockets: it moves only by `step`. */
export interface Plant {
  readonly utility: string;
  readonly assets: readonly PlantAsset[];
  readonly plcs: readonly Plc[];
  readonly happenings: readonly HappeningKind[];
  /** What runs between its places, for maps. */
  readonly networks: readonly CityNetwork[];
  step(step: Step): void;
  /** Starts a happening; its end is the plant's own business by `durationS`, read anew. Unknown kinds or targets throw RangeError. */
  start(happening: Happening): Truth;
  /** Why its values are bad at present; undefined, or left out, where they are good. */
  trouble?(): LifelineError | undefined;
  /** Frees native resources, if any. */
  dispose(): void;
}
