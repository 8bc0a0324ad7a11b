import type { WordOrder } from '../../drivers/api.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { Mains } from './mains.ts';
import { returnWater } from './network.ts';
import { seasonState } from './season.ts';
import type { Substation } from './substation.ts';

/** What a substation's PLC sees. */
export interface SubstationView {
  readonly substation: Substation;
  readonly mains: Mains;
  primaryKgS(): number;
  /** Gauge pressure at the plant's return, Pa. */
  suctionPa(): number;
}

/** How a vendor's controller lays its registers out. */
interface Vendor {
  readonly table: 'input' | 'holding';
  readonly order: WordOrder;
  /** Values as scaled 16-bit integers (six-point weather controllers) or as floats (general PLCs). */
  readonly scaled: boolean;
  readonly unit: number;
  readonly start: number;
}

const general: Vendor = { table: 'input', order: 'abcd', scaled: false, unit: 1, start: 0 };
const lowWordFirst: Vendor = { table: 'holding', order: 'cdab', scaled: false, unit: 1, start: 100 };
const weatherController: Vendor = { table: 'holding', order: 'cdab', scaled: true, unit: 5, start: 10 };
const vendors: readonly Vendor[] = [
  general,
  lowWordFirst,
  weatherController,
  lowWordFirst,
  { ...general, order: 'badc' },
  { ...weatherController, order: 'abcd', unit: 6 },
];

const pollMs = 2000;
const settingsStart = 200;
/** A signal with the counts per unit that a scaled register has. */
type Scaled = readonly [signal: Signal, scale: number];

function temperatures({ substation: sub, mains }: SubstationView): readonly Scaled[] {
  const { id } = sub.design;
  const celsius = (role: string, name: string, zh: string, en: string, high: number, read: () => number): Scaled => [
    filling(id, role, measured(name, { zh, en }, 'Cel', [high > 50 ? 0 : -50, high], 0.05, read)),
    0.1,
  ];
  return [
    celsius('outdoor-temperature', 'outdoor-temp', '室外温度', 'Outdoor temperature', 50, () => sub.seen.outdoorC),
    celsius('primary-supply-temperature', 'p-supply-temp', '一次供水温度', 'Primary supply temperature', 150, () =>
      mains.temperatureC(id, 'supply'),
    ),
    celsius(
      'primary-return-temperature',
      'p-return-temp',
      '一次回水温度',
      'Primary return temperature',
      150,
      () => sub.primaryReturnC,
    ),
    celsius(
      'secondary-supply-temperature',
      's-supply-temp',
      '二次供水温度',
      'Secondary supply temperature',
      120,
      () => sub.seen.supplyC,
    ),
    celsius(
      'secondary-return-temperature',
      's-return-temp',
      '二次回水温度',
      'Secondary return temperature',
      120,
      () => sub.seen.returnC,
    ),
    celsius(
      'secondary-setpoint',
      's-setpoint',
      '二次供水温度设定',
      'Secondary supply set-point',
      100,
      () => sub.control.setpointC,
    ),
    [
      filling(
        id,
        'secondary-deviation',
        measured(
          's-deviation',
          { zh: '二次供温偏差', en: 'Set-point minus secondary supply' },
          'K',
          [-50, 50],
          0.1,
          () => sub.control.deviation(sub.seen.supplyC),
        ),
      ),
      0.1,
    ],
    celsius('room-temperature', 'room-temp', '典型室温均值', 'Mean of sampled rooms', 50, () => sub.building.roomC),
  ];
}

function hydraulics({ substation: sub, mains, primaryKgS, suctionPa }: SubstationView): readonly Scaled[] {
  const { id } = sub.design;
  const pressure = (role: string, name: string, zh: string, en: string, high: number, read: () => number): Scaled => [
    filling(id, role, measured(name, { zh, en }, 'MPa', [0, high], 0.06, read)),
    0.001,
  ];
  const primary = (side: 'supply' | 'return') => () => mains.pressureMPa(id, side, suctionPa());
  const flowM3H = () => (primaryKgS() / returnWater.densityKgM3) * 3600;
  return [
    pressure(
      'primary-supply-pressure',
      'p-supply-press',
      '一次供水压力',
      'Primary supply pressure',
      1.6,
      primary('supply'),
    ),
    pressure(
      'primary-return-pressure',
      'p-return-press',
      '一次回水压力',
      'Primary return pressure',
      1.6,
      primary('return'),
    ),
    pressure(
      'secondary-supply-pressure',
      's-supply-press',
      '二次供水压力',
      'Secondary supply pressure',
      1,
      () => sub.secondarySupplyMPa,
    ),
    pressure(
      'secondary-return-pressure',
      's-return-press',
      '二次回水压力',
      'Secondary return pressure',
      1,
      () => sub.secondaryReturnMPa,
    ),
    [
      filling(
        id,
        'primary-flow',
        measured('p-flow', { zh: '一次流量', en: 'Primary flow' }, 'm3/h', [0, 200], 0.15, flowM3H),
      ),
      0.1,
    ],
    [
      filling(
        id,
        'heat-power',
        measured('heat-power', { zh: '供热功率', en: 'Heat output' }, 'kW', [0, 12_000], 0.1, () => sub.heatW / 1000),
      ),
      1,
    ],
    [
      filling(
        id,
        'valve-position',
        measured(
          'valve',
          { zh: '调节阀开度', en: 'Control valve position' },
          '%',
          [0, 100],
          0.1,
          () => 100 * sub.valve,
        ),
      ),
      0.1,
    ],
  ];
}

