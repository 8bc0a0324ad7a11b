import type { PointType, WordOrder } from '../../drivers/api.ts';
import type { Plc } from '../city/plant.ts';
import type { Cabinet } from './cabinet.ts';
import type { CityGate } from './city-gate.ts';
import { normalFlowOf } from './gas.ts';
import { type DistrictDesign, gateDesign } from './network.ts';
import { type Coding, contact, filling, measured, placed, type ScanClock, type Signal } from './plc-points.ts';
import { type RegulatorStation, stationSetPa } from './regulator.ts';

/** What a regulator station's RTU can see. */
export interface StationView {
  readonly design: DistrictDesign;
  readonly station: RegulatorStation;
  readonly cabinet: Cabinet;
  inletGaugePa(): number;
  gasC(): number;
  cabinetC(): number;
  districtNm3H(): number;
  totalNm3(): number;
}

/** What the city gate's PLC can see. */
export interface GateView {
  readonly gate: CityGate;
  outletGaugePa(): number;
  flowNm3H(): number;
  totalNm3(): number;
  outdoorC(): number;
}

type Key =
  | 'p1'
  | 'p2'
  | 'flow'
  | 'filter-dp'
  | 'gas-temp'
  | 'lel'
  | 'battery'
  | 'end-pressure'
  | 'district-flow'
  | 'opening'
  | 'cabinet-temp'
  | 'panel-power'
  | 'total';

/** Analogue signals of a station in engineering units. */
function stationSignals(view: StationView): Readonly<Record<Key, Signal>> {
  const { design, station, cabinet } = view;
  const own = (role: string, signal: Signal) => filling(design.station, role, signal);
  const ofDistrict = (role: string, signal: Signal) => filling(design.district, role, signal);
  const flow = () => normalFlowOf(station.flowKgS);
  const span = [0, Math.ceil((design.capacityNm3H * 1.5) / 1000) * 1000] as const;
  const kPa = (pascal: () => number) => () => pascal() / 1000;
  const p1 = () => view.inletGaugePa() / 1e6;
  return {
    p1: own('inlet-pressure', measured('p1', { zh: '进口压力', en: 'Inlet pressure' }, 'MPa', [0, 0.6], 0.1, p1)),
    p2: own(
      'outlet-pressure',
      measured(
        'p2',
        { zh: '出口压力', en: 'Outlet pressure' },
        'kPa',
        [0, 5],
        0.15,
        kPa(() => station.outletPa),
      ),
    ),
    flow: own('flow', measured('flow', { zh: '标况流量', en: 'Flow' }, 'Nm3/h', span, 0.15, flow)),
    'filter-dp': own(
      'filter-dp',
      measured(
        'filter-dp',
        { zh: '过滤器压差', en: 'Filter difference' },
        'kPa',
        [0, 100],
        0.1,
        kPa(() => station.filterDropPa),
      ),
    ),
    'gas-temp': own(
      'temperature',
      measured('gas-temp', { zh: '燃气温度', en: 'Gas temperature' }, 'Cel', [-40, 60], 0.1, () => view.gasC()),
    ),
    lel: own(
      'lel',
      measured('lel', { zh: '可燃气体浓度', en: 'Combustible gas' }, '%', [0, 100], 0.3, () => cabinet.lel),
    ),
    battery: own(
      'battery',
      measured('battery', { zh: '蓄电池电压', en: 'Battery voltage' }, 'V', [0, 20], 0.1, () => cabinet.batteryV),
    ),
    'end-pressure': ofDistrict(
      'pressure',
      measured(
        'end-pressure',
        { zh: '管网末端压力', en: 'End-of-line pressure' },
        'kPa',
        [0, 5],
        0.2,
        kPa(() => station.endPa),
      ),
    ),
    'district-flow': ofDistrict(
      'flow',
      measured('district-flow', { zh: '片区流量', en: 'District flow' }, 'Nm3/h', span, 0.2, () => view.districtNm3H()),
    ),
    opening: measured(
      'opening',
      { zh: '调压器开度', en: 'Regulator travel' },
      '%',
      [0, 100],
      0.2,
      () => 100 * station.opening,
    ),
    'cabinet-temp': measured('cabinet-temp', { zh: '箱内温度', en: 'Cabinet temperature' }, 'Cel', [-40, 60], 0.2, () =>
      view.cabinetC(),
    ),
    'panel-power': measured(
      'panel-power',
      { zh: '光伏功率', en: 'Solar power' },
      'W',
      [0, 200],
      0.1,
      () => cabinet.panelW,
    ),
    total: measured('total', { zh: '累计气量', en: 'Volume total' }, 'Nm3', [0, 4e9], 0, () => view.totalNm3()),
  };
}

