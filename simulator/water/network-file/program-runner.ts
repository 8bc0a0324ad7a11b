import { nodeProperty } from '../epanet.ts';
import { type ControlProgram, evaluate, type ProgramInputs } from './control-program.ts';
import type { NetworkModel } from './model.ts';
import type { NetworkRun } from './network-run.ts';
import type { WorkedLink } from './worked-link.ts';

const secondsPerDay = 86_400;
/** Flows below this neither fill nor drain a tank, L/s. */
const stillLps = 1e-3;

/**
 * Runs the file's controls in the PLCs of the links that they act on. `AT CLOCKTIME` and premises of the time of day go
 * by the city's clock. `AT TIME` counts from the hour at which the file's run begins (Start ClockTime); that run begins
 * anew after its duration, rounded up to whole days, since a city goes on where the file ends.
 */
export class ProgramRunner {
  private readonly program: ControlProgram;
  private readonly model: NetworkModel;
  private readonly run: NetworkRun;
  private readonly worked: ReadonlyMap<number, WorkedLink>;
  private readonly seenLevels: ReadonlyMap<number, () => number>;
  private readonly cycleS: number;
  private previousS: number | undefined;

  /** `seenLevels`: how programs read the level of a tank, m above its bottom, by node. */
  constructor(
    program: ControlProgram,
    model: NetworkModel,
    run: NetworkRun,
    worked: ReadonlyMap<number, WorkedLink>,
    seenLevels: ReadonlyMap<number, () => number>,
  ) {
    this.program = program;
    this.model = model;
    this.run = run;
    this.worked = worked;
    this.seenLevels = seenLevels;
    this.cycleS = Math.max(1, Math.ceil(model.times.durationS / secondsPerDay)) * secondsPerDay;
  }

  /** One scan at `localS` seconds of the city's local time; without a solution the PLCs hold what they did last. */
  scan(localS: number): void {
    const previousS = this.previousS ?? localS;
    this.previousS = localS;
    if (this.run.trouble !== undefined) return;
    this.followSpeeds(localS);
    for (const [link, order] of evaluate(this.program, this.inputs(previousS, localS))) {
      this.worked.get(link)?.follow(order);
    }
  }

  /** A pump whose speed the file gives as a pattern: its PLC keeps the timetable. */
  private followSpeeds(localS: number): void {
    const { startClockS, patternStartS, patternStepS } = this.model.times;
    const period = Math.floor((localS - startClockS + patternStartS) / patternStepS);
    for (const pump of this.worked.values()) {
      const { speeds } = pump.link;
      const speed = speeds[period % speeds.length];
      if (speed !== undefined) pump.follow({ kind: 'setting', value: speed });
    }
  }

  private inputs(previousS: number, localS: number): ProgramInputs {
    const { run, model } = this;
    const runOf = (atS: number) => (atS - model.times.startClockS) % this.cycleS;
    const demand = (node: number) => run.nodeValue(node, nodeProperty.demand);
    const volume = (tank: number) => run.nodeValue(tank, nodeProperty.volume);
    const room = (tank: number) => run.nodeValue(tank, nodeProperty.largestVolume) - volume(tank);
    return {
      runS: runOf(localS),
      previousRunS: runOf(previousS),
      clockS: localS % secondsPerDay,
      previousClockS: previousS % secondsPerDay,
      headM: (node) => this.headM(node),
      gradeM: (node) => this.gradeM(node),
      demandLps: demand,
      totalDemandLps: () =>
        model.nodes.reduce((sum, { kind, index }) => sum + (kind === 'junction' ? demand(index) : 0), 0),
      fillS: (tank) => (demand(tank) > stillLps ? (1000 * room(tank)) / demand(tank) : Number.POSITIVE_INFINITY),
      drainS: (tank) => (demand(tank) < -stillLps ? (1000 * volume(tank)) / -demand(tank) : Number.POSITIVE_INFINITY),
      flowLps: (link) => run.flows[link - 1] ?? Number.NaN,
      status: (link) => this.statusOf(link),
      setting: (link) => this.worked.get(link)?.setting ?? model.links[link - 1]?.setting ?? Number.NaN,
    };
  }

  /** Head of a node: of a tank as its transmitter shows it. */
  private headM(index: number): number {
    const level = this.seenLevels.get(index);
    if (!level) return this.run.heads[index - 1] ?? Number.NaN;
    return (this.model.nodes[index - 1]?.elevationM ?? Number.NaN) + level();
  }

  private gradeM(index: number): number {
    const node = this.model.nodes[index - 1];
    if (!node) return Number.NaN;
    const above = this.headM(index) - node.elevationM;
    return node.kind === 'junction' ? above * this.model.gravity : above;
  }

  private statusOf(link: number): 'open' | 'closed' | 'active' {
    const worked = this.worked.get(link);
    if (!worked) return this.model.links[link - 1]?.open ? 'open' : 'closed';
    return worked.passing ? worked.status : 'closed';
  }
}
