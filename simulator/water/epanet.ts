import { Project, Workspace } from 'epanet-js';

/** Codes of the EPANET 2.3 toolkit that are used here (epanet2_enums.h). */
export const nodeProperty = {
  elevation: 0,
  emitter: 3,
  tankLevel: 8,
  demand: 9,
  head: 10,
  pressure: 11,
  quality: 12,
  leastLevel: 20,
  largestLevel: 21,
  volume: 24,
  largestVolume: 25,
  /** What customers draw, without emitters and leakage. */
  consumption: 31,
} as const;
export const linkProperty = {
  diameter: 0,
  length: 1,
  minorLoss: 3,
  initialStatus: 4,
  initialSetting: 5,
  flow: 8,
  status: 11,
  setting: 12,
  power: 13,
  pattern: 15,
} as const;
export const countType = { nodes: 0, links: 2, patterns: 3, controls: 5, rules: 6 } as const;
export const option = {
  trials: 0,
  emitterExponent: 3,
  demandMultiplier: 4,
  gravity: 12,
  unbalanced: 14,
  pressureUnits: 25,
} as const;
export const timeParameter = {
  duration: 0,
  hydraulicStep: 1,
  qualityStep: 2,
  patternStep: 3,
  patternStart: 4,
  reportStep: 5,
  reportStart: 6,
  startTime: 10,
} as const;
export const closed = 0;
/** `initH`: flows begin anew, nothing is kept in a file. */
export const freshFlows = 10;

/** A simple control: `type` 0 below, 1 above a level of a node, 2 at a time, 3 at a time of the day, both in s. */
export interface EngineControl {
  readonly type: number;
  readonly linkIndex: number;
  readonly setting: number;
  readonly nodeIndex: number;
  readonly level: number;
}

/** A clause of a rule's condition, in the toolkit's codes. */
export interface EnginePremise {
  readonly logop: number;
  readonly object: number;
  readonly objIndex: number;
  readonly variable: number;
  readonly relop: number;
  readonly status: number;
  readonly value: number;
}

/** What a rule does to a link: a status (1 open, 2 closed, 3 active), or else a setting. */
export interface EngineAction {
  readonly linkIndex: number;
  readonly status: number;
  readonly setting: number;
}

/** What is used of the wrapper's project; its own declarations do not resolve under node's module rules. */
export interface Engine {
  open(input: string, report: string, binary: string): void;
  close(): void;
  setStatusReport(level: number): void;
  getCount(type: number): number;
  getFlowUnits(): number;
  setFlowUnits(units: number): void;
  getOption(code: number): number;
  setOption(code: number, value: number): void;
  getTimeParameter(code: number): number;
  setTimeParameter(code: number, value: number): void;
  getQualityInfo(): { readonly qualType: number; readonly chemUnits: string };
  setQualityType(type: number, chemical: string, units: string, traceNode: string): void;
  getDemandModel(): { readonly type: number; readonly preq: number };
  setDemandModel(type: number, minimum: number, required: number, exponent: number): void;
  getControl(index: number): EngineControl;
  deleteControl(index: number): void;
  getRule(index: number): {
    readonly premiseCount: number;
    readonly thenActionCount: number;
    readonly elseActionCount: number;
    readonly priority: number;
  };
  getPremise(rule: number, premise: number): EnginePremise;
  getThenAction(rule: number, action: number): EngineAction;
  getElseAction(rule: number, action: number): EngineAction;
  deleteRule(index: number): void;
  getNodeId(index: number): string;
  getNodeType(index: number): number;
  getCoordinates(index: number): { readonly x: number; readonly y: number };
  getNodeValue(index: number, property: number): number;
  setNodeValue(index: number, property: number, value: number): void;
  getNodeValues(property: number): number[];
  getNumberOfDemands(node: number): number;
  getBaseDemand(node: number, demand: number): number;
  setBaseDemand(node: number, demand: number, value: number): void;
  getDemandPattern(node: number, demand: number): number;
  getLinkId(index: number): string;
  getLinkType(index: number): number;
  getLinkNodes(index: number): { readonly node1: number; readonly node2: number };
  getVertexCount(index: number): number;
  getVertex(index: number, vertex: number): { readonly x: number; readonly y: number };
  getLinkValue(index: number, property: number): number;
  setLinkValue(index: number, property: number, value: number): void;
  getLinkValues(property: number): number[];
  getPatternId(index: number): string;
  getPatternLength(index: number): number;
  getPatternValue(index: number, period: number): number;
  setPatternValue(pattern: number, period: number, value: number): void;
  getAveragePatternValue(index: number): number;
  openH(): void;
  initH(flag: number): void;
  runH(): number;
  nextH(): number;
  closeH(): void;
  openQ(): void;
  initQ(flag: number): void;
  runQ(): number;
  nextQ(): number;
  closeQ(): void;
}

/** What the engine refused: its code, and its own words where it has some. */
export class EngineError extends Error {
  readonly code: number;

  constructor(code: number, words: string) {
    super(words);
    this.name = 'EngineError';
    this.code = code;
  }
}

/** An engine of its own with its files in memory: two in one process share nothing. */
export interface EngineRoom {
  readonly engine: Engine;
  writeFile(name: string, text: string): void;
  readFile(name: string): string;
}

/**
 * Loads an engine. Warnings (negative pressure, a pump that cannot deliver) go to `warn`, since the wrapper would print
 * each of them; errors are thrown as EngineError.
 */
export async function loadEngine(warn: (code: number) => void): Promise<EngineRoom> {
  const workspace = new Workspace();
  await workspace.loadModule();
  const engine: Engine = new Project(workspace);
  Object.assign(engine, {
    _checkError: (code: number) => {
      if (code >= 100) throw new EngineError(code, workspace.getError(code));
      if (code > 0) warn(code);
    },
  });
  return {
    engine,
    writeFile: (name, text) => workspace.writeFile(name, text),
    readFile: (name) => workspace.readFile(name),
  };
}

/** Takes all controls and rules out of the open network: the PLCs are the only ones who act. */
export function removeControls(engine: Engine): void {
  while (engine.getCount(countType.controls) > 0) engine.deleteControl(1);
  while (engine.getCount(countType.rules) > 0) engine.deleteRule(1);
}

/** Loads an engine and opens the network in it, without controls and rules, ready for `runH`. */
export async function openEngine(inp: string, warn: (code: number) => void): Promise<Engine> {
  const { engine, writeFile } = await loadEngine(warn);
  writeFile('city.inp', inp);
  engine.open('city.inp', 'city.rpt', 'city.bin');
  engine.setStatusReport(0);
  removeControls(engine);
  engine.openH();
  engine.initH(freshFlows);
  return engine;
}
