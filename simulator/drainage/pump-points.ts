import { contact, counted, filling, measured, type Signal } from '../city/plc-points.ts';
import type { Pump, PumpGroup } from './pump-group.ts';
import type { PumpProgram } from './pump-program.ts';

/** What the controller of a group of pumps shows. */
export interface PumpView {
  readonly asset: string;
  readonly group: PumpGroup;
  readonly program: PumpProgram;
  readonly totalM3: () => number;
  /** Voltage of the mains, per unit. */
  readonly supply: () => number;
}

/** The PLC of a station or an underpass, by its asset. */
export const plcOf = (asset: string): string => `drain-${asset}`;

const offOn = ['停', '运行'] as const;
const wellIll = ['正常', '故障'] as const;

/** Currents, hours and starts of one pump. */
function pumpFigures(pump: Pump, number: number): readonly Signal[] {
  const named = (name: string, zh: string, en: string) =>
    [`p${number}-${name}`, { zh: `${number} 号泵${zh}`, en: `Pump ${number}: ${en}` }] as const;
  return [
    measured(...named('current', '电流', 'current'), 'A', [0, 200], 0.1, () => pump.currentA),
    counted(...named('hours', '运行小时', 'hours run'), 'h', 1e6, () => pump.hours),
    counted(...named('starts', '启动次数', 'starts'), '', 1e6, () => pump.starts),
  ];
}

/** Analogue values of a group of pumps: flow and power, then pump by pump. */
export function pumpAnalogues({ asset, group, totalM3, supply }: PumpView): readonly Signal[] {
  const { count, rated } = group.design;
  const span = Math.ceil((count * rated.flowM3S * 3600 * 1.5) / 100) * 100;
  const flow = () => group.flowM3S * 3600;
  return [
    filling(asset, 'flow', measured('flow', { zh: '泵排流量', en: 'Pumped flow' }, 'm3/h', [0, span], 0.15, flow)),
    counted('volume', { zh: '累计排水量', en: 'Pumped volume' }, 'm3', 1e10, totalM3),
    filling(
      asset,
      'power',
      measured('power', { zh: '有功功率', en: 'Active power' }, 'kW', [0, 300], 0.1, () => group.powerKW),
    ),
    measured('mains-u', { zh: '进线电压', en: 'Mains voltage' }, 'V', [0, 500], 0.1, () => 380 * supply()),
    ...group.pumps.flatMap((pump, index) => pumpFigures(pump, index + 1)),
  ];
}

/** Contacts of a group of pumps: the collected ones, then pump by pump. */
export function pumpContacts({ asset, group, program, supply }: PumpView): readonly Signal[] {
  const own = (role: string, signal: Signal) => filling(asset, role, signal);
  const anyFault = () => group.pumps.some(({ fault }) => fault);
  return [
    own('pump-fault', contact('pump-fault', { zh: '水泵综合故障', en: 'Pump out of order' }, ...wellIll, anyFault)),
    own(
      'flow-fault',
      contact(
        'flow-fault',
        { zh: '水泵出水异常', en: 'Pumps deliver too little' },
        ...wellIll,
        () => program.flowFault,
      ),
    ),
    own(
      'sensor-fault',
      contact(
        'sensor-fault',
        { zh: '液位计与浮球不一致', en: 'Level sensor against floats' },
        ...wellIll,
        () => program.sensorFault,
      ),
    ),
    own(
      'mains',
      contact('mains', { zh: '市电', en: 'Mains' }, '失电', '正常', () => supply() > 0.7),
    ),
    own(
      'hand',
      contact('hand', { zh: '手动模式', en: 'Hand operation' }, '自动', '手动', () => program.hand),
    ),
    own(
      'running',
      contact('running', { zh: '有泵运行', en: 'A pump runs' }, ...offOn, () => group.pumps.some(({ run }) => run)),
    ),
    ...group.pumps.flatMap((pump, index) => [
      contact(
        `p${index + 1}-cmd`,
        { zh: `${index + 1} 号泵命令`, en: `Pump ${index + 1}: command` },
        ...offOn,
        () => pump.command,
      ),
      contact(
        `p${index + 1}-run`,
        { zh: `${index + 1} 号泵运行`, en: `Pump ${index + 1}: run` },
        ...offOn,
        () => pump.run,
      ),
      contact(
        `p${index + 1}-fault`,
        { zh: `${index + 1} 号泵故障`, en: `Pump ${index + 1}: fault` },
        ...wellIll,
        () => pump.fault,
      ),
    ]),
  ];
}
