import type { Plc } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { StationDesign } from './layout.ts';
import { type PumpView, plcOf, pumpAnalogues, pumpContacts } from './pump-points.ts';
import type { RainGauge } from './rain-gauge.ts';

/** What the PLC of a pump station sees beside its pumps. Levels in m above the bottom of the wet well. */
export interface StationView extends PumpView {
  readonly design: StationDesign;
  readonly gauge: RainGauge;
  seenLevelM(): number;
  lowFloat(): boolean;
  highFloat(): boolean;
  /** Flow by gravity to the river, m³/h; negative where the river comes in. */
  toRiverM3H(): number;
  riverM(): number;
  saltMSCm(): number;
  waterC(): number;
}

/** Two makes: one keeps floats high word first in holding registers, the other low word first in input registers. */
const maps: Readonly<Record<string, { readonly unit: number; readonly words: Coding; readonly bits: Coding }>> = {
  'lift-1': {
    unit: 1,
    words: { table: 'holding', type: 'float32', order: 'abcd', scale: 1 },
    bits: { table: 'coil', type: 'bool', order: 'abcd', scale: 1 },
  },
  'storm-1': {
    unit: 3,
    words: { table: 'input', type: 'float32', order: 'cdab', scale: 1 },
    bits: { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 },
  },
};

function analogueSignals(view: StationView): readonly Signal[] {
  const { asset, design, gauge } = view;
  const own = (role: string, signal: Signal) => filling(asset, role, signal);
  const depthM = Math.ceil(design.groundM - design.bottomM + 1);
  const salt = measured('conductivity', { zh: '电导率', en: 'Conductivity' }, 'mS/cm', [0, 10], 0.1, view.saltMSCm);
  const river = measured('river-level', { zh: '江水位', en: 'River level' }, 'm', [110, 125], 0.05, view.riverM);
  return [
    own(
      'level',
      measured('level', { zh: '集水池液位', en: 'Wet well level' }, 'm', [0, depthM], 0.08, view.seenLevelM),
    ),
    own(
      'river-flow',
      measured(
        'river-flow',
        { zh: '排江管流量', en: 'Flow to the river by gravity' },
        'm3/h',
        [-8000, 30_000],
        0.02,
        view.toRiverM3H,
      ),
    ),
    design.delivers === 'river' ? own('river-level', river) : river,
    design.delivers === 'works' ? own('conductivity', salt) : salt,
    measured('water-temp', { zh: '水温', en: 'Water temperature' }, 'Cel', [-5, 60], 0.1, view.waterC),
    own(
      'rain',
      measured('rain', { zh: '雨强', en: 'Rain intensity' }, 'mm/h', [0, 300], 0, () => gauge.intensityMmH),
    ),
    counted('rain-total', { zh: '累计雨量', en: 'Rain total' }, 'mm', 1e5, () => gauge.totalMm),
    ...pumpAnalogues(view),
  ];
}

/** The PLC of a pump station; RangeError for one without a register map. */
export function stationPlc(view: StationView, controllers: Controllers): Plc {
  const { asset, design, gauge } = view;
  const map = maps[asset];
  if (!map) throw new RangeError(`no register map for ${asset}`);
  const own = (role: string, signal: Signal) => filling(asset, role, signal);
  const controller = controllers.of(plcOf(asset));
  const [heartbeat, scanClock] = controller.signals();
  return {
    ...{ id: controller.id, controller },
    utility: 'drainage',
    protocol: 'modbus-tcp',
    name: { zh: `${design.name.zh} PLC`, en: `${design.name.en} PLC` },
    unit: map.unit,
    points: [
      ...placed(0, map.words, [
        ...analogueSignals(view),
        [scanClock, { type: 'uint32' }],
        [heartbeat, { type: 'uint16', order: 'abcd' }],
      ]),
      ...placed(0, map.bits, [
        contact('low-float', { zh: '低液位浮球', en: 'Low float' }, '正常', '低', view.lowFloat),
        own('high-float', contact('high-float', { zh: '高液位浮球', en: 'High float' }, '正常', '高', view.highFloat)),
        own(
          'dry',
          contact('dry', { zh: '六小时无雨', en: 'No rain for six hours' }, '有雨', '无雨', () => gauge.dry),
        ),
        ...pumpContacts(view),
      ]),
    ],
  };
}
