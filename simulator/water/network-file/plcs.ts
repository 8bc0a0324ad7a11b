import type { Text } from '../../../edge/core/text.ts';
import type { Plc } from '../../city/plant.ts';
import { contact, counted, filling, measured, type Signal } from '../../city/plc-points.ts';
import type { Controllers } from '../../plc/controller.ts';
import { mpaFromM } from '../state.ts';
import { automatic, command, type Instruments, type Registers, registers } from './instruments.ts';
import type { DistrictLayout, SourceLayout, StationLayout } from './layout.ts';
import type { NetworkNode } from './model.ts';
import type { StationDrive } from './station-drive.ts';
import type { Totals } from './totals.ts';
import type { WorkedLink } from './worked-link.ts';

/** What all PLCs of a user's network are made with. */
export interface PlcParts {
  readonly instruments: Instruments;
  readonly controllers: Controllers;
  readonly totals: Totals;
  readonly worked: ReadonlyMap<number, WorkedLink>;
  /** Stations that hold their pressure by variable speed. */
  readonly drives: ReadonlyMap<StationLayout, StationDrive>;
  /** The file has chlorine. */
  readonly chlorine: boolean;
}

/** The PLC of a station, a source or a district, by its id. */
export const plcOf = (id: string): string => `water-${id}`;

function modbus(id: string, name: Text, signals: Registers, controllers: Controllers): Plc {
  const controller = controllers.of(plcOf(id));
  const points = registers(signals, controller);
  return { id: controller.id, controller, utility: 'water', protocol: 'modbus-tcp', name, unit: 1, points };
}

/** Roles for which the pack has names of pumps. */
const pumpRoles = 3;

const numbered = (zh: string, en: string, number: number): Text => ({ zh: `${number}号${zh}`, en: `${en} ${number}` });

function pumpSignals(worked: WorkedLink, number: number, parts: PlcParts, station: string) {
  const { instruments, totals } = parts;
  const { link } = worked;
  const label = (zh: string, en: string): Text => ({ zh: `${link.id} 泵${zh}`, en: `Pump ${link.id} ${en}` });
  const name = (suffix: string) => `p${number}-${suffix}`;
  const run = contact(name('run'), label('运行', 'runs'), '停', '运行', () => worked.passing);
  const running = counted(name('hours'), label('运行时间', 'running hours'), 'h', 1e6, () => worked.hours);
  const speed = () => (worked.passing ? 100 * worked.setting : 0);
  return {
    bits: [
      number <= pumpRoles ? filling(station, `pump-${number}-run`, run) : run,
      contact(name('fault'), label('故障', 'fault'), '正常', '故障', () => worked.fault),
    ],
    values: [
      instruments.flow(name('flow'), label('流量', 'flow'), [{ link, sign: 1 }]),
      instruments.power(name('kw'), label('功率', 'power'), [link]),
      measured(name('speed'), label('转速', 'speed'), '%', [0, 150], 0.01, speed),
      running,
    ],
    counters: [
      counted(name('starts'), label('启动次数', 'starts'), '', 1e6, () => worked.starts),
      totals.volume(name('total'), label('累计流量', 'volume'), [{ link, sign: 1 }]),
    ],
    switches: [
      command(
        contact(name('command'), label('启停命令', 'command'), '停', '启', () => worked.status !== 'closed'),
        (value) => worked.obey({ kind: value === 0 ? 'closed' : 'open' }),
      ),
    ],
    commands: [
      command(
        measured(name('speed-set'), label('转速设定', 'speed set-point'), '%', [0, 150], 0, () => 100 * worked.setting),
        (value) => worked.obey({ kind: 'setting', value: value / 100 }),
      ),
    ],
  };
}

const joined = (parts: readonly Registers[]): Registers => ({
  bits: parts.flatMap(({ bits }) => bits),
  values: parts.flatMap(({ values }) => values),
  counters: parts.flatMap(({ counters }) => counters),
  switches: parts.flatMap(({ switches }) => switches),
  commands: parts.flatMap(({ commands }) => commands),
});

