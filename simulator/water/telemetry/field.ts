import type { Text } from '../../../edge/core/text.ts';
import type { Plc, PlcPoint } from '../../city/plant.ts';
import { type Coding, measured, placed, type Signal } from '../../city/plc-points.ts';
import type { Controllers } from '../../plc/controller.ts';
import type { Hydraulics } from '../hydraulics.ts';
import type { Junction, Network } from '../network.ts';
import { m3hFromLps, mpaFromM, type StationState } from '../state.ts';

/** What a battery device in the street meets: pressure, cold, and the customers' draw. */
export interface Street {
  readonly hydraulics: Pick<Hydraulics, 'pressureM' | 'consumptionLps'>;
  readonly station: Pick<StationState, 'outdoorC'>;
  readonly controllers: Controllers;
}

/** A place where something is measured, and the mean of what its customers draw, L/s. */
export type Place = Pick<Junction, 'id' | 'elevationM' | 'demandLps'>;

/** What the instruments out in the streets stand in: the same network that the stations see. */
export interface Field extends Street {
  readonly network: Network;
  readonly hydraulics: Hydraulics;
  /** Water that is drawn from the hydrant at a junction, L/s. */
  hydrantLps(junction: string): number;
  /** Weather, water temperature and what leaves the works. */
  readonly station: StationState;
}

/** A device in the street with the signals of what it measures. */
export interface Outstation {
  readonly id: string;
  readonly name: Text;
  /** Modbus unit id behind its modem. */
  readonly unit: number;
  readonly bits: readonly Signal[];
  readonly values: readonly Signal[];
  readonly counters: readonly Signal[];
  readonly commands: readonly Signal[];
}

const float: Coding = { table: 'holding', type: 'float32', order: 'cdab', scale: 1 };
const bit: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };
/** Blocks of registers begin at whole hundreds. */
const block = 100;
/** Battery devices are asked less often than a station. */
const periodMs = 5000;

/** Lays an outstation out as remote terminal units of this kind are: floats, low word first, then counters, then commands. */
export function outstationPlc(street: Street, { id, name, unit, bits, values, counters, commands }: Outstation): Plc {
  const controller = street.controllers.of(id);
  const [heartbeat, scanClock] = controller.signals();
  const countersFrom = Math.ceil((2 * values.length) / block) * block;
  const commandsFrom = countersFrom + Math.ceil((2 * (counters.length + 2)) / block) * block;
  const points: readonly PlcPoint[] = [
    ...placed(0, bit, bits),
    ...placed(0, float, values),
    ...placed(countersFrom, { ...float, type: 'uint32' }, [...counters, heartbeat, scanClock]),
    ...placed(commandsFrom, float, commands),
  ];
  return {
    ...{ id, controller, utility: 'water', protocol: 'modbus-tcp', name, unit, scanMs: periodMs },
    points: points.map((point) => ({ ...point, periodMs })),
  };
}

export const pressureAt = (field: Street, name: string, text: Text, junction: string): Signal =>
  measured(name, text, 'MPa', [0, 1], 0.06, () => mpaFromM(field.hydraulics.pressureM(junction)));

export const flowThrough = (name: string, text: Text, fullM3h: number, lps: () => number): Signal =>
  measured(name, text, 'm3/h', [-fullM3h, fullM3h], 0.08, () => m3hFromLps(lps()));

/** Voltage of a lithium battery that the cold presses, V. */
export const batteryOf = (field: Street, name: string, text: Text): Signal =>
  measured(name, text, 'V', [0, 4], 0.1, () => 3.6 - 0.004 * Math.max(0, 10 - field.station.outdoorC));

/** Temperature in a chamber under the street, °C: the ground damps the air's (design choice). */
export const chamberTemperature = (field: Street, name: string): Signal =>
  measured(name, { zh: '井内温度', en: 'Chamber temperature' }, 'Cel', [-40, 60], 0.2, () => {
    return 7 + 0.35 * (field.station.outdoorC - 7);
  });
