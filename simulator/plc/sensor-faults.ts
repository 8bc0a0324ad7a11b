import { isTextType } from '../../drivers/api.ts';
import { decodeValue, encodeValue, registersOf } from '../../drivers/modbus/registers.ts';
import type { Random } from '../../edge/core/random.ts';
import type { Text } from '../../edge/core/text.ts';
import type { HappeningKind } from '../city/happening.ts';
import type { PlcPoint } from '../city/plant.ts';
import type { Distortion, Instrument } from './instrument.ts';

/** A point of a PLC with what a fault of it must know. */
export interface FaultyPoint {
  readonly instrument: Instrument;
  readonly protocol: 'modbus-tcp' | 'opcua';
  /** The other one of two instruments of the same unit, whose wires may be swapped with this one's. */
  readonly partner: Instrument | undefined;
}

/** What a fault is doing at present. */
export interface FaultState {
  /** Its size now, in the unit of its kind. */
  magnitude(): number;
  /** Hours since it began. */
  ageH(): number;
  /** The fault's own stream. */
  readonly random: Random;
}

interface SensorFault {
  readonly title: Text;
  readonly magnitude: HappeningKind['magnitude'];
  readonly lastsMin?: readonly [low: number, high: number];
  /** Points that it can befall. */
  befalls(point: FaultyPoint): boolean;
  distortion(point: FaultyPoint, state: FaultState): Distortion;
  /** What it does to the partner of the point. */
  ofPartner?(point: FaultyPoint): Distortion;
}

/** What an instrument in a foreign unit says for one of its own: °F, psi, L/s, ft, after a replacement. */
const foreignUnits: Readonly<Record<string, (value: number) => number>> = {
  Cel: (celsius) => 1.8 * celsius + 32,
  MPa: (mpa) => 145.0377 * mpa,
  kPa: (kpa) => 0.1450377 * kpa,
  'm3/h': (m3h) => m3h / 3.6,
  m: (metres) => 3.28084 * metres,
};

/** Share of samples that jump. */
const spikeShare = 0.05;
/** Values of a type in which a PLC tells that an input is broken (S7: 7FFF hex); not-a-number where it has one. */
const brokenRaw: Readonly<Partial<Record<PlcPoint['type'], number>>> = {
  int16: 0x7fff,
  uint16: 0x7fff,
  int32: 0x7fff_ffff,
  uint32: 0x7fff_ffff,
};

const isMeasured = ({ instrument: { point } }: FaultyPoint) => point.noise > 0;
const span = ({ instrument: { point } }: FaultyPoint) => point.high - point.low;
const once = { unit: '1', low: 1, high: 1 };
const ofRange = (low: number, high: number) => ({ unit: '% of the range', low, high });

/** The bytes of the same registers read in another word order. */
export function reordered({ type, order }: PlcPoint, raw: number): number {
  if (isTextType(type)) return raw;
  const swapped = { abcd: 'cdab', cdab: 'abcd', badc: 'dcba', dcba: 'badc' } as Readonly<Record<string, typeof order>>;
  return decodeValue(type, order, encodeValue(type, swapped[order] ?? order, raw), 0);
}

