import type { Plc, PlcPoint } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import type { Controller, Controllers } from '../plc/controller.ts';
import { powerFactor } from './demand.ts';
import type { Feeder } from './feeder.ts';
import type { Section, Substation } from './substation.ts';

/** Registers per bay; the bays stand one behind the other, and the station's own words behind them. */
const bayRegisters = 20;
const contactsPerBay = 8;
/** Percent of the span. */
const noise = 0.05;
const openClosed = ['分', '合'] as const;
const normalActed = ['正常', '动作'] as const;

/** Tag, what it says, and how a bay's instruments show it. */
type Row = readonly [
  role: string,
  zh: string,
  en: string,
  unit: string,
  range: readonly [number, number],
  scale: number,
  read: () => number,
];

const holding: Coding = { table: 'holding', type: 'int16', order: 'abcd', scale: 1 };
const discrete: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };

/** Rows as signals that fill roles of an asset, tags with its id in front. */
function analogues(asset: string, name: { zh: string; en: string }, rows: readonly Row[]) {
  return rows.map(([role, zh, en, unit, range, scale, read]): readonly [Signal, Partial<Coding>] => {
    const description = { zh: `${name.zh}${zh}`, en: `${name.en}: ${en}` };
    return [filling(asset, role, measured(`${asset}-${role}`, description, unit, range, noise, read)), { scale }];
  });
}

type ContactRow = readonly [
  role: string,
  zh: string,
  en: string,
  names: readonly [string, string],
  read: () => boolean,
];

function contacts(asset: string, name: { zh: string; en: string }, rows: readonly ContactRow[]): readonly Signal[] {
  return rows.map(([role, zh, en, names, read]) => {
    const description = { zh: `${name.zh}${zh}`, en: `${name.en}: ${en}` };
    return filling(asset, role, contact(`${asset}-${role}`, description, ...names, read));
  });
}

/** Phase-to-earth voltages of a bus, kV, while its neutral is displaced by d towards phase a: 1 − d and √(1 + d + d²). */
function phaseKv({ busKv, displacement: d }: Section, phase: number): number {
  const share = phase === 0 ? 1 - d : Math.sqrt(1 + d + d ** 2);
  return (busKv / Math.sqrt(3)) * share;
}

const sectionRows = (section: Section): { bus: readonly Row[]; transformer: readonly Row[] } => ({
  bus: [
    ['voltage', '线电压', 'line voltage', 'kV', [0, 13], 0.001, () => section.busKv],
    ['voltage-a', 'A 相对地电压', 'phase a to earth', 'kV', [0, 13], 0.001, () => phaseKv(section, 0)],
    ['voltage-b', 'B 相对地电压', 'phase b to earth', 'kV', [0, 13], 0.001, () => phaseKv(section, 1)],
    ['voltage-c', 'C 相对地电压', 'phase c to earth', 'kV', [0, 13], 0.001, () => phaseKv(section, 2)],
    ['neutral', '零序电压', 'displacement of the neutral', '%', [0, 120], 0.1, () => 100 * section.displacement],
  ],
  transformer: [
    ['load', '负载率', 'load', '%', [0, 200], 0.1, () => section.transformer.loadPercent],
    ['power', '有功功率', 'active power', 'MW', [-40, 40], 0.01, () => section.transformer.loadMw],
    ['oil', '顶层油温', 'top-oil temperature', 'Cel', [-40, 140], 0.1, () => section.transformer.oilC],
    ['tap', '分接档位', 'tap position', '', [-8, 8], 1, () => section.transformer.tap],
  ],
});

const feederRows = (feeder: Feeder): readonly Row[] => [
  ['current-a', 'A 相电流', 'current of phase a', 'A', [0, 1200], 0.1, () => feeder.amperes[0]],
  ['current-b', 'B 相电流', 'current of phase b', 'A', [0, 1200], 0.1, () => feeder.amperes[1]],
  ['current-c', 'C 相电流', 'current of phase c', 'A', [0, 1200], 0.1, () => feeder.amperes[2]],
  ['power', '有功功率', 'active power', 'MW', [-20, 20], 0.001, () => feeder.powerMw],
  ['power-factor', '功率因数', 'power factor', '', [0, 1], 0.001, () => (feeder.powerMw > 0 ? powerFactor : 0)],
  ['residual', '零序电流', 'residual current', 'A', [0, 60], 0.01, () => feeder.residualA],
  ['unbalance', '电流不平衡度', 'unbalance of the currents', '%', [0, 200], 0.1, () => feeder.unbalance],
  ['fault-current', '最近故障电流', 'current of the last fault', 'kA', [0, 40], 0.01, () => feeder.faultKa],
];

