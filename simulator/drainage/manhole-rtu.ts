import type { PointType, WordOrder } from '../../drivers/api.ts';
import type { Random } from '../../edge/core/random.ts';
import type { Plc, Step } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controllers } from '../plc/controller.ts';
import type { ManholeDesign } from './layout.ts';

/** What the sensors in a manhole would see now. Level above the invert, m. */
export interface ManholeTruth {
  readonly levelM: number;
  /** What the radar shows, which grease may spoil; a pressure cell in the invert shows `levelM`. */
  readonly radarM: number;
  readonly lel: number;
  readonly h2sMgM3: number;
  readonly airC: number;
  readonly waterC: number;
  readonly saltMSCm: number;
  readonly coverOpen: boolean;
}

/** The RTU wakes up this often, s; faster once something is wrong, and at once when the cover moves. */
const reportS = 300;
const alarmReportS = 30;
/** What counts as wrong: share of the pipe, % LEL, mg/m³. */
const wrong = { filling: 0.8, lel: 10, h2s: 8 } as const;
/** Radar and pressure cell may differ by this, m, over this many reports. */
const differenceM = 0.25;
const faultAfterReports = 2;
/** Lithium cell: charge of one report and a day's rest as shares of the whole; volts full, and what it loses to end and frost. */
const chargePerReport = 4e-6;
const chargePerDay = 2e-4;
const fullV = 3.65;
const emptyLossV = 0.35;
const frostVK = 0.003;

/** A battery RTU: it shows what it saw when it last woke up. */
export class ManholeRtu {
  readonly design: ManholeDesign;
  seen: ManholeTruth;
  sensorFault = false;
  reports = 0;
  silentS = 0;
  signalDbm: number;
  private charge: number;
  private differing = 0;

  constructor(design: ManholeDesign, random: Random) {
    this.design = design;
    this.charge = 0.55 + 0.4 * random.next();
    this.signalDbm = -78 + 10 * random.normal();
    const rest = { lel: 0, h2sMgM3: 0, airC: 8, waterC: 8, saltMSCm: 0.6, coverOpen: false };
    this.seen = { levelM: 0, radarM: 0, ...rest };
  }

  get batteryV(): number {
    return fullV - emptyLossV * (1 - this.charge) - frostVK * Math.max(0, 10 - this.seen.airC);
  }

  /** Wakes up when it is time, or when the cover moves. */
  step({ dtS }: Step, truth: ManholeTruth): void {
    this.silentS += dtS;
    this.charge = Math.max(0, this.charge - (chargePerDay * dtS) / 86_400);
    const { radarM, lel, h2sMgM3, coverOpen } = this.seen;
    const alarmed =
      radarM > wrong.filling * this.design.diameterM || lel > wrong.lel || h2sMgM3 > wrong.h2s || coverOpen;
    const due = this.silentS >= (alarmed ? alarmReportS : reportS) || this.reports === 0;
    if (due || truth.coverOpen !== coverOpen) this.report(truth);
  }

  private report(truth: ManholeTruth): void {
    this.seen = truth;
    this.reports++;
    this.silentS = 0;
    this.charge = Math.max(0, this.charge - chargePerReport);
    this.differing = Math.abs(truth.radarM - truth.levelM) > differenceM ? this.differing + 1 : 0;
    this.sensorFault = this.differing >= faultAfterReports;
  }
}

/** How a make of RTU lays its registers out. */
interface RtuMap {
  readonly table: 'input' | 'holding';
  readonly from: number;
  readonly type: PointType;
  readonly order: WordOrder;
  readonly bits: Pick<Coding, 'table'> & { readonly from: number };
  readonly unit: number;
}

/** Three makes: scaled integers, floats with the low word first, floats with swapped bytes. */
const makes: readonly RtuMap[] = [
  { table: 'input', from: 0, type: 'int16', order: 'abcd', bits: { table: 'discrete', from: 0 }, unit: 1 },
  { table: 'holding', from: 200, type: 'float32', order: 'cdab', bits: { table: 'coil', from: 32 }, unit: 5 },
  { table: 'input', from: 1000, type: 'float32', order: 'badc', bits: { table: 'discrete', from: 64 }, unit: 11 },
];
/** Register maps do not follow the numbers of the manholes: they were bought in lots. */
const lots: readonly number[] = [0, 0, 1, 0, 2, 1, 0, 1, 2, 1];

type Entry = readonly [signal: Signal, integerScale: number];

