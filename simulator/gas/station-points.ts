import type { Plc } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { Cabinet } from './cabinet.ts';
import { normalFlowOf } from './gas.ts';
import type { DistrictDesign } from './network.ts';
import { type RegulatorStation, stationSetPa } from './regulator.ts';
import { type AnalogueKey, stationMaps } from './station-maps.ts';

/** What a regulator station's RTU can see. */
export interface StationView {
  readonly design: DistrictDesign;
  readonly station: RegulatorStation;
  readonly cabinet: Cabinet;
  inletGaugePa(): number;
  gasC(): number;
  cabinetC(): number;
  /** Share of the station's flow that its meter counts. */
  countedShare(): number;
  districtNm3H(): number;
  totalNm3(): number;
}

type FlowKey = 'p1' | 'p2' | 'flow' | 'filter-dp' | 'end-pressure' | 'district-flow' | 'opening' | 'total';
type CabinetKey = 'gas-temp' | 'lel' | 'battery' | 'cabinet-temp' | 'panel-power';

/** Pressures and flows of a station and its district. */
function flowSignals(view: StationView): Readonly<Record<FlowKey, Signal>> {
  const { design, station } = view;
  const own = (role: string, signal: Signal) => filling(design.station, role, signal);
  const ofDistrict = (role: string, signal: Signal) => filling(design.district, role, signal);
  const flow = () => normalFlowOf(station.flowKgS) * view.countedShare();
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
    opening: own(
      'travel',
      measured(
        'opening',
        { zh: '调压器开度', en: 'Regulator travel' },
        '%',
        [0, 100],
        0.2,
        () => 100 * station.opening,
      ),
    ),
    total: counted('total', { zh: '累计气量', en: 'Volume total' }, 'Nm3', 1e10, () => view.totalNm3()),
  };
}

/** The air, the supply and the gas around the regulator. */
function cabinetSignals(view: StationView): Readonly<Record<CabinetKey, Signal>> {
  const { design, cabinet } = view;
  const own = (role: string, signal: Signal) => filling(design.station, role, signal);
  return {
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

/** The RTU of one regulator station; throws RangeError for a station without a register map. */
export function stationPlc(view: StationView, controllers: Controllers): Plc {
  const { design } = view;
  const map = stationMaps[design.station];
  if (!map) throw new RangeError(`no register map for ${design.station}`);
  const controller = controllers.of(`gas-${design.station}`);
  const [heartbeat, scanClock] = controller.signals();
  const { total, ...flows } = flowSignals(view);
  const analogue = { ...flows, ...cabinetSignals(view) };
  const coded = Object.entries(analogue).map(
    ([key, signal]) => [signal, { scale: map.scales[key as AnalogueKey] ?? 1 }] as const,
  );
  const bits: Coding = { ...map.contacts, type: 'bool', order: 'abcd', scale: 1 };
  return {
    ...{ id: controller.id, controller },
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