/** Faults of single instruments, by name. */
const faults: Readonly<Record<string, SensorFault>> = {
  stuck: {
    title: { zh: '读数冻结', en: 'Reading is stuck' },
    magnitude: once,
    befalls: () => true,
    distortion() {
      let held: number | undefined;
      return {
        program(value) {
          held ??= value;
          return held;
        },
      };
    },
  },
  bias: {
    title: { zh: '读数偏移', en: 'Reading is off' },
    magnitude: ofRange(-20, 20),
    befalls: isMeasured,
    distortion: (point, { magnitude }) => ({ element: (value) => value + (magnitude() / 100) * span(point) }),
  },
  drift: {
    title: { zh: '传感器漂移', en: 'Sensor drifts' },
    magnitude: { unit: '% of the range per hour', low: -20, high: 20 },
    lastsMin: [120, 1440],
    befalls: isMeasured,
    distortion: (point, { magnitude, ageH }) => ({
      element: (value) => value + (magnitude() / 100) * ageH() * span(point),
    }),
  },
  noise: {
    title: { zh: '信号噪声增大', en: 'Signal is noisy' },
    magnitude: { unit: 'times the usual noise', low: 5, high: 50 },
    befalls: isMeasured,
    distortion: ({ instrument }, { magnitude, random }) => ({
      element: (value) => value + magnitude() * instrument.point.noise * random.normal(),
    }),
  },
  spikes: {
    title: { zh: '信号尖峰', en: 'Signal has spikes' },
    magnitude: ofRange(10, 100),
    lastsMin: [60, 600],
    befalls: isMeasured,
    distortion: (point, { magnitude, random }) => ({
      element(value) {
        const [chance, sign] = [random.next(), random.next()];
        return chance < spikeShare ? value + Math.sign(sign - 0.5) * (magnitude() / 100) * span(point) : value;
      },
    }),
  },
  'times-ten': {
    title: { zh: '小数点错位，读数为十倍', en: 'Decimal point is wrong: ten times the value' },
    magnitude: once,
    befalls: isMeasured,
    distortion: () => ({ program: (value) => 10 * value }),
  },
  'unit-change': {
    title: { zh: '更换仪表后单位不同', en: 'Replaced instrument speaks another unit' },
    magnitude: once,
    befalls: (point) => isMeasured(point) && point.instrument.point.unit in foreignUnits,
    distortion: ({ instrument }) => ({ program: foreignUnits[instrument.point.unit] ?? ((value) => value) }),
  },
  'swapped-wires': {
    title: { zh: '两路信号接线颠倒', en: 'Wires of two sensors are swapped' },
    magnitude: once,
    befalls: ({ partner }) => partner !== undefined,
    distortion: ({ partner }) => ({ element: (value) => partner?.point.read() ?? value }),
    ofPartner: ({ instrument }) => ({ element: () => instrument.point.read() }),
  },
  broken: {
    title: { zh: '信号断线', en: 'Signal is broken' },
    magnitude: once,
    befalls: isMeasured,
    // The current falls away and the input burns out upwards; clients are told a value that means "broken".
    distortion: ({ instrument: { point }, protocol }) => ({
      program: () => point.high,
      wire: (raw) =>
        protocol === 'opcua' || point.type.startsWith('float') ? Number.NaN : (brokenRaw[point.type] ?? raw),
    }),
  },
  'frozen-time': {
    title: { zh: '时间戳停走', en: 'Time stamp stands still' },
    magnitude: once,
    befalls: (point) => point.protocol === 'opcua',
    distortion() {
      let held: number | undefined;
      return {
        time(scannedMs) {
          held ??= scannedMs;
          return held;
        },
      };
    },
  },
  'word-order': {
    title: { zh: '固件升级后字序颠倒', en: 'Word order is flipped after a firmware change' },
    magnitude: once,
    befalls: (point) =>
      isMeasured(point) && point.protocol === 'modbus-tcp' && registersOf(point.instrument.point.type) === 2,
    distortion: ({ instrument: { point } }) => ({ wire: (raw) => reordered(point, raw) }),
  },
};

/** Kinds `sensor.*` that these points can suffer; their targets are tags. */
export function sensorFaultKinds(points: ReadonlyMap<string, FaultyPoint>): readonly HappeningKind[] {
  return Object.entries(faults).map(([name, { title, magnitude, lastsMin, befalls }]) => ({
    ...{ kind: `sensor.${name}`, title, magnitude, decoy: false },
    ...(lastsMin ? { lastsMin } : {}),
    targets: [...points].filter(([, point]) => befalls(point)).map(([tag]) => tag),
    plane: name === 'word-order' || name === 'frozen-time' ? ('network' as const) : ('sensor' as const),
    level: 'IV' as const,
    alarmWithinS: 3600,
  }));
}

/** Lets a fault of this kind befall a point; the function that it returns mends it. RangeError for a kind that is none. */
export function befall(kind: string, point: FaultyPoint, state: FaultState): () => void {
  const fault = faults[kind.slice('sensor.'.length)];
  if (!fault) throw new RangeError(`no sensor fault ${kind}`);
  const mends = [point.instrument.distort(fault.distortion(point, state))];
  if (fault.ofPartner && point.partner) mends.push(point.partner.distort(fault.ofPartner(point)));
  return () => {
    for (const mend of mends) mend();
  };
}