/** The switching of one line: commands may be written, as the dispatcher does. */
function feederContacts(feeder: Feeder): { readonly states: readonly Signal[]; readonly command: Signal } {
  const { id, name } = feeder.data;
  const states = contacts(id, name, [
    ['breaker', '断路器位置', 'breaker', openClosed, () => feeder.closed],
    ['protection', '保护动作', 'protection', normalActed, () => feeder.tripped],
  ]);
  const [command] = contacts(id, name, [
    ['command', '断路器合闸命令', 'breaker command', openClosed, () => feeder.command],
  ]) as [Signal];
  const write = (value: number) => {
    feeder.openedRemotely = value < 0.5;
  };
  return { states, command: { ...command, write } };
}

/** Registers of the substation's bays: two sections, then its lines. */
function points(substation: Substation, lines: readonly Feeder[], controller: Controller): readonly PlcPoint[] {
  const [heartbeat, scanClock] = controller.signals();
  const sectionPoints = substation.sections.flatMap((section, index) => {
    const { bus, transformer } = section.data;
    const rows = sectionRows(section);
    const closed = () => section.transformer.closed;
    return [
      ...placed(index * bayRegisters, holding, [
        ...analogues(bus.id, bus.name, rows.bus),
        ...analogues(transformer.id, transformer.name, rows.transformer),
      ]),
      ...placed(index * contactsPerBay, discrete, [
        ...contacts(transformer.id, transformer.name, [
          ['breaker', '低压侧断路器位置', '10 kV breaker', openClosed, closed],
          ['protection', '差动保护动作', 'differential protection', normalActed, () => !closed()],
        ]),
      ]),
    ];
  });
  const linePoints = lines.flatMap((feeder, index) => {
    const { states, command } = feederContacts(feeder);
    const bay = substation.sections.length + index;
    const energy = counted(
      `${feeder.data.id}-energy`,
      { zh: `${feeder.data.name.zh}电量`, en: `${feeder.data.name.en}: energy` },
      'MW.h',
      1e9,
      () => feeder.energyMwh,
    );
    const trips = counted(
      `${feeder.data.id}-trips`,
      { zh: `${feeder.data.name.zh}累计跳闸次数`, en: `${feeder.data.name.en}: trips so far` },
      '',
      1e5,
      () => feeder.trips,
    );
    return [
      ...placed(bay * bayRegisters, holding, [
        ...analogues(feeder.data.id, feeder.data.name, feederRows(feeder)),
        filling(feeder.data.id, 'trips', trips),
        [energy, { type: 'uint32', order: 'cdab', scale: 0.1 }],
      ]),
      ...placed(bay * contactsPerBay, discrete, states),
      ...placed(index, { ...discrete, table: 'coil' }, [command]),
    ];
  });
  const own = (substation.sections.length + lines.length) * bayRegisters;
  const tie = contact('tie', { zh: '母联断路器', en: 'Bus tie' }, ...openClosed, () => substation.tieClosed);
  return [
    ...sectionPoints,
    ...linePoints,
    ...placed(own, { ...holding, type: 'uint32', order: 'cdab' }, [[heartbeat, { type: 'uint16' }], scanClock]),
    ...placed((substation.sections.length + lines.length) * contactsPerBay, discrete, [tie]),
  ];
}

/** The substation's remote terminal unit: scaled 16-bit words bay by bay, coils that command the line breakers. */
export function substationPlc(substation: Substation, lines: readonly Feeder[], controllers: Controllers): Plc {
  const number = substation.id.replace('grid-', '');
  const controller = controllers.of(`power-rtu-${number}`);
  return {
    ...{ id: controller.id, controller },
    utility: 'power',
    protocol: 'modbus-tcp',
    name: { zh: `${number}号变电站远动终端`, en: `Remote terminal unit of substation ${number}` },
    unit: 1,
    points: points(substation, lines, controller),
  };
}
