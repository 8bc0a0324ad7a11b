import type { Text } from '../../../edge/core/text.ts';
import type { PlcPoint } from '../../city/plant.ts';
import { type Coding, contact, measured, placed, type Signal } from '../../city/plc-points.ts';
import type { Controller } from '../../plc/controller.ts';
import { m3hFromLps, mpaFromM } from '../state.ts';
import type { NetworkLink, NetworkNode } from './model.ts';
import type { NetworkView } from './network-view.ts';
import type { WorkedLink } from './worked-link.ts';

const float: Coding = { table: 'holding', type: 'float32', order: 'abcd', scale: 1 };
const bit: Coding = { table: 'discrete', type: 'bool', order: 'abcd', scale: 1 };
const coil: Coding = { ...bit, table: 'coil' };
/** Blocks of registers begin at whole hundreds, as engineers lay them out. */
const block = 100;

/** Full scales that pressure transmitters are sold with, MPa. */
const pressureRangesMpa = [0.6, 1, 1.6, 2.5, 4, 6, 10, 25];
/** Accuracy class of transmitters and meters shows as this noise, percent of the span (design choice). */
const noisePercent = { pressure: 0.06, flow: 0.08, level: 0.04, power: 0.05, chlorine: 0.2 } as const;
/** A meter is chosen for this velocity, m/s, where the pipe is not far larger than its flow. */
const meterMs = 3;

/** Everything that measures: instruments are chosen by what they meet at the beginning, as a designer would. */
export class Instruments {
  private readonly view: NetworkView;
  private readonly systemLps: number;

  constructor(view: NetworkView) {
    this.view = view;
    this.systemLps = view.model.nodes.reduce((sum, { demandLps }) => sum + Math.max(0, demandLps), 0);
  }

  /** A pressure transmitter at a node: the smallest that bears twice what it meets. */
  pressure(name: string, description: Text, node: NetworkNode): Signal {
    const met = mpaFromM(Math.abs(this.view.pressureM(node)));
    const high = pressureRangesMpa.find((range) => range >= 2 * met) ?? 25;
    return measured(name, description, 'MPa', [-0.1, high], noisePercent.pressure, () =>
      mpaFromM(this.view.pressureM(node)),
    );
  }

  /** A meter on links that are counted together, each with its sign. */
  flow(
    name: string,
    description: Text,
    links: readonly { readonly link: NetworkLink; readonly sign: 1 | -1 }[],
  ): Signal {
    const full = m3hFromLps(links.reduce((sum, { link }) => sum + this.meterLps(link), 0));
    return measured(name, description, 'm3/h', [-full, full], noisePercent.flow, () =>
      m3hFromLps(links.reduce((sum, { link, sign }) => sum + sign * this.view.flowLps(link), 0)),
    );
  }

  level(name: string, description: Text, tank: NetworkNode): Signal {
    const high = Math.max(1, Math.ceil(1.1 * tank.depthM));
    return measured(name, description, 'm', [0, high], noisePercent.level, () => this.view.levelM(tank));
  }

  power(name: string, description: Text, pumps: readonly NetworkLink[]): Signal {
    const nominal = pumps.reduce((sum, pump) => sum + Math.max(1, this.view.powerKw(pump)), 0);
    const high = 10 ** Math.ceil(Math.log10(Math.max(100, 3 * nominal)));
    return measured(name, description, 'kW', [0, high], noisePercent.power, () =>
      pumps.reduce((sum, pump) => sum + this.view.powerKw(pump), 0),
    );
  }

  /** An analyser of free chlorine. */
  chlorine(name: string, node: NetworkNode): Signal {
    const text = { zh: '余氯', en: 'Free chlorine' };
    return measured(name, text, 'mg/L', [0, 5], noisePercent.chlorine, () => this.view.chlorineMgL(node));
  }

  /** Most that a meter on a link shows, L/s: by velocity, but not beyond four times what the whole network asks for. */
  private meterLps(link: NetworkLink): number {
    const largest = Math.max(4 * this.systemLps, 1.5 * Math.abs(this.view.flowLps(link)) || 0, 1);
    if (link.diameterM === 0) return largest;
    return Math.min(largest, Math.max(0.5, 1000 * meterMs * (Math.PI / 4) * link.diameterM ** 2));
  }
}

/** A value that whoever operates the network may write. */
export function command(signal: Signal, write: (value: number) => void): Signal {
  return { ...signal, write };
}

/** The switch between the PLC's program and the operator, for all that a PLC works. */
export function automatic(worked: readonly WorkedLink[]): Signal {
  const text = { zh: '自动方式', en: 'Automatic mode' };
  return command(
    contact('auto', text, '手动', '自动', () => worked.every(({ auto }) => auto)),
    (value) => {
      for (const link of worked) link.auto = value !== 0;
    },
  );
}

/** The signals of a PLC, by how they are coded. */
export interface Registers {
  readonly bits: readonly Signal[];
  readonly values: readonly Signal[];
  /** Whole numbers that only grow. */
  readonly counters: readonly Signal[];
  readonly switches: readonly Signal[];
  readonly commands: readonly Signal[];
}

/** Lays out a PLC: floats from 0, then in blocks of their own counters with heartbeat and clock, and writable values. */
export function registers(signals: Registers, controller: Controller): readonly PlcPoint[] {
  const site = [
    controller.door({ zh: '箱门', en: 'Door' }),
    contact('mains', { zh: '市电', en: 'Mains supply' }, '失电', '有电', () => true),
  ];
  const counters = [...signals.counters, ...controller.signals()];
  const countersFrom = blockBehind(2 * signals.values.length);
  const commandsFrom = blockBehind(countersFrom + 2 * counters.length);
  return [
    ...placed(0, bit, [...signals.bits, ...site]),
    ...placed(0, coil, signals.switches),
    ...placed(0, float, signals.values),
    ...placed(countersFrom, { ...float, type: 'uint32' }, counters),
    ...placed(commandsFrom, float, signals.commands),
  ];
}

const blockBehind = (address: number) => Math.ceil(address / block) * block;
