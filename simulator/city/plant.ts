import type { PointType, WordOrder } from '../../drivers/api.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import type { Random } from '../../edge/core/random.ts';
import type { Text } from '../../edge/core/text.ts';
import type { Controller } from '../plc/controller.ts';
import type { Instrument } from '../plc/instrument.ts';
import type { NetworkFile } from '../water/network-file/source.ts';
import type { Couplings } from './couplings.ts';
import type { Happening, HappeningKind, Truth } from './happening.ts';
import type { CityNetwork } from './networks.ts';

export type { Happening, HappeningKind, Truth } from './happening.ts';
export type { CityNetwork, Coordinate } from './networks.ts';

/** Weather at one moment, the same for all plants. */
export interface Weather {
  readonly outdoorC: number;
  /** 0..1. */
  readonly relativeHumidity: number;
  readonly windMS: number;
  readonly rainMmH: number;
  /** Water equivalent of the snow that falls, mm/h. */
  readonly snowMmH: number;
  /** Water equivalent of the snow that lies on open ground, mm. */
  readonly snowCoverMm: number;
  /** Global horizontal irradiance, W/m². */
  readonly solarWM2: number;
  /** Radians above the horizon. */
  readonly sunAltitude: number;
  /** Horizontal illuminance, lux. */
  readonly lux: number;
}

/** One step of the city's clock. */
export interface Step {
  /** City time at the end of the step, ms since epoch. */
  readonly timeMs: number;
  /** Length of the step in seconds, > 0; plants sub-step as their physics needs. */
  readonly dtS: number;
  /** Local hour of day 0..24, as Asia/Shanghai clocks show it. */
  readonly hour: number;
  /** 0 Sunday … 6 Saturday. */
  readonly weekday: number;
  readonly heatingSeason: boolean;
  /** Monday to Friday without a public holiday. */
  readonly workday: boolean;
  readonly weather: Weather;
}

/** An asset of the city as the gateway's configuration will describe it. */
export interface PlantAsset {
  readonly id: string;
  readonly type: string;
  readonly name: Text;
  readonly grid: string;
  readonly location: readonly [number, number];
  readonly upstreamOf: readonly string[];
}

/**
 * A point inside a simulated PLC. Three planes stay apart: `read` gives the truth in engineering units; its instrument
 * turns it into what the PLC sees (noise, range, converter), and that into what the wire says (type and scale).
 */
export interface PlcPoint {
  readonly name: string;
  readonly description: Text;
  readonly unit: string;
  /** True value now, in engineering units; booleans as 0 or 1. */
  read(): number;
  /** Takes a written engineering value; absent for read-only points. */
  write?(value: number): void;
  /** Standard deviation of the transmitter's noise, engineering units; 0 for states and counters. */
  readonly noise: number;
  /** Instrument range: the PLC clamps to it, the point table carries it as plausible range. */
  readonly low: number;
  readonly high: number;
  /** Of a running total: where the PLC's count begins again at 0, in engineering units. Its truth goes on. */
  readonly wrapsAt?: number;
  readonly type: PointType;
  /** Engineering = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Modbus place; ignored by OPC UA PLCs. */
  readonly table: 'coil' | 'discrete' | 'input' | 'holding';
  readonly address: number;
  readonly order: WordOrder;
  /** For points of a text type: the text now, and the registers that it fills. */
  text?(): string;
  readonly length?: number;
  /** Asset and role it fills, where it has one. */
  readonly asset?: string;
  readonly role?: string;
  readonly states?: Readonly<Record<string, string>>;
  readonly periodMs: number;
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
