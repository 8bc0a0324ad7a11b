import type { Plc } from '../city/plant.ts';
import { type Coding, contact, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { UnderpassDesign } from './layout.ts';
import { type PumpView, plcOf, pumpAnalogues, pumpContacts } from './pump-points.ts';

/** What the PLC of an underpass sees beside its pumps. */
export interface UnderpassView extends PumpView {
  readonly design: UnderpassDesign;
  /** Level in the sump above its bottom, and depth on the road, m. */
  sumpM(): number;
  roadDepthM(): number;
  highFloat(): boolean;
  barrierDown(): boolean;
}

/** One make sends integers with decimals, the other floats with swapped bytes. */
const maps: Readonly<
  Record<string, { readonly unit: number; readonly integers: boolean; readonly words: Coding; readonly bits: Coding }>
> = {
  'up-1': {
    unit: 7,
    integers: true,
    words: { table: 'holding', type: 'int16', order: 'abcd', scale: 1 },
    bits: { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 },
  },
  'up-2': {
    unit: 2,
    integers: false,
    words: { table: 'holding', type: 'float32', order: 'badc', scale: 1 },
    bits: { table: 'coil', type: 'bool', order: 'abcd', scale: 1 },
  },
};
/** Decimals of integers by unit; totals, hours and starts are long integers. */
const scales: Readonly<Record<string, number>> = { m: 0.001, 'm3/h': 1, kW: 0.1, V: 0.1, A: 0.1 };
const long = new Set(['m3', 'h', '']);

/** The PLC of an underpass; RangeError for one without a register map. */
export function underpassPlc(view: UnderpassView, controllers: Controllers): Plc {
  const { asset, design } = view;
  const map = maps[asset];
  if (!map) throw new RangeError(`no register map for ${asset}`);
  const own = (role: string, signal: Signal) => filling(asset, role, signal);
  const depthM = Math.ceil(design.roadM - design.sumpBottomM + 3);
  const analogue: readonly Signal[] = [
    own(
      'road-depth',
      measured('road-depth', { zh: '路面积水深度', en: 'Water on the road' }, 'm', [0, 2], 0.1, view.roadDepthM),
    ),
    own('level', measured('level', { zh: '集水池液位', en: 'Sump level' }, 'm', [0, depthM], 0.1, view.sumpM)),
    ...pumpAnalogues(view),
  ];
  const coded = (signal: Signal): readonly [Signal, Partial<Coding>] => {
    if (!map.integers) return [signal, {}];
    return [signal, long.has(signal.unit) ? { type: 'uint32' } : { scale: scales[signal.unit] ?? 1 }];
  };
  const controller = controllers.of(plcOf(asset));
  const [heartbeat, scanClock] = controller.signals();
  return {
    ...{ id: controller.id, controller },
    utility: 'drainage',
    protocol: 'modbus-tcp',
    name: { zh: `${design.name.zh} PLC`, en: `${design.name.en} PLC` },
    unit: map.unit,
    points: [
      ...placed(100, map.words, [
        ...analogue.map(coded),
        [scanClock, { type: 'uint32', scale: 1 }],
        [heartbeat, { type: 'uint16', order: 'abcd', scale: 1 }],
      ]),
      ...placed(0, map.bits, [
        own('high-float', contact('high-float', { zh: '高液位浮球', en: 'High float' }, '正常', '高', view.highFloat)),
        own('barrier', contact('barrier', { zh: '限行道闸', en: 'Barrier' }, '抬起', '放下', view.barrierDown)),
        ...pumpContacts(view),
      ]),
    ],
  };
}