/** PLC of a pump station, with the program of the pumps. */
export function stationPlc(station: StationLayout, parts: PlcParts): Plc {
  const { instruments, totals } = parts;
  const worked = station.pumps.flatMap(({ index }) => parts.worked.get(index) ?? []);
  const drive = parts.drives.get(station);
  const all = station.pumps.map((link) => ({ link, sign: 1 as const }));
  const of = (role: string, signal: Signal) => filling(station.id, role, signal);
  const head: Registers = {
    bits: [],
    values: [
      of('suction-pressure', instruments.pressure('p-in', { zh: '吸水压力', en: 'Suction pressure' }, station.suction)),
      of(
        'discharge-pressure',
        instruments.pressure('p-out', { zh: '出站压力', en: 'Discharge pressure' }, station.discharge),
      ),
      of('flow', instruments.flow('flow', { zh: '出站流量', en: 'Station flow' }, all)),
      of('power', instruments.power('power', { zh: '总功率', en: 'Power' }, station.pumps)),
      ...(parts.chlorine ? [instruments.chlorine('chlorine', station.discharge)] : []),
    ],
    counters: [
      totals.volume('total', { zh: '累计流量', en: 'Total volume' }, all),
      totals.energy('energy', { zh: '累计电量', en: 'Energy' }, station.pumps),
    ],
    switches: [automatic(worked)],
    commands: drive ? [heldPressure(drive)] : [],
  };
  const pumps = worked.map((pump, index) => pumpSignals(pump, index + 1, parts, station.id));
  const name = {
    zh: `${station.suction.id} 泵站控制器`,
    en: `Controller of the pump station at ${station.suction.id}`,
  };
  return modbus(station.id, name, joined([head, ...pumps]), parts.controllers);
}

const heldPressure = (drive: StationDrive): Signal => {
  const text = { zh: '出站压力设定', en: 'Discharge set-point' };
  const signal = measured('p-set', text, 'MPa', [0.2, 0.7], 0, () => mpaFromM(drive.setpointM));
  return command(signal, (mpa) => {
    drive.setpointM = mpa / mpaFromM(1);
  });
};

/** PLC of a tank or reservoir: level and a meter on every main. */
export function sourcePlc(source: SourceLayout, parts: PlcParts): Plc {
  const { instruments, totals } = parts;
  const { id, node, links } = source;
  const tank = node.kind === 'tank';
  const level = { zh: '液位', en: 'Level' };
  const inwards = { zh: '进出水流量', en: 'Flow, positive inwards' };
  const net = instruments.flow('flow', tank ? inwards : { zh: '出水流量', en: 'Outflow' }, links);
  const signals: Registers = {
    bits: [],
    values: [
      ...(tank ? [filling(id, 'level', instruments.level('level', level, node)), filling(id, 'flow', net)] : [net]),
      ...links.map((entry, position) =>
        instruments.flow(`flow-${position + 1}`, { zh: `${entry.link.id} 流量`, en: `Flow of ${entry.link.id}` }, [
          entry,
        ]),
      ),
      ...(parts.chlorine ? [instruments.chlorine('chlorine', node)] : []),
    ],
    counters: links.map((entry, position) =>
      totals.volume(`total-${position + 1}`, { zh: `${entry.link.id} 累计`, en: `Volume of ${entry.link.id}` }, [
        entry,
      ]),
    ),
    switches: [],
    commands: [],
  };
  const name = tank
    ? { zh: `水池 ${node.id} 控制器`, en: `Controller of tank ${node.id}` }
    : { zh: `水源 ${node.id} 控制器`, en: `Controller of source ${node.id}` };
  return modbus(id, name, signals, parts.controllers);
}