/** What the controller computes: of the two secondary sensors, and of the valve's command and feedback. */
function differences({ substation: sub }: SubstationView): readonly Scaled[] {
  const { id } = sub.design;
  const spreadK = () => sub.seen.supplyC - sub.seen.returnC;
  const behind = () => 100 * (sub.control.valve - sub.valve);
  const spread = { zh: '二次供回水温差', en: 'Secondary supply minus return' };
  const command = { zh: '调节阀指令与反馈偏差', en: 'Valve command minus position' };
  return [
    [filling(id, 'secondary-difference', measured('s-difference', spread, 'K', [-50, 50], 0.1, spreadK)), 0.1],
    [filling(id, 'valve-deviation', measured('valve-deviation', command, '%', [-100, 100], 0.1, behind)), 0.1],
  ];
}

function circulation({ substation: sub }: SubstationView): readonly Scaled[] {
  const { id } = sub.design;
  const amps = () => sub.pumpW / (Math.sqrt(3) * 380 * 0.85);
  return [
    [
      filling(
        id,
        'pump-speed',
        measured(
          'pump-speed',
          { zh: '循环泵频率', en: 'Circulation pump speed' },
          'Hz',
          [0, 60],
          0.05,
          () => sub.design.speedHz * sub.pumpSpeed,
        ),
      ),
      0.01,
    ],
    [
      filling(
        id,
        'pump-current',
        measured('pump-current', { zh: '循环泵电流', en: 'Circulation pump current' }, 'A', [0, 80], 0.15, amps),
      ),
      0.1,
    ],
  ];
}

function totals({ substation: sub }: SubstationView): readonly Signal[] {
  return [
    counted('energy-total', { zh: '累计热量', en: 'Heat delivered' }, 'GJ', 1e9, () => sub.energyGJ),
    counted('volume-total', { zh: '累计流量', en: 'Primary volume' }, 'm3', 1e9, () => sub.volumeM3),
    filling(
      sub.design.id,
      'makeup-total',
      counted('makeup-total', { zh: '二次网累计补水', en: 'Secondary make-up' }, 'm3', 1e9, () => sub.makeupM3),
    ),
  ];
}

function states({ substation: sub }: SubstationView): { pump: Signal; season: Signal; locked: Signal } {
  const { id } = sub.design;
  const season = measured(
    'season',
    { zh: '供热状态', en: 'Heating state' },
    '',
    [0, 2],
    0,
    () => seasonState[sub.control.course.phase],
  );
  const named = { ...season, states: { '0': '停热', '1': '供热', '2': '启停过程' } };
  return {
    pump: filling(
      id,
      'pump-run',
      contact('pump-run', { zh: '循环泵运行反馈', en: 'Circulation pump runs' }, '停', '运行', () => sub.pumpRuns),
    ),
    season: filling(id, 'season', named),
    locked: contact(
      'valve-locked',
      { zh: '阀门联锁关闭', en: 'Valve locked shut without circulation' },
      '正常',
      '联锁',
      () => !sub.pumpRuns,
    ),
  };
}

/** A substation's controller as a Modbus server, in one of three vendors' layouts. */
export function substationPlc(view: SubstationView, index: number, controllers: Controllers): Plc {
  const vendor = vendors[index % vendors.length] ?? general;
  const { design, control } = view.substation;
  const { table, order, start } = vendor;
  const word: Coding = { table, type: 'int16', order: order === 'badc' ? 'badc' : 'abcd', scale: 1 };
  const controller = controllers.of(`heat-${design.id}`);
  const [heartbeat, scanClock] = controller.signals();
  const { pump, season, locked } = states(view);
  const values = [...temperatures(view), ...hydraulics(view), ...circulation(view), ...differences(view)];
  const shift: Signal = {
    ...measured(
      'curve-shift',
      { zh: '曲线平移', en: 'Parallel shift of the curve' },
      'K',
      [-10, 10],
      0,
      () => control.shiftK,
    ),
    write: (kelvin) => {
      control.shiftK = Math.max(-10, Math.min(10, kelvin));
    },
  };
  const analog: readonly PlcPoint[] = vendor.scaled
    ? placed(
        start,
        word,
        values.map(([signal, scale]) => [signal, { scale }] as const),
      )
    : placed(
        start,
        { table, type: 'float32', order, scale: 1 },
        values.map(([signal]) => signal),
      );
  const counters = placed(start + 50, { table, type: 'uint32', order, scale: 1 }, [
    [totals(view)[0] as Signal, { scale: 0.1 }],
    [totals(view)[1] as Signal, { scale: 0.1 }],
    [totals(view)[2] as Signal, { scale: 0.01 }],
    scanClock,
    [heartbeat, { ...word, type: 'uint16' }],
    [season, { ...word, type: 'uint16' }],
  ]);
  const bits = placed(0, { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 }, [pump, locked]);
  const settings = placed(settingsStart, { ...word, table: 'holding', scale: 0.1 }, [shift]);
  const fast = new Set(['heartbeat', 'scan-clock', 'pump-run']);
  return {
    ...{ id: controller.id, controller },
    utility: 'heating',
    protocol: 'modbus-tcp',
    name: { zh: `${design.name.zh}控制器`, en: `${design.name.en} controller` },
    unit: vendor.unit,
    points: [...analog, ...counters, ...bits, ...settings].map((point) =>
      fast.has(point.name) ? point : { ...point, periodMs: pollMs },
    ),
  };
}
