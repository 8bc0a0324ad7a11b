import type { WordOrder } from '../../drivers/api.ts';
import type { Plc } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controller, Controllers } from '../plc/controller.ts';
import { type DistrictId, districtIds } from './network.ts';
import { type DistrictState, m3hFromLps, mpaFromM, type StationState } from './state.ts';

/** How each vendor codes: word order, table of the measurements, and whether pressures are scaled 16-bit. */
const makes: Readonly<Record<DistrictId, { order: WordOrder; table: 'input' | 'holding'; scaledPressure: boolean }>> = {
  'dma-1': { order: 'cdab', table: 'holding', scaledPressure: false },
  'dma-2': { order: 'abcd', table: 'input', scaledPressure: false },
  'dma-3': { order: 'dcba', table: 'input', scaledPressure: false },
  'dma-4': { order: 'badc', table: 'holding', scaledPressure: true },
};

/** Full scale of each inlet meter, m³/h. */
const meterM3h: Readonly<Record<DistrictId, number>> = { 'dma-1': 800, 'dma-2': 1200, 'dma-3': 800, 'dma-4': 600 };

const sixteenBitOrder = (order: WordOrder): WordOrder => (order === 'badc' || order === 'dcba' ? 'badc' : 'abcd');

function meter(state: DistrictState, counter: Coding): (Signal | readonly [Signal, Partial<Coding>])[] {
  const { id } = state.district;
  const full = meterM3h[id];
  const area = (Math.PI / 4) * (state.district.inlet.diameterMm / 1000) ** 2;
  const volume = (name: string, zh: string, en: string, read: () => number) =>
    [counted(name, { zh, en }, 'm3', 1e10, read), counter] as const;
  const outflow = measured(
    'outflow',
    { zh: '转输流量', en: 'Outflow to the next district' },
    'm3/h',
    [0, 600],
    0.08,
    () => m3hFromLps(state.outflowLps),
  );
  return [
    filling(
      id,
      'inflow',
      measured('inflow', { zh: '进口流量', en: 'Inflow' }, 'm3/h', [0, full], 0.08, () => m3hFromLps(state.inflowLps)),
    ),
    volume('total', '进口累计流量', 'Total inflow', () => state.inflowTotalM3),
    measured('velocity', { zh: '进口流速', en: 'Velocity' }, 'm/s', [0, 5], 0.05, () => state.inflowLps / 1000 / area),
    ...(id === 'dma-2'
      ? [
          filling(id, 'outflow', outflow),
          volume('outflow-total', '转输累计流量', 'Total outflow', () => state.outflowTotalM3),
        ]
      : []),
  ];
}

function pressures(state: DistrictState): Signal[] {
  const { id } = state.district;
  const gauge = (name: string, zh: string, en: string, read: () => number) =>
    measured(name, { zh, en }, 'MPa', [0, 1], 0.06, () => mpaFromM(read()));
  const { pressuresM } = state;
  return [
    filling(
      id,
      'pressure',
      gauge('p-inlet', '进口压力', 'Inlet pressure', () => pressuresM.inlet),
    ),
    filling(
      id,
      'pressure-critical',
      gauge('p-critical', '最不利点压力', 'Pressure at the critical point', () => pressuresM.critical),
    ),
    filling(
      id,
      'pressure-2',
      gauge('p-2', '二号测压点', 'Pressure point 2', () => pressuresM.second),
    ),
    filling(
      id,
      'pressure-3',
      gauge('p-3', '三号测压点', 'Pressure point 3', () => pressuresM.third),
    ),
    filling(
      id,
      'pressure-upstream',
      gauge('p-upstream', '阀前压力', 'Pressure before the valve', () => pressuresM.upstream),
    ),
  ];
}

function quality(state: DistrictState, station: StationState): Signal[] {
  const { id } = state.district;
  return [
    filling(
      id,
      'chlorine',
      measured('chlorine', { zh: '余氯', en: 'Free chlorine' }, 'mg/L', [0, 5], 0.2, () => state.quality.chlorineMgL),
    ),
    filling(
      id,
      'turbidity',
      measured('turbidity', { zh: '浊度', en: 'Turbidity' }, 'NTU', [0, 10], 0.1, () => state.quality.turbidityNtu),
    ),
    measured('water-temp', { zh: '水温', en: 'Water temperature' }, 'Cel', [-5, 45], 0.1, () => station.waterC),
    measured(
      'battery',
      { zh: '电池电压', en: 'Battery voltage' },
      'V',
      [0, 16],
      0.1,
      () => 12.9 - 0.008 * Math.max(0, 10 - station.outdoorC),
    ),
    measured(
      'pit-temp',
      { zh: '表井温度', en: 'Meter pit temperature' },
      'Cel',
      [-40, 60],
      0.2,
      () => 7 + 0.35 * (station.outdoorC - 7),
    ),
  ];
}

function contacts(state: DistrictState, controller: Controller): Signal[] {
  const { valve } = state;
  return [
    contact('valve-open', { zh: '阀门全开', en: 'Valve fully open' }, '否', '是', () => valve.positionPercent >= 99),
    contact('valve-shut', { zh: '阀门全关', en: 'Valve fully shut' }, '否', '是', () => valve.positionPercent <= 1),
    controller.remote(),
    controller.door({ zh: '井盖/箱门', en: 'Pit cover or door' }),
    contact('mains', { zh: '市电', en: 'Mains supply' }, '失电', '有电', () => state.supplied),
    contact(
      'meter-empty',
      { zh: '空管报警', en: 'Meter pipe empty' },
      '正常',
      '空管',
      () => state.pressuresM.inlet < 0.5,
    ),
  ];
}

/** PLC of a district's meter chamber, coded as its vendor does. */
export function districtPlc(state: DistrictState, station: StationState, controllers: Controllers): Plc {
  const { id } = state.district;
  const { order, table, scaledPressure } = makes[id];
  const float: Coding = { table, type: 'float32', order, scale: 1 };
  const short = { type: 'int16', order: sixteenBitOrder(order) } as const;
  const counter: Coding = { table, type: 'uint32', order, scale: 1 };
  const position = measured(
    'valve-position',
    { zh: '阀位', en: 'Valve position' },
    '%',
    [0, 100],
    0.05,
    () => state.valve.positionPercent,
  );
  const command = {
    ...measured(
      'valve-command',
      { zh: '阀位指令', en: 'Valve command' },
      '%',
      [0, 100],
      0,
      () => state.valve.commandPercent,
    ),
    write: (percent: number) => {
      state.valve.commandPercent = percent;
    },
  };
  const controller = controllers.of(`water-${id}`);
  const [heartbeat, scanClock] = controller.signals();
  return {
    ...{ id: controller.id, controller },
    utility: 'water',
    protocol: 'modbus-tcp',
    name: { zh: `${id.slice(4)}号计量分区控制器`, en: `Controller of metered district ${id.slice(4)}` },
    unit: 1 + districtIds.indexOf(id),
    points: [
      ...placed(0, float, meter(state, counter)),
      ...placed(20, scaledPressure ? { ...float, ...short, scale: 0.0001 } : float, pressures(state)),
      ...placed(32, float, quality(state, station)),
      ...placed(44, { ...float, ...short, scale: 0.01 }, [position]),
      ...placed(60, { ...float, ...short, type: 'uint16' }, [heartbeat]),
      ...placed(62, counter, [scanClock]),
      ...placed(200, { ...float, ...short, table: 'holding', scale: 0.1 }, [command]),
      ...placed(0, { ...float, table: 'discrete', type: 'bool', order: 'abcd' }, contacts(state, controller)),
    ],
  };
}