function valveSignals(worked: WorkedLink, number: number, { instruments }: PlcParts): Registers {
  const { link } = worked;
  const label = (zh: string, en: string): Text => ({ zh: `阀 ${link.id} ${zh}`, en: `Valve ${link.id} ${en}` });
  const name = (suffix: string) => `v${number}-${suffix}`;
  const asPressure = link.kind === 'prv' || link.kind === 'psv' || link.kind === 'pbv';
  const perUnit = asPressure ? mpaFromM(1) : link.kind === 'fcv' ? 3.6 : 1;
  const unit = asPressure ? 'MPa' : link.kind === 'fcv' ? 'm3/h' : link.kind === 'pcv' ? '%' : '';
  const high = asPressure ? 2.5 : Math.max(1000, 10 * Math.abs(worked.setting) * perUnit);
  const set = measured(name('set'), label('设定', 'set-point'), unit, [0, high], 0, () => worked.setting * perUnit);
  const settable = link.kind !== 'pipe' && link.kind !== 'gpv';
  return {
    bits: [contact(name('open'), label('开启', 'open'), '关', '开', () => worked.passing)],
    values: [instruments.flow(name('flow'), label('流量', 'flow'), [{ link, sign: 1 }])],
    counters: [],
    switches: [
      command(
        contact(name('command'), label('开关命令', 'command'), '关', '开', () => worked.status !== 'closed'),
        (value) => worked.obey(value === 0 ? { kind: 'closed' } : reopening(worked)),
      ),
    ],
    commands: settable ? [command(set, (value) => worked.obey({ kind: 'setting', value: value / perUnit }))] : [],
  };
}

/** A control valve opens to its setting, a gate all the way. */
const reopening = ({ link, setting }: WorkedLink) =>
  link.kind === 'pipe' || link.kind === 'gpv'
    ? ({ kind: 'open' } as const)
    : ({ kind: 'setting', value: setting } as const);

/** PLC of a district: its border meters, four pressures, and the valves that stand in it. */
export function districtPlc(district: DistrictLayout, parts: PlcParts): Plc {
  const { instruments, totals, chlorine } = parts;
  const { id, zone } = district;
  const gauge = (role: string, name: string, text: Text, node: NetworkNode) =>
    filling(id, role, instruments.pressure(name, text, node));
  const meters: Registers = {
    bits: [],
    values: [
      filling(id, 'inflow', instruments.flow('inflow', { zh: '净进水流量', en: 'Net inflow' }, zone.meters)),
      gauge('pressure', 'p-inlet', { zh: '进口压力', en: 'Inlet pressure' }, district.inlet),
      gauge(
        'pressure-critical',
        'p-highest',
        { zh: '最高点压力', en: 'Pressure at the highest point' },
        district.highest,
      ),
      gauge('pressure-2', 'p-farthest', { zh: '最远点压力', en: 'Pressure at the farthest point' }, district.farthest),
      gauge('pressure-3', 'p-lowest', { zh: '最低点压力', en: 'Pressure at the lowest point' }, district.lowest),
      ...(chlorine ? [filling(id, 'chlorine', instruments.chlorine('chlorine', district.farthest))] : []),
      ...zone.meters.map((meter, index) =>
        instruments.flow(
          `m${index + 1}-flow`,
          numbered(`边界流量计（${meter.link.id}）`, `Border meter (${meter.link.id})`, index + 1),
          [meter],
        ),
      ),
    ],
    counters: [totals.volume('total', { zh: '净进水累计', en: 'Net volume' }, zone.meters)],
    switches: [],
    commands: [],
  };
  const worked = district.valves.flatMap(({ index }) => parts.worked.get(index) ?? []);
  const valves = worked.map((valve, index) => valveSignals(valve, index + 1, parts));
  const mode: readonly Registers[] =
    worked.length > 0 ? [{ bits: [], values: [], counters: [], switches: [automatic(worked)], commands: [] }] : [];
  const name = { zh: `${id.slice(4)}号分区控制器`, en: `Controller of district ${id.slice(4)}` };
  return modbus(id, name, joined([meters, ...mode, ...valves]), parts.controllers);
}