const closedOpen = ['关', '开'] as const;

/** Contacts of a station, in the order of their bits. */
function stationContacts(view: StationView): readonly Signal[] {
  const { design, station, cabinet } = view;
  const slammed = contact(
    'slam-shut',
    { zh: '紧急切断阀', en: 'Slam-shut valve' },
    '正常',
    '切断',
    () => station.slammed,
  );
  const door = contact('door', { zh: '箱门', en: 'Cabinet door' }, ...closedOpen, () => cabinet.doorOpen);
  return [
    filling(design.station, 'slam-shut', slammed),
    filling(design.station, 'door', door),
    contact('relief', { zh: '放散阀', en: 'Relief valve' }, ...closedOpen, () => station.ventedKgS > 0),
    contact(
      'p2-high',
      { zh: '出口超压开关', en: 'Outlet pressure switch' },
      '正常',
      '超压',
      () => station.outletPa > 1.2 * stationSetPa,
    ),
  ];
}

/** How one make of RTU lays its registers out. */
interface Map {
  readonly unit: number;
  readonly analogue: Coding;
  readonly from: number;
  /** Scale of integers by key; floats carry engineering units. */
  readonly scales: Partial<Record<Key, number>>;
  readonly total: { readonly type: PointType; readonly order: WordOrder };
  readonly long: WordOrder;
  readonly contacts: Pick<Coding, 'table'> & { readonly from: number };
}

/** Integer scales of the RTUs that send counts: two or more decimals. */
const counts: Partial<Record<Key, number>> = {
  p1: 0.0001,
  p2: 0.001,
  flow: 1,
  'filter-dp': 0.01,
  'gas-temp': 0.01,
  lel: 0.01,
  battery: 0.01,
  'end-pressure': 0.001,
  'district-flow': 1,
  opening: 0.01,
  'cabinet-temp': 0.01,
  'panel-power': 0.1,
};

const float = (table: 'input' | 'holding', order: WordOrder): Coding => ({ table, type: 'float32', order, scale: 1 });
const count = (table: 'input' | 'holding', order: WordOrder): Coding => ({ table, type: 'int16', order, scale: 1 });

/** Register maps by station: two RTUs send int16, two send floats, each in its vendor's order (domain reference 3). */
const maps: Readonly<Record<string, Map>> = {
  'reg-1': {
    unit: 1,
    analogue: count('input', 'abcd'),
    from: 0,
    scales: counts,
    total: { type: 'uint32', order: 'abcd' },
    long: 'abcd',
    contacts: { table: 'discrete', from: 0 },
  },
  'reg-2': {
    unit: 2,
    analogue: float('holding', 'cdab'),
    from: 100,
    scales: {},
    total: { type: 'uint32', order: 'cdab' },
    long: 'cdab',
    contacts: { table: 'coil', from: 16 },
  },
  'reg-3': {
    unit: 3,
    analogue: count('holding', 'abcd'),
    from: 1000,
    scales: counts,
    total: { type: 'float64', order: 'ghefcdab' },
    long: 'cdab',
    contacts: { table: 'discrete', from: 100 },
  },
  'reg-4': {
    unit: 17,
    analogue: float('input', 'badc'),
    from: 4,
    scales: {},
    total: { type: 'float64', order: 'badcfehg' },
    long: 'badc',
    contacts: { table: 'discrete', from: 8 },
  },
};

/** The RTU of one regulator station; throws RangeError for a station without a register map. */
export function stationPlc(view: StationView, clock: ScanClock): Plc {
  const { design } = view;
  const map = maps[design.station];
  if (!map) throw new RangeError(`no register map for ${design.station}`);
  const [heartbeat, scanClock] = clock.signals();
  const { total, ...analogue } = stationSignals(view);
  const coded = Object.entries(analogue).map(
    ([key, signal]) => [signal, { scale: map.scales[key as Key] ?? 1 }] as const,
  );
  const bits: Coding = { ...map.contacts, type: 'bool', order: 'abcd', scale: 1 };
  return {
    id: `gas-${design.station}`,
    utility: 'gas',
    protocol: 'modbus-tcp',
    name: { zh: `${design.stationName.zh} RTU`, en: `${design.stationName.en} RTU` },
    unit: map.unit,
    points: [
      ...placed(map.from, map.analogue, [
        ...coded,
        [total, { ...map.total, scale: 1 }],
        [scanClock, { type: 'uint32', order: map.long, scale: 1 }],
        [heartbeat, { type: 'uint16', order: 'abcd', scale: 1 }],
      ]),
      ...placed(map.contacts.from, bits, stationContacts(view)),
    ],
  };
}

