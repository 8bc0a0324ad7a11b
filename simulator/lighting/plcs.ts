import type { Plc, PlcPoint } from '../city/plant.ts';
import { type Coding, contact, counted, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import { placedByProfile } from '../city/profile-points.ts';
import type { Controller, Controllers } from '../plc/controller.ts';
import type { Cabinet, Circuit } from './cabinet.ts';
import type { Schedule } from './schedule.ts';

/** The cabinet's own registers begin behind those of its last circuit. */
const cabinetStart = 96;
const lampsStart = 16;
const phases = [
  [0, 'a', 'A'],
  [1, 'b', 'B'],
  [2, 'c', 'C'],
] as const;

const word = (table: Coding['table'], scale: number): Coding => ({ table, type: 'int16', order: 'abcd', scale });
const scaled = (scale: number): Partial<Coding> => ({ scale });

/** Beginning of the names of a circuit's points, by its place in the cabinet. */
export const pointPrefix = (place: number): string => `c${place + 1}`;

/** What one circuit is called and switched by: coil and feedback. */
function switchSignals(circuit: Circuit, tag: string): { command: Signal; feedback: Signal } {
  const { data, state } = circuit;
  const zh = data.name.zh;
  const command = contact(
    `${tag}-command`,
    { zh: `${zh}合闸命令`, en: `${data.name.en}: contactor command` },
    '断开',
    '闭合',
    () => state.command,
  );
  const feedback = contact(
    `${tag}-feedback`,
    { zh: `${zh}接触器反馈`, en: `${data.name.en}: contactor feedback` },
    '断开',
    '闭合',
    () => state.closed,
  );
  const write = (value: number) => {
    circuit.override = value >= 0.5;
  };
  return {
    command: { ...filling(data.id, 'command', command), write },
    feedback: filling(data.id, 'feedback', feedback),
  };
}

/** How a measured signal ends: what its instrument shows. */
type Tail = [unit: string, range: readonly [number, number], noisePercent: number, read: () => number];

/** What the multifunction meter of one circuit shows. */
function meterSignals(cabinet: Cabinet, circuit: Circuit, tag: string): readonly Signal[] {
  const { data, state } = circuit;
  const own = (role: string, name: string, zh: string, en: string, ...rest: Tail) =>
    filling(
      data.id,
      role,
      measured(`${tag}-${name}`, { zh: data.name.zh + zh, en: `${data.name.en}: ${en}` }, ...rest),
    );
  const volts = () => (cabinet.volts[0] + cabinet.volts[1] + cabinet.volts[2]) / 3;
  const kilowatts = () => state.powerW / 1000;
  const percent = () => (state.closed ? 100 * state.level : 0);
  return [
    ...phases.map(([phase, small, letter]) =>
      own(
        `current-${small}`,
        `i-${small}`,
        `${letter}相电流`,
        `current of phase ${small}`,
        'A',
        [0, 60],
        0.1,
        () => state.current[phase],
      ),
    ),
    own('voltage', 'u', '相电压', 'phase voltage', 'V', [0, 300], 0.1, volts),
    own('power', 'p', '有功功率', 'active power', 'kW', [0, 40], 0.1, kilowatts),
    own('power-factor', 'pf', '功率因数', 'power factor', '', [0, 1], 0.2, () => state.powerFactor),
    own('leakage', 'leak', '剩余电流', 'residual current', 'mA', [0, 2000], 0.05, () => state.leakageMa),
    own('dimming', 'dim', '调光等级', 'dimming level', '%', [0, 100], 0, percent),
    own('lux', 'lux', '照度', 'illuminance', 'lx', [0, 6500], 0.02, () => Math.min(circuit.lux, 6000)),
  ];
}

/** The time table in holding registers, which operators may write. */
function scheduleSignals(schedule: Schedule): readonly (readonly [Signal, Partial<Coding>])[] {
  const setting = (
    name: string,
    zh: string,
    en: string,
    unit: string,
    [low, high]: readonly [number, number],
    scale: number,
    key: keyof Schedule,
    perUnit = 1,
  ): readonly [Signal, Partial<Coding>] => {
    const write = (value: number) => {
      schedule[key] = Math.max(low, Math.min(high, value)) / perUnit;
    };
    const signal = measured(name, { zh, en }, unit, [low, high], 0, () => schedule[key] * perUnit);
    return [{ ...signal, write }, { scale }];
  };
  return [
    setting('sun-altitude', '开关灯太阳高度角', "Sun's altitude at switching", 'deg', [-6, 0], 0.1, 'altitudeDeg'),
    setting('dim-from', '半夜调光开始时刻', 'Half-night dimming from', 'h', [0, 24], 0.01, 'dimFromHour'),
    setting('dim-to', '半夜调光结束时刻', 'Half-night dimming until', 'h', [0, 24], 0.01, 'dimToHour'),
    setting('dim-level', '半夜调光等级', 'Half-night level', '%', [10, 100], 1, 'dimLevel', 100),
  ];
}

/** What the circuits are configured as: lamps installed, offset to the astronomical clock. */
function configuredSignals(circuits: readonly Circuit[]): readonly Signal[] {
  return circuits.flatMap(({ data }, index) => [
    filling(
      data.id,
      'lamps',
      measured(
        `c${index + 1}-lamps`,
        { zh: `${data.name.zh}装灯数`, en: `${data.name.en}: lamps installed` },
        '{lamp}',
        [0, 500],
        0,
        () => data.lamps,
      ),
    ),
    measured(
      `c${index + 1}-offset`,
      { zh: `${data.name.zh}开关灯时间偏移`, en: `${data.name.en}: offset to the astronomical clock` },
      'min',
      [-60, 60],
      0,
      () => data.offsetMin,
    ),
  ]);
}

function cabinetPoints(cabinet: Cabinet, controller: Controller): readonly PlcPoint[] {
  const order = cabinet.data.order;
  const [heartbeat, scanClock] = controller.signals();
  const watts = () => cabinet.circuits.reduce((sum, circuit) => sum + circuit.state.powerW, 0);
  const energy = counted('energy-total', { zh: '累计电量', en: 'Active energy' }, 'kW.h', 1e9, cabinet.energyKwh);
  return placed(cabinetStart, { table: 'input', type: 'uint32', order, scale: 1 }, [
    ...phases.map(
      ([phase, small, letter]) =>
        [
          measured(
            `bus-u-${small}`,
            { zh: `母线${letter}相电压`, en: `Busbar voltage, phase ${small}` },
            'V',
            [0, 300],
            0.1,
            () => cabinet.volts[phase],
          ),
          word('input', 0.1),
        ] as const,
    ),
    [heartbeat, { type: 'uint16', order: 'abcd' }],
    scanClock,
    [
      measured(
        'total-power',
        { zh: '总有功功率', en: 'Total active power' },
        'kW',
        [0, 150],
        0.1,
        () => watts() / 1000,
      ),
      { type: 'float32' },
    ],
    [energy, scaled(0.01)],
  ]);
}

/** The cabinet's controller as a Modbus server: coils command, discrete inputs answer, some 75 points. */
export function lightingPlc(cabinet: Cabinet, controllers: Controllers): Plc {
  const switches = cabinet.circuits.map((circuit, index) => switchSignals(circuit, pointPrefix(index)));
  const { id, name, unit } = cabinet.data;
  const controller = controllers.of(id);
  return {
    ...{ id, controller },
    utility: 'lighting',
    protocol: 'modbus-tcp',
    name,
    unit,
    points: [
      ...placedByProfile('lighting-cabinet', [
        ...switches.map(({ command }) => command),
        ...switches.map(({ feedback }) => feedback),
        ...cabinet.circuits.flatMap((circuit, index) => meterSignals(cabinet, circuit, pointPrefix(index))),
      ]),
      ...cabinetPoints(cabinet, controller),
      ...placed(0, word('holding', 1), scheduleSignals(cabinet.schedule)),
      ...placed(lampsStart, word('holding', 1), configuredSignals(cabinet.circuits)),
    ],
  };
}
