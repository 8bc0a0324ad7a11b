import type { Plc } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { CityGate } from './city-gate.ts';
import { gateDesign } from './network.ts';

/** What the city gate's PLC can see. */
export interface GateView {
  readonly gate: CityGate;
  outletGaugePa(): number;
  flowNm3H(): number;
  totalNm3(): number;
  outdoorC(): number;
  /** Its mains supply stands. */
  supplied(): boolean;
}

const closedOpen = ['关', '开'] as const;
/** A float register pair in the standard order. */
const words: Coding = { table: 'holding', type: 'float32', order: 'abcd', scale: 1 };

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
    own(
      'odorant',
      measured('odorant', { zh: '加臭浓度', en: 'Odorant dose' }, 'mg/Nm3', [0, 50], 0.3, () => gate.odorantMg),
    ),
    measured('lel', { zh: '站房可燃气体浓度', en: 'Combustible gas in the hall' }, '%', [0, 100], 0.3, () => 0),
    measured('outdoor', { zh: '室外温度', en: 'Outdoor temperature' }, 'Cel', [-50, 50], 0.2, () => view.outdoorC()),
    measured('ups', { zh: 'UPS 电压', en: 'UPS voltage' }, 'V', [0, 32], 0.1, () => 24.1),
  ];
}

/** The PLC of the city gate: floats in the standard order, totals as 64-bit float. */
export function gatePlc(view: GateView, controllers: Controllers): Plc {
  const controller = controllers.of('gas-gate-1');
  const [heartbeat, scanClock] = controller.signals();
  const bits: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };
  const total = counted('total', { zh: '累计气量', en: 'Volume total' }, 'Nm3', 1e12, () => view.totalNm3());
  return {
    ...{ id: controller.id, controller },
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
        controller.door({ zh: '站房门', en: 'Hall door' }),
        contact('mains', { zh: '市电', en: 'Mains' }, '断', '有', view.supplied),
      ]),
    ],
  };
}