/** Analogue signals of the city gate. */
function gateSignals(view: GateView): readonly Signal[] {
  const { gate } = view;
  const own = (role: string, signal: Signal) => filling(gateDesign.id, role, signal);
  const mega = (pascal: number) => pascal / 1e6;
  return [
    own(
      'inlet-pressure',
      measured('p-in', { zh: '进站压力', en: 'Inlet pressure' }, 'MPa', [0, 4], 0.1, () => mega(gate.inletPa)),
    ),
    own(
      'outlet-pressure',
      measured('p-out', { zh: '出站压力', en: 'Outlet pressure' }, 'MPa', [0, 0.6], 0.1, () =>
        mega(view.outletGaugePa()),
      ),
    ),
    own(
      'flow',
      measured('flow', { zh: '出站流量', en: 'Flow' }, 'Nm3/h', [0, 40_000], 0.1, () => view.flowNm3H()),
    ),
    own(
      'temperature',
      measured('temp-out', { zh: '出站温度', en: 'Outlet temperature' }, 'Cel', [-40, 80], 0.1, () => gate.outletC),
    ),
    measured('temp-in', { zh: '进站温度', en: 'Inlet temperature' }, 'Cel', [-40, 80], 0.1, () => gate.inletC),
    measured(
      'heater-temp',
      { zh: '换热器水温', en: 'Heater water temperature' },
      'Cel',
      [-20, 120],
      0.1,
      () => gate.heaterC,
    ),
    measured(
      'filter-dp',
      { zh: '过滤器压差', en: 'Filter difference' },
      'kPa',
      [0, 100],
      0.1,
      () => gate.filterDropPa / 1000,
    ),
    measured(
      'travel',
      { zh: '工作路调压器开度', en: 'Travel of the working run' },
      '%',
      [0, 100],
      0.2,
      () => 100 * gate.opening,
    ),
    measured('odorant', { zh: '加臭浓度', en: 'Odorant dose' }, 'mg/Nm3', [0, 50], 0.3, () => gate.odorantMg),
    measured('lel', { zh: '站房可燃气体浓度', en: 'Combustible gas in the hall' }, '%', [0, 100], 0.3, () => 0),
    measured('outdoor', { zh: '室外温度', en: 'Outdoor temperature' }, 'Cel', [-50, 50], 0.2, () => view.outdoorC()),
    measured('ups', { zh: 'UPS 电压', en: 'UPS voltage' }, 'V', [0, 32], 0.1, () => 24.1),
  ];
}

/** The PLC of the city gate: floats in the standard order, totals as 64-bit float. */
export function gatePlc(view: GateView, clock: ScanClock): Plc {
  const [heartbeat, scanClock] = clock.signals();
  const words = float('holding', 'abcd');
  const bits: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };
  const total = measured('total', { zh: '累计气量', en: 'Volume total' }, 'Nm3', [0, 1e12], 0, () => view.totalNm3());
  return {
    id: 'gas-gate-1',
    utility: 'gas',
    protocol: 'modbus-tcp',
    name: { zh: '一号门站 PLC', en: 'City gate 1 PLC' },
    unit: 1,
    points: [
      ...placed(0, words, [...gateSignals(view), [total, { type: 'float64', order: 'abcdefgh' }]]),
      ...placed(98, words, [
        [scanClock, { type: 'uint32' }],
        [heartbeat, { type: 'uint16' }],
      ]),
      ...placed(0, bits, [
        contact('valve-in', { zh: '进站紧急切断阀', en: 'Inlet shut-off valve' }, ...closedOpen, () => true),
        contact('run-a', { zh: '工作路投用', en: 'Working run in service' }, '停', '用', () => true),
        contact('run-b', { zh: '备用路投用', en: 'Stand-by run in service' }, '停', '用', () => false),
        contact('door', { zh: '站房门', en: 'Hall door' }, ...closedOpen, () => false),
        contact('mains', { zh: '市电', en: 'Mains' }, '断', '有', () => true),
      ]),
    ],
  };
}