function analogueSignals(rtu: ManholeRtu): readonly Entry[] {
  const { design } = rtu;
  const own = (role: string, signal: Signal) => filling(design.id, role, signal);
  const depthM = design.groundM - design.invertM;
  const levelM = () => rtu.seen.radarM;
  const full = () => (100 * rtu.seen.radarM) / design.diameterM;
  const salt = measured(
    'conductivity',
    { zh: '电导率', en: 'Conductivity' },
    'mS/cm',
    [0, 10],
    0.1,
    () => rtu.seen.saltMSCm,
  );
  return [
    [own('level', measured('level', { zh: '井内水位', en: 'Water level' }, 'm', [0, 8], 0.05, levelM)), 0.001],
    [measured('level-p', { zh: '压力液位', en: 'Level by pressure' }, 'm', [0, 8], 0.1, () => rtu.seen.levelM), 0.001],
    [own('filling', measured('filling', { zh: '充满度', en: 'Filling of the sewer' }, '%', [0, 800], 0.05, full)), 0.1],
    [
      own(
        'freeboard',
        measured(
          'freeboard',
          { zh: '水面距地面', en: 'Water below the street' },
          'm',
          [-2, 8],
          0.05,
          () => depthM - rtu.seen.radarM,
        ),
      ),
      0.001,
    ],
    [
      own(
        'ch4',
        measured('ch4', { zh: '甲烷浓度', en: 'Methane' }, '%', [0, 100], 0.3, () => rtu.seen.lel),
      ),
      0.01,
    ],
    [
      own(
        'h2s',
        measured('h2s', { zh: '硫化氢浓度', en: 'Hydrogen sulphide' }, 'mg/m3', [0, 150], 0.15, () => rtu.seen.h2sMgM3),
      ),
      0.01,
    ],
    [
      measured('air-temp', { zh: '井内气温', en: 'Air temperature' }, 'Cel', [-40, 60], 0.15, () => rtu.seen.airC),
      0.01,
    ],
    [
      measured('water-temp', { zh: '水温', en: 'Water temperature' }, 'Cel', [-5, 60], 0.1, () => rtu.seen.waterC),
      0.01,
    ],
    [design.combined ? salt : own('conductivity', salt), 0.001],
    [
      own(
        'battery',
        measured('battery', { zh: '电池电压', en: 'Battery voltage' }, 'V', [0, 5], 0.05, () => rtu.batteryV),
      ),
      0.001,
    ],
    [measured('signal', { zh: '信号强度', en: 'Signal strength' }, 'dBm', [-130, 0], 0.8, () => rtu.signalDbm), 1],
    [
      measured('silent', { zh: '距上次上报', en: 'Time since the last report' }, 's', [0, 3600], 0, () =>
        Math.min(3600, rtu.silentS),
      ),
      1,
    ],
    [counted('reports', { zh: '上报次数', en: 'Reports' }, '', 32_768, () => rtu.reports), 1],
  ];
}

/** The RTU of a manhole as a Modbus server. */
export function manholePlc(rtu: ManholeRtu, index: number, controllers: Controllers): Plc {
  const { design } = rtu;
  const make = makes[lots[index % lots.length] ?? 0] as RtuMap;
  const own = (role: string, signal: Signal) => filling(design.id, role, signal);
  const controller = controllers.of(`drain-${design.id}`);
  const [heartbeat] = controller.signals();
  const integers = make.type === 'int16';
  const analogue = analogueSignals(rtu).map(([signal, scale]) => [signal, integers ? { scale } : {}] as const);
  const coding: Coding = { table: make.table, type: make.type, order: make.order, scale: 1 };
  const bits: Coding = { table: make.bits.table, type: 'bool', order: 'abcd', scale: 1 };
  const points = [
    ...placed(make.from, coding, [...analogue, [heartbeat, { type: 'uint16', order: 'abcd', scale: 1 }]]),
    ...placed(make.bits.from, bits, [
      own(
        'cover',
        contact('cover', { zh: '井盖', en: 'Cover' }, '关', '开', () => rtu.seen.coverOpen),
      ),
      own(
        'sensor-fault',
        contact(
          'sensor-fault',
          { zh: '液位计不一致', en: 'Level sensors disagree' },
          '正常',
          '故障',
          () => rtu.sensorFault,
        ),
      ),
    ]),
  ];
  return {
    ...{ id: controller.id, controller },
    utility: 'drainage',
    protocol: 'modbus-tcp',
    name: { zh: `${design.name.zh}监测终端`, en: `${design.name.en} RTU` },
    unit: make.unit,
    // What wakes up every five minutes need not be asked every second.
    points: points.map((point) => ({ ...point, periodMs: 30_000 })),
  };
}
