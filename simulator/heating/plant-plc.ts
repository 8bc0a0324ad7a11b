import type { Plc, PlcCondition, PlcPoint } from '../city/plant.ts';
import { contact, counted, filling, measured, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import { boilerW, type HeatPlant } from './heat-plant.ts';
import type { Mains } from './mains.ts';
import { returnWater, heatPlant as site, supplyWater } from './network.ts';

/** What the plant's PLC sees beside the plant itself. */
export interface PlantView {
  readonly plant: HeatPlant;
  readonly mains: Mains;
  outdoorC(): number;
  leakKgS(): number;
}

const periodMs = 1000;
const boilers = 3;
const own = (role: string, signal: Signal): Signal => filling(site.id, role, signal);

/** Writes an engineering value inside a range. */
const within = (low: number, high: number, take: (value: number) => void) => (value: number) =>
  take(Math.max(low, Math.min(high, value)));

/** Temperatures, pressures and flows of the mains. */
function mainSignals({ plant, mains, outdoorC, leakKgS }: PlantView): readonly Signal[] {
  const supplyM3H = () => (plant.flowKgS / supplyWater.densityKgM3) * 3600;
  const returnM3H = () => (Math.max(0, plant.flowKgS - leakKgS()) / returnWater.densityKgM3) * 3600;
  const outMPa = () => mains.pressureMPa('plant', 'supply', plant.suctionPa);
  const temperature = (name: string, zh: string, en: string, high: number, read: () => number) =>
    measured(name, { zh, en }, 'Cel', [0, high], 0.05, read);
  return [
    own(
      'supply-temperature',
      temperature('supply-temp', '一次网供水温度', 'Supply temperature', 150, () => plant.supplyC),
    ),
    own(
      'return-temperature',
      temperature('return-temp', '一次网回水温度', 'Return temperature', 150, () => plant.returnC),
    ),
    own(
      'outdoor-temperature',
      measured('outdoor-temp', { zh: '室外温度', en: 'Outdoor temperature' }, 'Cel', [-50, 50], 0.05, outdoorC),
    ),
    own(
      'supply-pressure',
      measured('supply-press', { zh: '供水压力', en: 'Supply pressure' }, 'MPa', [0, 2.5], 0.05, outMPa),
    ),
    own(
      'return-pressure',
      measured(
        'return-press',
        { zh: '回水压力（定压点）', en: 'Return pressure at the holding point' },
        'MPa',
        [0, 1.6],
        0.05,
        () => plant.suctionPa / 1e6,
      ),
    ),
    own('flow', measured('supply-flow', { zh: '供水流量', en: 'Supply flow' }, 'm3/h', [0, 1600], 0.15, supplyM3H)),
    own(
      'return-flow',
      measured('return-flow', { zh: '回水流量', en: 'Return flow' }, 'm3/h', [0, 1600], 0.15, returnM3H),
    ),
    own(
      'heat-power',
      measured('heat-power', { zh: '供热功率', en: 'Heat output' }, 'MW', [0, 120], 0.1, () => plant.heatW / 1e6),
    ),
    counted('energy-total', { zh: '累计供热量', en: 'Heat delivered' }, 'GJ', 1e9, () => plant.energyGJ),
    temperature('supply-setpoint', '供水温度设定', 'Supply set-point', 150, () => plant.setpointC),
    own(
      'supply-deviation',
      measured('supply-deviation', { zh: '供水温度偏差', en: 'Set-point minus supply' }, 'K', [-100, 100], 0.05, () =>
        plant.runs ? plant.setpointC - plant.supplyC : 0,
      ),
    ),
    {
      ...measured(
        'supply-shift',
        { zh: '供水温度调整', en: 'Shift of the supply table' },
        'K',
        [-15, 15],
        0,
        () => plant.shiftK,
      ),
      write: within(-15, 15, (kelvin) => {
        plant.shiftK = kelvin;
      }),
    },
  ];
}

/** Circulation, pressure holding and make-up. */
function drives({ plant }: PlantView): readonly Signal[] {
  const amps = () => plant.pumpW / (Math.sqrt(3) * 380 * 0.86);
  const makeupM3H = () => plant.makeupKgS * 3.6;
  return [
    own(
      'makeup-flow',
      measured('makeup-flow', { zh: '补水流量', en: 'Make-up flow' }, 'm3/h', [0, 50], 0.1, makeupM3H),
    ),
    counted('makeup-total', { zh: '累计补水量', en: 'Make-up total' }, 'm3', 1e7, () => plant.makeupM3),
    measured('spill-flow', { zh: '泄水流量', en: 'Spill flow' }, 'm3/h', [0, 50], 0.1, () => plant.spillKgS * 3.6),
    {
      ...measured(
        'holding-setpoint',
        { zh: '定压设定', en: 'Pressure to hold' },
        'MPa',
        [0.25, 0.5],
        0,
        () => plant.setPa / 1e6,
      ),
      write: within(0.25, 0.5, (mpa) => {
        plant.setPa = mpa * 1e6;
      }),
    },
    measured(
      'tank-level',
      { zh: '补水箱液位', en: 'Make-up tank level' },
      '%',
      [0, 100],
      0.1,
      () => 100 * plant.tankLevel,
    ),
    measured(
      'far-difference',
      { zh: '最不利点资用压头', en: 'Difference at the worst placed substation' },
      'kPa',
      [0, 600],
      0.1,
      () => plant.farDifferencePa / 1000,
    ),
    measured(
      'pump-speed',
      { zh: '循环泵频率', en: 'Circulation pump speed' },
      'Hz',
      [0, 60],
      0.05,
      () => 50 * plant.speed,
    ),
    measured('pump-current', { zh: '循环泵电流', en: 'Circulation pump current' }, 'A', [0, 800], 0.1, amps),
    measured(
      'pump-power',
      { zh: '循环泵功率', en: 'Circulation pump power' },
      'kW',
      [0, 400],
      0.1,
      () => plant.pumpW / 1000,
    ),
  ];
}

/** Boilers share the load one after the other. */
function boilerSignals({ plant }: PlantView): readonly Signal[] {
  const largestMW = boilerW / 1e6 / boilers;
  const loadMW = (index: number) => Math.max(0, Math.min(largestMW, plant.heatW / 1e6 - index * largestMW));
  return Array.from({ length: boilers }, (_, index) =>
    measured(
      `boiler${index + 1}-power`,
      { zh: `${index + 1} 号锅炉出力`, en: `Boiler ${index + 1} output` },
      'MW',
      [0, 40],
      0.1,
      () => loadMW(index),
    ),
  );
}

function contacts({ plant }: PlantView): readonly Signal[] {
  const states = ['停', '运行'] as const;
  return [
    own(
      'running',
      contact('running', { zh: '热源运行', en: 'Plant running' }, ...states, () => plant.runs),
    ),
    contact('pump-run', { zh: '循环泵运行', en: 'Circulation pump runs' }, ...states, () => plant.speed > 0.02),
    contact(
      'pump-locked',
      { zh: '循环泵低压联锁', en: 'Pump locked by low suction' },
      '正常',
      '联锁',
      () => plant.locked,
    ),
    contact('makeup-run', { zh: '补水泵运行', en: 'Make-up pump runs' }, ...states, () => plant.makeupKgS > 0),
    contact('spill-open', { zh: '泄水阀', en: 'Spill valve' }, '关', '开', () => plant.spillKgS > 0),
    contact('refill-open', { zh: '水箱进水阀', en: 'Tank inlet valve' }, '关', '开', () => plant.refills),
  ];
}

/** Alarms of the plant's own control: pressures of the mains by CJJ 34, the interlock of the pumps. */
const conditions: readonly PlcCondition[] = [
  {
    ...{ point: 'return-press', severity: 800, when: { lowLow: 0.1, low: 0.2 } },
    message: { zh: '定压点压力低', en: 'Pressure at the holding point low' },
  },
  {
    ...{ point: 'supply-press', severity: 700, when: { high: 1.6 } },
    message: { zh: '供水压力高', en: 'Supply pressure high' },
  },
  {
    ...{ point: 'pump-locked', severity: 900, when: { normal: 0 } },
    message: { zh: '循环泵低压联锁', en: 'Circulation pump locked by low suction' },
  },
];

/** The plant's DCS as an OPC UA server. */
export function heatPlantPlc(view: PlantView, controllers: Controllers): Plc {
  const controller = controllers.of(site.id);
  const numbers = [...mainSignals(view), ...drives(view), ...boilerSignals(view), ...controller.signals()];
  const point =
    (type: 'float64' | 'bool') =>
    (signal: Signal): PlcPoint => ({
      ...signal,
      type,
      scale: 1,
      offset: 0,
      table: 'holding',
      address: 0,
      order: 'abcd',
      periodMs,
    });
  return {
    ...{ id: controller.id, controller },
    utility: 'heating',
    protocol: 'opcua',
    name: site.name,
    unit: 1,
    points: [...numbers.map(point('float64')), ...contacts(view).map(point('bool'))],
    conditions,
  };
}
