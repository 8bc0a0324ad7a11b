import { type Engine, EngineError, linkProperty, nodeProperty, timeParameter } from '../epanet.ts';
import type { Order } from './control-program.ts';
import type { NetworkModel, NetworkNode } from './model.ts';

/** Steps of the engine's clock at most, s. */
const longestStepS = 300;
/** Warnings of the engine after which a solution is none: not balanced, or balanced only with all statuses held. */
const unsettled: ReadonlySet<number> = new Set([1, 2]);
const secondsPerWeek = 7 * 86_400;

/** A tank this near to its highest or lowest level, m, stands at it. */
const brimM = 1e-6;

/** Only from this near a limit on is a tank asked for its level, m: a tank that comes from farther is asked a step later. */
const nearLimitM = 0.5;

/** Codes that the toolkit takes for the status of a link. */
const statusCode = { closed: 0, open: 1 } as const;

/**
 * A user's network running step by step on the engine's own clock: tanks fill, patterns and chlorine move with it.
 * Arrays go by the engine's index less one; heads in m, flows in L/s, chlorine in mg/L. While `trouble`
 * says something the values are those of no solution and must not be shown.
 */
export class NetworkRun {
  heads: readonly number[] = [];
  flows: readonly number[] = [];
  /** Empty when the file models no chemical. */
  chlorine: readonly number[] = [];
  /** Why there is no solution now, in words; undefined while there is one. */
  trouble: string | undefined;
  private readonly engine: Engine;
  private readonly model: NetworkModel;
  private readonly tanks: readonly NetworkNode[];
  private readonly warnings: number[];
  private engineS = 0;
  private targetS = 0;
  private stepS = 0;

  /**
   * Solves the network as the file begins. `warnings` is where the engine's warning codes arrive; each solution takes
   * them out.
   */
  constructor(engine: Engine, model: NetworkModel, warnings: number[]) {
    this.engine = engine;
    this.model = model;
    this.tanks = model.nodes.filter(({ kind }) => kind === 'tank');
    this.warnings = warnings;
    if (model.concentration !== undefined) {
      engine.openQ();
      engine.initQ(0);
    }
    this.solve();
  }

  /**
   * Shifts the patterns so that they meet the city's hours, and its weekdays where they are that long. `weekS`: seconds
   * since Monday, 00:00 local time, at which the engine's clock shows 0.
   */
  alignPatterns(weekS: number): void {
    const { patternStartS, startClockS } = this.model.times;
    const shiftS = (((weekS - startClockS) % secondsPerWeek) + secondsPerWeek) % secondsPerWeek;
    this.engine.setTimeParameter(timeParameter.patternStart, patternStartS + Math.round(shiftS));
  }

  /** Moves on by `dtS`: the engine counts whole seconds and takes what is left into the next step. */
  step(dtS: number): void {
    this.targetS += dtS;
    for (let leftS = this.wholeSeconds(); leftS > 0; leftS = this.wholeSeconds()) {
      this.limitStep(Math.min(leftS, longestStepS));
      const movedS = this.move();
      if (movedS <= 0) {
        // The engine stands still after an error; the city's clock does not.
        this.engineS += leftS;
        return;
      }
      this.engineS += movedS;
      this.solve();
    }
  }

  /** Orders a link; a status leaves a valve's setting to the next order that names one. */
  order(link: number, order: Order): void {
    const { engine } = this;
    if (order.kind === 'open' || order.kind === 'closed')
      engine.setLinkValue(link, linkProperty.status, statusCode[order.kind]);
    else if (order.kind === 'setting') engine.setLinkValue(link, linkProperty.setting, order.value);
  }

  /** Orifice at a node: flow = coefficient × √pressure, L/s and m. */
  setEmitter(node: number, coefficient: number): void {
    this.engine.setNodeValue(node, nodeProperty.emitter, coefficient);
  }

  setBaseDemand(node: number, demand: number, lps: number): void {
    this.engine.setBaseDemand(node, demand, lps);
  }

  linkValue(link: number, property: number): number {
    return this.engine.getLinkValue(link, property);
  }

  nodeValue(node: number, property: number): number {
    return this.engine.getNodeValue(node, property);
  }

  dispose(): void {
    if (this.model.concentration !== undefined) this.engine.closeQ();
    this.engine.closeH();
    this.engine.close();
  }

  private wholeSeconds(): number {
    return Math.floor(this.targetS - this.engineS + 1e-6);
  }

  private limitStep(stepS: number): void {
    if (stepS === this.stepS) return;
    this.stepS = stepS;
    this.engine.setTimeParameter(timeParameter.hydraulicStep, stepS);
    this.engine.setTimeParameter(timeParameter.qualityStep, Math.min(stepS, this.model.times.qualityStepS));
  }

  /** Lets the engine's clock go to its next event; seconds that it went. */
  private move(): number {
    try {
      const movedS = this.engine.nextH();
      for (const tank of this.tanks) if (this.isNearLimit(tank)) this.settleAtBrim(tank);
      if (this.model.concentration !== undefined) this.engine.nextQ();
      return movedS;
    } catch (error) {
      this.trouble = troubleOf(error);
      return 0;
    }
  }

  /** Whether a tank stood near its highest or lowest level when heads were read last. */
  private isNearLimit({ index, elevationM, leastM, depthM }: NetworkNode): boolean {
    const levelM = (this.heads[index - 1] ?? elevationM) - elevationM;
    return levelM - leastM < nearLimitM || depthM - levelM < nearLimitM;
  }

  /**
   * The engine shuts the mains of a full or empty tank when its head is no less than the limit to the last bit; a level
   * that rounding left a hair short would let water in or out for ever without moving.
   */
  private settleAtBrim({ index, elevationM, leastM, depthM }: NetworkNode): void {
    const levelM = this.engine.getNodeValue(index, nodeProperty.head) - elevationM;
    const limitM = [leastM, depthM].find((limit) => levelM !== limit && Math.abs(levelM - limit) < brimM);
    if (limitM !== undefined) this.engine.setNodeValue(index, nodeProperty.tankLevel, limitM);
  }

  private solve(): void {
    const { engine, model } = this;
    try {
      engine.runH();
      if (model.concentration !== undefined) engine.runQ();
    } catch (error) {
      this.trouble = troubleOf(error);
      return;
    }
    this.heads = engine.getNodeValues(nodeProperty.head);
    this.flows = engine.getLinkValues(linkProperty.flow);
    if (model.concentration !== undefined) {
      const factor = model.concentration;
      this.chlorine = engine.getNodeValues(nodeProperty.quality).map((value) => value * factor);
    }
    this.trouble = this.unsettledWarning() ?? this.withoutValue();
  }

  private unsettledWarning(): string | undefined {
    const fresh = this.warnings.splice(0);
    const code = fresh.find((warning) => unsettled.has(warning));
    return code === undefined ? undefined : `the equations did not settle within the trials (EPANET warning ${code})`;
  }

  private withoutValue(): string | undefined {
    const node = this.heads.findIndex((head) => !Number.isFinite(head));
    if (node >= 0) return `node ${this.model.nodes[node]?.id} has no head`;
    const link = this.flows.findIndex((flow) => !Number.isFinite(flow));
    return link >= 0 ? `link ${this.model.links[link]?.id} has no flow` : undefined;
  }
}

function troubleOf(error: unknown): string {
  if (error instanceof EngineError) return `${error.message} (EPANET error ${error.code})`;
  throw error;
}
