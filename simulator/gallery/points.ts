import type { PointType } from '../../drivers/api.ts';
import type { Plc, PlcCondition, PlcPoint } from '../city/plant.ts';
import { contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import { naturalGas } from '../gas/gas.ts';
import type { Controller, Controllers } from '../plc/controller.ts';
import { type FanMode, fanModes } from './controller.ts';
import type { GalleryDesign } from './layout.ts';
import type { Loads } from './loads.ts';
import type { Zone } from './zone.ts';

/** What the gallery's PLC sees of one compartment beside its physics. */
export interface ZoneView {
  readonly zone: Zone;
  readonly loads: Loads;
  mode(): FanMode;
  gasLatched(): boolean;
  hatchOpen(): boolean;
  intruded(): boolean;
  lit(): boolean;
  /** How much hotter than its cable a joint is at the day's peak, K. */
  hotJointK(): number;
  /** Share of its reading that the methane sensor has lost, 0..1. */
  poisoned(): number;
}

/** Gas in air as a share of the lower explosive limit, %. */
export const lelOf = (zone: Zone): number => (100 * zone.air.ch4) / naturalGas.lowerExplosiveLimit;

const offOn = ['停', '运行'] as const;
const shutOpen = ['关', '开'] as const;

/** Air and water of a compartment: transmitters. */
function transmitters(view: ZoneView): readonly Signal[] {
  const { zone, loads } = view;
  const own = (role: string, signal: Signal) => filling(zone.design.id, role, signal);
  const [pump1, pump2] = zone.sump.pumps;
  const [fan1, fan2] = zone.fans;
  const jointK = () => view.hotJointK() * loads.cableShare ** 2;
  const cableC = () => zone.temperatureC + loads.cableHeat(zone.design) / (9 * zone.design.lengthM) + jointK();
  const levelM = () => zone.sump.levelM;
  return [
    own(
      'ch4',
      measured('ch4', { zh: '甲烷浓度', en: 'Methane' }, '%', [0, 100], 0.3, () => lelOf(zone) * (1 - view.poisoned())),
    ),
    own(
      'oxygen',
      measured('o2', { zh: '氧气浓度', en: 'Oxygen' }, '%', [0, 30], 0.15, () => 100 * zone.oxygenFraction),
    ),
    own(
      'h2s',
      measured('h2s', { zh: '硫化氢浓度', en: 'Hydrogen sulphide' }, 'mg/m3', [0, 100], 0.2, () => zone.air.h2s),
    ),
    own(
      'co',
      measured('co', { zh: '一氧化碳浓度', en: 'Carbon monoxide' }, 'mg/m3', [0, 500], 0.1, () => zone.air.co),
    ),
    own(
      'temperature',
      measured('temp', { zh: '环境温度', en: 'Air temperature' }, 'Cel', [-40, 125], 0.1, () => zone.temperatureC),
    ),
    own(
      'humidity',
      measured('rh', { zh: '相对湿度', en: 'Relative humidity' }, '%', [0, 100], 0.4, () => zone.humidity),
    ),
    own('sump-level', measured('sump-level', { zh: '集水坑液位', en: 'Sump level' }, 'm', [0, 3], 0.15, levelM)),
    own(
      'fan-current',
      measured(
        'fan1-current',
        { zh: '排风机电流', en: 'Exhaust fan current' },
        'A',
        [0, 30],
        0.15,
        () => fan1.currentA,
      ),
    ),
    measured('fan2-current', { zh: '送风机电流', en: 'Supply fan current' }, 'A', [0, 30], 0.15, () => fan2.currentA),
    measured('co2', { zh: '二氧化碳浓度', en: 'Carbon dioxide' }, '[ppm]', [0, 5000], 0.3, () => 1e6 * zone.air.co2),
    measured('wall-temp', { zh: '壁面温度', en: 'Wall temperature' }, 'Cel', [-40, 80], 0.1, () => zone.wallC),
    own(
      'cable-temperature',
      measured('cable-temp', { zh: '电缆表面温度', en: 'Cable surface temperature' }, 'Cel', [-40, 150], 0.1, cableC),
    ),
    counted('fan1-hours', { zh: '排风机运行小时', en: 'Exhaust fan hours' }, 'h', 1e6, () => fan1.hours),
    counted('fan2-hours', { zh: '送风机运行小时', en: 'Supply fan hours' }, 'h', 1e6, () => fan2.hours),
    counted('pump1-hours', { zh: '1 号泵运行小时', en: 'Pump 1 hours' }, 'h', 1e6, () => pump1.hours),
    counted('pump2-hours', { zh: '2 号泵运行小时', en: 'Pump 2 hours' }, 'h', 1e6, () => pump2.hours),
  ];
}

/** Drives, doors and detectors of a compartment: contacts. */
function contacts(view: ZoneView): readonly Signal[] {
  const { zone } = view;
  const own = (role: string, signal: Signal) => filling(zone.design.id, role, signal);
  const [fan1, fan2] = zone.fans;
  const [pump1, pump2] = zone.sump.pumps;
  return [
    own(
      'fan-command',
      contact('fan1-cmd', { zh: '排风机命令', en: 'Exhaust fan command' }, ...offOn, () => fan1.command),
    ),
    own(
      'fan-run',
      contact('fan1-run', { zh: '排风机运行反馈', en: 'Exhaust fan run' }, ...offOn, () => fan1.run),
    ),
    contact('fan2-cmd', { zh: '送风机命令', en: 'Supply fan command' }, ...offOn, () => fan2.command),
    contact('fan2-run', { zh: '送风机运行反馈', en: 'Supply fan run' }, ...offOn, () => fan2.run),
    own(
      'pump-run',
      contact('pump1-run', { zh: '1 号排水泵运行', en: 'Pump 1 run' }, ...offOn, () => pump1.run),
    ),
    contact('pump2-run', { zh: '2 号排水泵运行', en: 'Pump 2 run' }, ...offOn, () => pump2.run),
    contact('sump-high', { zh: '集水坑高液位浮球', en: 'Sump high float' }, '正常', '高', () => zone.sump.high),
    own(
      'smoke',
      contact('smoke', { zh: '感烟探测', en: 'Smoke' }, '正常', '报警', () => zone.smoke),
    ),
    own('intrusion', contact('intrusion', { zh: '入侵报警', en: 'Intrusion' }, '正常', '报警', view.intruded)),
    contact('hatch', { zh: '投料口盖板', en: 'Hatch' }, ...shutOpen, view.hatchOpen),
    contact('fire-door', { zh: '防火门', en: 'Fire door' }, ...shutOpen, () => false),
    contact('light', { zh: '照明', en: 'Lighting' }, '灭', '亮', view.lit),
  ];
}

/** The PLC's collected fault bits of a compartment. */
function faultBits(view: ZoneView): number {
  const [fan1, fan2] = view.zone.fans;
  const { sump, smoke } = view.zone;
  const bits = [fan1.fault, fan2.fault, sump.high, view.gasLatched(), smoke, view.intruded(), sump.tripped];
  return bits.reduce((word, bit, index) => word + (bit ? 2 ** index : 0), 0);
}

/** Alarms of the PLC itself, as a maker sets them up: gas by GB 50838 and GB/T 50493, contacts by their normal state. */
function conditionsOf(prefix: string): readonly PlcCondition[] {
  const of = (name: string, zh: string, en: string, severity: number, when: PlcCondition['when']): PlcCondition => ({
    ...{ point: `${prefix}${name}`, message: { zh, en }, severity, when },
  });
  return [
    of('ch4', '甲烷浓度越限', 'Methane beyond its limit', 900, { high: 20, highHigh: 50 }),
    of('o2', '氧气浓度低', 'Too little oxygen', 900, { lowLow: 18, low: 19.5 }),
    of('smoke', '感烟报警', 'Smoke', 1000, { normal: 0 }),
    of('sump-high', '集水坑高液位', 'Sump level high', 600, { normal: 0 }),
    of('faults', '分区综合故障', 'Collected fault of the compartment', 400, { normal: 0 }),
  ];
}

/** A compartment's number in the names of its points: `z4-`. */
/** Beginning of the names of a compartment's points. */
export const pointPrefix = (zone: string): string => `${zone.replace('zone-', 'z')}-`;
const prefixOf = (view: ZoneView): string => pointPrefix(view.zone.design.id);

/** Ventilation mode and collected faults of a compartment: words. */
function words(view: ZoneView): readonly [mode: Signal, faults: Signal] {
  const states = Object.fromEntries(['停', '低速', '正常', '事故'].map((name, index) => [String(index), name]));
  const mode = () => fanModes.indexOf(view.mode());
  const faults = filling(
    view.zone.design.id,
    'faults',
    measured('faults', { zh: '故障位', en: 'Fault bits' }, '', [0, 127], 0, () => faultBits(view)),
  );
  return [{ ...measured('fan-mode', { zh: '通风模式', en: 'Ventilation mode' }, '', [0, 3], 0, mode), states }, faults];
}

const named = (prefix: string, signals: readonly Signal[]): readonly Signal[] =>
  signals.map((signal) => ({ ...signal, name: `${prefix}${signal.name}` }));

/** Nodes of an OPC UA server; their places count only their order. */
function opcuaPoints(views: readonly ZoneView[], controller: Controller): readonly PlcPoint[] {
  const coded = (type: PointType, signals: readonly Signal[]) => signals.map((signal) => ({ signal, type }));
  const [heartbeat, scanClock] = controller.signals();
  const all = views.flatMap((view) => {
    const [mode, faults] = words(view);
    const of = (type: PointType, signals: readonly Signal[]) => coded(type, named(prefixOf(view), signals));
    return [
      ...of('float64', transmitters(view)),
      ...of('bool', contacts(view)),
      ...of('int32', [mode]),
      ...of('uint32', [faults]),
    ];
  });
  return [...all, ...coded('uint32', [heartbeat]), ...coded('float64', [scanClock])].map(
    ({ signal, type }, address) => ({
      ...{ ...signal, type, address, scale: 1, offset: 0, table: 'holding', order: 'abcd', periodMs: 1000 },
    }),
  );
}

/** Registers that a compartment has in a Modbus controller. */
const zoneRegisters = 40;
const zoneContacts = 16;

/** Input registers as an S7-200 SMART behind a gateway lays them out (domain reference 3, "H style"): a block a compartment. */
function modbusPoints(views: readonly ZoneView[], controller: Controller): readonly PlcPoint[] {
  const coding = { table: 'input', type: 'float32', order: 'cdab', scale: 1 } as const;
  const word = { type: 'uint16', order: 'abcd' } as const;
  const [heartbeat, scanClock] = controller.signals();
  return [
    ...views.flatMap((view, index) => [
      ...placed(100 + index * zoneRegisters, coding, [
        ...named(prefixOf(view), transmitters(view)),
        ...named(prefixOf(view), words(view)).map((signal) => [signal, word] as const),
      ]),
      ...placed(
        index * zoneContacts,
        { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 },
        named(prefixOf(view), contacts(view)),
      ),
    ]),
    ...placed(0, coding, [
      [heartbeat, word],
      [scanClock, { type: 'uint32' }],
    ]),
  ];
}

/**
 * The PLC of one gallery with all its compartments, points named `z<n>-<point>`: an OPC UA server under the first street,
 * a Modbus controller under the second.
 */
export function galleryPlc({ plc, street }: GalleryDesign, views: readonly ZoneView[], controllers: Controllers): Plc {
  const controller = controllers.of(plc);
  const common = {
    ...{ id: plc, controller, utility: 'gallery', unit: 1 },
    name: { zh: `${street.zh}管廊 ACU`, en: `Gallery ACU, ${street.en}` },
  };
  if (plc !== 'gallery-plc-1') return { ...common, protocol: 'modbus-tcp', points: modbusPoints(views, controller) };
  const conditions = views.flatMap((view) => conditionsOf(prefixOf(view)));
  return { ...common, protocol: 'opcua', points: opcuaPoints(views, controller), conditions };
}
